import { GatewayError } from './gateway-error.ts';

/** The vendor could not be reached, broke off, or said that it has a fault of its own. */
export class UpstreamUnavailableError extends GatewayError {
  readonly code = 'UPSTREAM_UNAVAILABLE';
  override readonly retryable = true;

  constructor(options?: ErrorOptions) {
    super('The voice API is not available at the moment.', options);
  }
}
