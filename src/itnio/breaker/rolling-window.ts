const SECONDS = 10;
const MIN_CALLS = 20;

/** Counts the calls of the last ten seconds, and how many of them failed. */
export class RollingWindow {
  readonly #calls = new Uint32Array(SECONDS);
  readonly #failures = new Uint32Array(SECONDS);
  #second = 0;

  /** @param nowMs on a clock that does not jump. */
  add(nowMs: number, hasFailed: boolean): void {
    this.#moveTo(nowMs);
    const place = this.#second % SECONDS;
    this.#calls[place] = (this.#calls[place] ?? 0) + 1;
    if (hasFailed) this.#failures[place] = (this.#failures[place] ?? 0) + 1;
  }

  /** Whether there were at least 20 calls: fewer say nothing. */
  hasEnough(nowMs: number): boolean {
    this.#moveTo(nowMs);
    return sum(this.#calls) >= MIN_CALLS;
  }

  /** Whether there were enough calls, and at least half of them failed. */
  hasTripped(nowMs: number): boolean {
    return this.hasEnough(nowMs) && 2 * sum(this.#failures) >= sum(this.#calls);
  }

  clear(): void {
    this.#calls.fill(0);
    this.#failures.fill(0);
  }

  #moveTo(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    for (let step = Math.min(second - this.#second, SECONDS); step > 0; step -= 1) {
      const place = (second - step + 1) % SECONDS;
      this.#calls[place] = 0;
      this.#failures[place] = 0;
    }
    this.#second = second;
  }
}

function sum(counts: Uint32Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

/** Knows whether what happened in the last ten seconds happened to one app or to several. */
export class Spread {
  #appId: string | undefined;
  #at = Number.NEGATIVE_INFINITY;
  /** When it last happened to an app other than the latest one. */
  #otherAt = Number.NEGATIVE_INFINITY;

  note(nowMs: number, appId: string): void {
    if (appId !== this.#appId) this.#otherAt = this.#at;
    this.#appId = appId;
    this.#at = nowMs;
  }

  hasSeveral(nowMs: number): boolean {
    return nowMs - this.#otherAt < SECONDS * 1000;
  }

  clear(): void {
    this.#appId = undefined;
    this.#at = Number.NEGATIVE_INFINITY;
    this.#otherAt = Number.NEGATIVE_INFINITY;
  }
}
