import { UpstreamRateLimitedError } from '../errors/upstream-errors.ts';
import { type Call, MAX_JITTER_MS, MIN_ATTEMPT_MS } from './call.ts';
import type { Sleep } from './sleep.ts';

/**
 * Keeps all calls back while the vendor's rate limit asks for it, and then lets each go at a moment of its own. A call
 * that can wait does, also when the vendor asks for more time meanwhile; one whose deadline is nearer fails at once, and
 * the vendor does not hear of it.
 */
export function createHoldingCall(
  next: Call,
  dependencies: { readonly now: () => number; readonly random: () => number; readonly sleep: Sleep },
): Call {
  const { now, random, sleep } = dependencies;
  let heldUntil = 0;
  return async function call(endpoint, request, options) {
    for (let holdMs = heldUntil - now(); holdMs > 0; holdMs = heldUntil - now()) {
      const waitMs = holdMs + random() * MAX_JITTER_MS;
      if (now() + waitMs + MIN_ATTEMPT_MS > options.deadlineAt)
        throw new UpstreamRateLimitedError(Math.ceil(holdMs));
      await sleep(waitMs, options.signal);
    }
    try {
      return await next(endpoint, request, options);
    } catch (error) {
      if (error instanceof UpstreamRateLimitedError && error.isWaitKnown)
        heldUntil = Math.max(heldUntil, now() + error.retryAfterMs);
      throw error;
    }
  };
}
