import {
  UpstreamBadResponseError,
  UpstreamRateLimitedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../errors/upstream-errors.ts';

/**
 * Decides from an error alone whether the same call may be sent once more.
 * @returns the least wait before it, in milliseconds, or undefined when it must not be sent.
 */
export function planRetry(error: unknown): number | undefined {
  if (error instanceof UpstreamTimeoutError) return 0;
  if (error instanceof UpstreamUnavailableError) return error.retryAfterMs ?? 0;
  if (error instanceof UpstreamRateLimitedError) return error.isWaitKnown ? error.retryAfterMs : undefined;
  if (error instanceof UpstreamBadResponseError) return error.mayPass ? 0 : undefined;
  // Intentionally not retried: what the vendor refuses, what only an operator can mend, a used-up deadline, an abort.
  return undefined;
}
