import { GatewayError } from './gateway-error.ts';

/** The client has left before its answer was there. Nobody reads this but the log. */
export class ClientGoneError extends GatewayError {
  readonly code = 'CLIENT_GONE';

  constructor() {
    super('The client is gone.');
  }
}
