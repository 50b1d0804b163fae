import type { Clock } from '../domain/clock.ts';
import {
  UpstreamBadResponseError,
  UpstreamRateLimitedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../errors/upstream-errors.ts';
import { type Layer, MAX_JITTER_MS, MIN_ATTEMPT_MS, type Sleep } from './call.ts';

/** Retries earned by one call: in the long run at most 15 % of calls are retried. */
const RETRIES_PER_CALL = 0.15;

/** Most retries that can be saved up, and what there is at the start. */
const MAX_SAVED_RETRIES = 20;

/**
 * Repeats a call once if its failure may pass, the call may be sent twice, time is left, and retries are still a small share
 * of all calls: an outage must not be made worse by retries.
 */
export function createRetry(
  next: Layer,
  dependencies: { readonly clock: Clock; readonly random: () => number; readonly sleep: Sleep },
): Layer {
  const { clock, random, sleep } = dependencies;
  let retriesLeft = MAX_SAVED_RETRIES;

  return async function retry(call) {
    retriesLeft = Math.min(MAX_SAVED_RETRIES, retriesLeft + RETRIES_PER_CALL);
    try {
      return await next(call);
    } catch (error) {
      const leastWaitMs = planRetry(error);
      if (leastWaitMs === undefined || !call.endpoint.isRepeatable || retriesLeft < 1) throw error;
      const waitMs = leastWaitMs + random() * MAX_JITTER_MS;
      if (clock.monotonicNow() + waitMs + MIN_ATTEMPT_MS > call.deadlineAt) throw error;
      retriesLeft -= 1;
      await sleep(waitMs, call.signal);
    }
    return next(call);
  };
}

/**
 * Decides from an error alone whether the same call may be sent once more.
 * @returns the least wait before it, in milliseconds, or undefined when it must not be sent.
 */
export function planRetry(error: unknown): number | undefined {
  if (error instanceof UpstreamTimeoutError) return 0;
  if (error instanceof UpstreamUnavailableError) return error.retryAfterMs ?? 0;
  if (error instanceof UpstreamRateLimitedError) return error.isWaitKnown ? error.retryAfterMs : undefined;
  if (error instanceof UpstreamBadResponseError) return error.mayPass ? 0 : undefined;
  // Intentionally not retried: what the vendor refuses, what only an operator can fix, an open breaker, a used-up
  // deadline, an abort.
  return undefined;
}
