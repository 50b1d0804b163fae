import { GatewayError } from './gateway-error.ts';

/** A document whose fields would take too long to compare with each other. Thrown before anything is executed. */
export class ValidationAbortedError extends GatewayError {
  readonly code = 'QUERY_TOO_COMPLEX';

  constructor() {
    super('The document repeats fields too often to be checked in time.');
  }
}
