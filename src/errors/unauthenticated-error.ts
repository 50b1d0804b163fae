import { GatewayError } from './gateway-error.ts';

/** No caller, or one that is not known. Thrown before anything is executed; presented as HTTP 401. */
export class UnauthenticatedError extends GatewayError {
  readonly code = 'UNAUTHENTICATED';

  constructor(options?: ErrorOptions) {
    super('This gateway needs a valid bearer token.', options);
  }
}
