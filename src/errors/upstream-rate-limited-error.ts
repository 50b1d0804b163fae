import { GatewayError } from './gateway-error.ts';

/** The vendor answers 429, or its status -15 "frequent query". */
export class UpstreamRateLimitedError extends GatewayError {
  readonly code = 'UPSTREAM_RATE_LIMITED';
  override readonly retryable = true;
  override readonly retryAfterMs: number;
  /** False where the vendor named no time, so that `retryAfterMs` is a guess and no reason to ask again. Defaults to true. */
  readonly isWaitKnown: boolean;

  constructor(retryAfterMs: number, options?: { readonly isWaitKnown?: boolean }) {
    super('The voice API limits how often it may be asked.');
    this.retryAfterMs = retryAfterMs;
    this.isWaitKnown = options?.isWaitKnown ?? true;
  }
}
