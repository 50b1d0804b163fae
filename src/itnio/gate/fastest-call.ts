import { MIN_ATTEMPT_MS } from '../call.ts';

/** How long the fastest call is remembered, in milliseconds: at least this, at most twice as long. */
const MEMORY_MS = 10_000;

/** Remembers the fastest call of the last seconds. Times are milliseconds on a monotonic clock. */
export class FastestCall {
  #since = Number.NEGATIVE_INFINITY;
  #ms = Number.POSITIVE_INFINITY;
  /** In the time before `since`. */
  #beforeMs = Number.POSITIVE_INFINITY;

  learn(now: number, durationMs: number): void {
    if (now - this.#since > MEMORY_MS) {
      this.#beforeMs = now - this.#since > 2 * MEMORY_MS ? Number.POSITIVE_INFINITY : this.#ms;
      this.#ms = Number.POSITIVE_INFINITY;
      this.#since = now;
    }
    this.#ms = Math.min(this.#ms, durationMs);
  }

  /** A call with less time left than this, in milliseconds, cannot end in time. */
  leastMs(now: number): number {
    const isKnown = now - this.#since <= 2 * MEMORY_MS;
    const bestMs = Math.min(this.#ms, this.#beforeMs);
    return isKnown && Number.isFinite(bestMs) ? Math.max(bestMs, MIN_ATTEMPT_MS) : MIN_ATTEMPT_MS;
  }
}
