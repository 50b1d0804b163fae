const MINUTE_MS = 60_000;
/** An hour, and the minute that is under way: what is counted in its first second may not be forgotten too early. */
const MINUTES = 61;

/** Counts events of the last hour, by the minute. Moments are milliseconds on a clock that never goes back. */
export class HourlyCount {
  readonly #counts = new Uint32Array(MINUTES);
  #minute = 0;
  #sum = 0;

  /** Counts so many events of a moment; fewer than 0 take back those of an earlier call, unless they are forgotten. */
  add(at: number, events: number): void {
    const minute = Math.floor(at / MINUTE_MS);
    this.#moveTo(minute);
    if (minute <= this.#minute - MINUTES) return;
    const index = minute % MINUTES;
    this.#counts[index] = (this.#counts[index] ?? 0) + events;
    this.#sum += events;
  }

  sum(now: number): number {
    this.#moveTo(Math.floor(now / MINUTE_MS));
    return this.#sum;
  }

  /** How long until some events are forgotten, in milliseconds. */
  msUntilLess(now: number): number {
    this.#moveTo(Math.floor(now / MINUTE_MS));
    for (let minute = this.#minute - MINUTES + 1; minute <= this.#minute; minute++)
      if (minute >= 0 && this.#counts[minute % MINUTES] !== 0) return (minute + MINUTES) * MINUTE_MS - now;
    return 0;
  }

  #moveTo(minute: number): void {
    const from = Math.max(this.#minute + 1, minute - MINUTES + 1);
    for (let passed = from; passed <= minute; passed++) {
      this.#sum -= this.#counts[passed % MINUTES] ?? 0;
      this.#counts[passed % MINUTES] = 0;
    }
    this.#minute = Math.max(this.#minute, minute);
  }
}
