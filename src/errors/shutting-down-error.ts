import { GatewayError } from './gateway-error.ts';

/** The process is draining. Presented as HTTP 503. */
export class ShuttingDownError extends GatewayError {
  readonly code = 'SHUTTING_DOWN';
  override readonly retryable = true;

  constructor(options?: ErrorOptions) {
    super('The gateway is shutting down. Try again.', options);
  }
}
