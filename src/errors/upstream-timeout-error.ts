import { GatewayError } from './gateway-error.ts';

/** The vendor did not finish its answer in time. */
export class UpstreamTimeoutError extends GatewayError {
  readonly code = 'UPSTREAM_TIMEOUT';
  override readonly retryable = true;

  constructor(options?: ErrorOptions) {
    super('The voice API did not answer in time.', options);
  }
}
