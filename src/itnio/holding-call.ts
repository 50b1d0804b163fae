import { UpstreamRateLimitedError } from '../errors/upstream-rate-limited-error.ts';
import { type Call, MIN_ATTEMPT_MS } from './call.ts';
import type { Sleep } from './sleep.ts';

/**
 * Keeps all calls back while the vendor's rate limit asks for it. A call that can wait does; one whose deadline is
 * nearer fails at once, and the vendor does not hear of it.
 */
export function createHoldingCall(next: Call, dependencies: { readonly sleep: Sleep }): Call {
  const { sleep } = dependencies;
  /** On the clock of `performance.now()`. */
  let heldUntil = 0;
  return async function call(endpoint, request, options) {
    const holdMs = heldUntil - performance.now();
    if (holdMs > 0) {
      if (heldUntil + MIN_ATTEMPT_MS > options.deadlineAt)
        throw new UpstreamRateLimitedError(Math.ceil(holdMs));
      await sleep(holdMs, options.signal);
    }
    try {
      return await next(endpoint, request, options);
    } catch (error) {
      if (error instanceof UpstreamRateLimitedError && error.isWaitKnown)
        heldUntil = Math.max(heldUntil, performance.now() + error.retryAfterMs);
      throw error;
    }
  };
}
