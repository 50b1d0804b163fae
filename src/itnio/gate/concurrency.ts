import type { VendorPace } from '../sip-page.ts';

export interface ConcurrencyBounds {
  /** The lowest limit. */
  readonly least: number;
  /** The highest limit, and the one while nothing is measured. */
  readonly most: number;
}

/** A measurement needs so many ended calls, and so many milliseconds. */
const LEAST_ENDS = 20;
const LEAST_MS = 250;

/** Half the limit is kept if the rate stays above this part of what it was; twice the limit, if it grows by this factor. */
const SAME = 0.93;
const MORE = 1.1;

/** After a trial that failed, the next one waits for so many times its duration: at first, and at most. It doubles each time. */
const LEAST_REST = 2;
const MOST_REST = 16;

/**
 * The limit stays above what the vendor answers in this time, in milliseconds: so long our event loop may need to read an
 * answer and send the next call. So few calls are no queue at the vendor.
 */
const IN_HAND_MS = 40;

/** Measurements are forgotten after so long without waiting calls, in milliseconds. */
const CALM_MS = 5_000;

/** A limit that is tried: it goes back to `from` unless the rate compares well with `rate`. */
interface Trial {
  readonly from: number;
  readonly rate: number;
  readonly since: number;
}

/**
 * Finds how many calls to have under way at the vendor: the fewest that bring the most answers. More would only wait in a
 * queue at the vendor, which is not fair to callers. While calls wait, it measures the answers per second, tries half or
 * twice the limit, and keeps what is better. While none wait, nothing is measured, and the limit returns to the highest.
 * Without clocks: times are milliseconds on a clock that does not jump.
 */
export class ConcurrencyLimit {
  readonly #bounds: ConcurrencyBounds;
  #limit: number;
  #trial: Trial | undefined;
  #triesLess = true;
  #rest = LEAST_REST;
  #nextTrialAt = Number.NEGATIVE_INFINITY;
  /** Answers per second when last measured; undefined if no call had to wait since. */
  #rate: number | undefined;
  #wantedAt = Number.NEGATIVE_INFINITY;
  /** Calls still to be ignored, because they were sent under another limit. */
  #toSkip = 0;
  #since: number | undefined;
  #ends = 0;
  #answers = 0;

  constructor(bounds: ConcurrencyBounds) {
    this.#bounds = bounds;
    this.#limit = bounds.most;
  }

  /** Calls that may be under way at a time. */
  get limit(): number {
    return this.#limit;
  }

  /** The vendor's best pace; undefined unless calls had to wait in the last seconds. */
  findPace(now: number): Pick<VendorPace, 'callsAtATime' | 'callsPerSecond'> | undefined {
    if (this.#rate === undefined || now - this.#wantedAt > CALM_MS) return undefined;
    return { callsAtATime: this.#limit, callsPerSecond: this.#rate };
  }

  /**
   * Notes that a call has ended.
   * @param isAnswered whether it has brought what was asked for.
   * @param underWay how many others are under way.
   * @param isWanted whether others wait for its place.
   */
  noteEnd(now: number, isAnswered: boolean, underWay: number, isWanted: boolean): void {
    if (now - this.#wantedAt > CALM_MS) this.#forget();
    if (!isWanted) {
      this.#interrupt();
      return;
    }
    this.#wantedAt = now;
    if (underWay >= this.#limit) return;
    if (this.#toSkip > 0) {
      this.#toSkip -= 1;
      return;
    }
    if (this.#since === undefined) {
      this.#since = now;
      return;
    }
    this.#ends += 1;
    if (isAnswered) this.#answers += 1;
    const ms = now - this.#since;
    if (this.#ends >= LEAST_ENDS && ms >= LEAST_MS) this.#judge(now, (this.#answers / ms) * 1000);
  }

  /** Decides by what was measured, and begins to measure anew. */
  #judge(now: number, rate: number): void {
    this.#measureAgain(0);
    const trial = this.#trial;
    if (trial === undefined) {
      this.#rate = rate;
      if (now >= this.#nextTrialAt) this.#tryNext(now, rate);
      return;
    }
    if (rate >= trial.rate * (this.#triesLess ? SAME : MORE)) {
      this.#rate = rate;
      this.#rest = LEAST_REST;
      // The mean of both, not the last alone: many small losses in a row would add up.
      this.#tryNext(now, (rate + trial.rate) / 2);
    } else {
      this.#setLimit(trial.from);
      this.#endTrial();
      this.#nextTrialAt = now + this.#rest * (now - trial.since);
      this.#rest = Math.min(MOST_REST, this.#rest * 2);
    }
  }

  /** Tries the next limit in the same direction; in the other one where there is none. */
  #tryNext(now: number, rate: number): void {
    const next = this.#nextLimit(rate);
    if (next === this.#limit) {
      this.#endTrial();
      return;
    }
    this.#trial = { from: this.#limit, rate, since: now };
    this.#setLimit(next);
  }

  #nextLimit(rate: number): number {
    const { least, most } = this.#bounds;
    if (!this.#triesLess) return Math.min(most, this.#limit * 2);
    const inHand = Math.ceil((rate * IN_HAND_MS) / 1000);
    return Math.min(this.#limit, Math.max(least, inHand, Math.ceil(this.#limit / 2)));
  }

  #endTrial(): void {
    this.#trial = undefined;
    this.#triesLess = !this.#triesLess;
  }

  #setLimit(limit: number): void {
    this.#limit = limit;
    this.#measureAgain(limit);
  }

  #measureAgain(toSkip: number): void {
    this.#toSkip = toSkip;
    this.#since = undefined;
    this.#ends = 0;
    this.#answers = 0;
  }

  /** A measurement during which a slot was free is worth nothing. */
  #interrupt(): void {
    if (this.#trial !== undefined) this.#setLimit(this.#trial.from);
    else this.#measureAgain(0);
    this.#trial = undefined;
  }

  #forget(): void {
    this.#interrupt();
    this.#limit = this.#bounds.most;
    this.#rate = undefined;
    this.#triesLess = true;
    this.#rest = LEAST_REST;
    this.#nextTrialAt = Number.NEGATIVE_INFINITY;
  }
}
