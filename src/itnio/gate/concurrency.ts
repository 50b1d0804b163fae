import type { VendorPace } from '../sip-page.ts';

export interface ConcurrencyBounds {
  /** Calls that may be under way at a time in any case. */
  readonly least: number;
  /** The same while nothing else is known, and at the most. */
  readonly most: number;
}

/** A measurement takes so many ended calls at least, and so long, in milliseconds. */
const LEAST_ENDS = 20;
const LEAST_MS = 250;

/** Half the calls are as good as all when the rate stays so far the same; twice the calls are better when it grows so far. */
const SAME = 0.93;
const MORE = 1.1;

/** How long a limit stays that has proved right, in times of the trial; twice as long when it proves right again. */
const LEAST_REST = 2;
const MOST_REST = 16;

/**
 * So much of its work the vendor has with it in any case, in milliseconds: what our own event loop may take until an answer is
 * read and the next call is out. It is too little to be a queue.
 */
const IN_HAND_MS = 40;

/** After so long without calls that wait, whatever was measured is forgotten, in milliseconds. */
const CALM_MS = 5_000;

/** A limit that is tried: it goes back to `from` unless the rate compares well with `rate`. */
interface Trial {
  readonly from: number;
  readonly rate: number;
  readonly since: number;
}

/**
 * How many calls may be under way at the vendor: as few as bring as many answers. More would wait in a queue of the
 * vendor's own, where nobody goes before the others. While more calls are wanted than are let out, it measures how many
 * answers come in a second, tries half the limit, or twice, and keeps what is better. While all calls find a place,
 * nothing is measured, and the limit goes back to the most.
 * Without clocks: times are milliseconds on a clock that does not jump.
 */
export class ConcurrencyLimit {
  readonly #bounds: ConcurrencyBounds;
  #limit: number;
  #trial: Trial | undefined;
  #triesLess = true;
  #rest = LEAST_REST;
  #nextTrialAt = Number.NEGATIVE_INFINITY;
  /** Answers a second as they were measured last; undefined where calls have all found a place since. */
  #rate: number | undefined;
  #wantedAt = Number.NEGATIVE_INFINITY;
  /** Calls whose end says nothing yet: they were sent under another limit. */
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

  /** What the vendor gives at its best; undefined unless calls have had to wait of late. */
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
      // Not against the last one alone: many small losses in a row would be a large one.
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

  /** A measurement is worth nothing where a place was free meanwhile. */
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
