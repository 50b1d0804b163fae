import { LRUCache } from 'lru-cache';
import type { Caller } from '../domain/caller.ts';
import type { CallAllowance } from '../domain/requester.ts';
import { RateLimitedError } from '../errors/request-errors.ts';

/** What each caller may still call. */
export interface CallAllowances {
  /** Undefined for a caller without a limit. All callers without a token share one allowance. */
  find(caller: Caller): CallAllowance | undefined;
}

/** Allowances that are kept at a time. The one that was not used for longest is dropped: it is full again. */
const MAX_CALLERS = 10_000;

const MINUTE_MS = 60_000;

/** Vendor calls a minute for callers whose entry does not say; undefined for any number. */
interface CallLimits {
  /** For each caller with a token. */
  readonly callerCallsPerMinute: number | undefined;
  /** For all without one together. */
  readonly anonymousCallsPerMinute: number | undefined;
}

/**
 * A token bucket for each caller with a limit: it holds the calls of one minute, and refills evenly.
 * @param limits what holds at the moment.
 * @param now milliseconds on a clock that does not jump.
 */
export function createCallAllowances(limits: () => CallLimits, now: () => number): CallAllowances {
  const allowances = new LRUCache<string, { callsPerMinute: number; allowance: CallAllowance }>({
    max: MAX_CALLERS,
  });
  return {
    find({ name, known, callsPerMinute: own }) {
      const { callerCallsPerMinute, anonymousCallsPerMinute } = limits();
      const callsPerMinute = own ?? (known ? callerCallsPerMinute : anonymousCallsPerMinute);
      if (callsPerMinute === undefined) return undefined;
      const kept = allowances.get(name);
      if (kept?.callsPerMinute === callsPerMinute) return kept.allowance;
      const allowance = createAllowance(callsPerMinute, now);
      allowances.set(name, { callsPerMinute, allowance });
      return allowance;
    },
  };
}

function createAllowance(callsPerMinute: number, now: () => number): CallAllowance {
  const msPerCall = MINUTE_MS / callsPerMinute;
  /** When the allowance is full again. Each call that is taken puts it off. */
  let wholeAt = Number.NEGATIVE_INFINITY;

  /** When the next call may be made. */
  const nextAt = () => wholeAt + msPerCall - MINUTE_MS;
  const add = (ms: number) => {
    wholeAt = Math.max(wholeAt, now()) + ms;
  };
  const assertLeft = () => {
    const waitMs = nextAt() - now();
    // A call that has come back but for a rounding error has come back.
    if (waitMs > 1e-3) throw new RateLimitedError('Calls to the voice API', Math.ceil(waitMs));
  };

  return {
    assertLeft,
    take() {
      assertLeft();
      add(msPerCall);
    },
    owe: () => add(msPerCall),
    giveBack: () => add(-msPerCall),
  };
}
