import { GatewayError } from './gateway-error.ts';

/** The time for one request is used up. */
export class DeadlineExceededError extends GatewayError {
  readonly code = 'DEADLINE_EXCEEDED';
  override readonly retryable = true;

  constructor(options?: ErrorOptions) {
    super('The request took longer than its deadline allows. Trying again may get further.', options);
  }
}
