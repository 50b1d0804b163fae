import { LRUCache } from 'lru-cache';
import type { AttemptReport, VendorObserver } from '../itnio/events.ts';

/** Counts, for each request, the attempts at the vendor that failed: where the answer shows no error, a retry succeeded. */
export interface FailedAttempts extends VendorObserver {
  /** How many there were of a request that has ended, or undefined when there was none. */
  take(requestId: string): number | undefined;
}

/** Requests under way that have met a failure. */
const MAX_REQUESTS = 1_000;

/** Neither is a failure: `ABORTED` means that nobody waited any more. */
const NO_FAILURE: ReadonlySet<AttemptReport['outcome']> = new Set(['OK', 'ABORTED']);

export function createFailedAttempts(): FailedAttempts {
  const counts = new LRUCache<string, number>({ max: MAX_REQUESTS });
  return {
    onAttempt({ outcome, requestId }) {
      if (!NO_FAILURE.has(outcome)) counts.set(requestId, (counts.get(requestId) ?? 0) + 1);
    },
    onChange: () => undefined,
    take(requestId) {
      if (counts.size === 0) return undefined;
      const count = counts.get(requestId);
      counts.delete(requestId);
      return count;
    },
  };
}
