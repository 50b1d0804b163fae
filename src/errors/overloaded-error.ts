import { GatewayError } from './gateway-error.ts';

/** The gateway itself has no room. Presented as HTTP 503 with Retry-After. */
export class OverloadedError extends GatewayError {
  readonly code = 'OVERLOADED';
  override readonly retryable = true;

  constructor(options?: ErrorOptions) {
    super('The gateway has more requests than it can answer. Try again in a moment.', options);
  }
}
