import { GatewayError } from './gateway-error.ts';

/** A request body over the limit. The rest of it is not read, so the connection ends with the answer. */
export class RequestTooLargeError extends GatewayError {
  readonly code = 'REQUEST_ENTITY_TOO_LARGE';

  constructor(maxBodyBytes: number) {
    super(`A request body may have up to ${maxBodyBytes} bytes.`);
  }
}
