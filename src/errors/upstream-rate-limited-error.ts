import { GatewayError } from './gateway-error.ts';

/** The vendor answers 429, or its status -15 "frequent query". */
export class UpstreamRateLimitedError extends GatewayError {
  readonly code = 'UPSTREAM_RATE_LIMITED';
  override readonly retryable = true;
  override readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super('The voice API limits how often it may be asked.');
    this.retryAfterMs = retryAfterMs;
  }
}
