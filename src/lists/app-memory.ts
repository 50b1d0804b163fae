import { LRUCache } from 'lru-cache';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import type { Phone } from '../domain/phone.ts';
import type { UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import { type KnownPosition, LastKnownPositions } from '../paging/last-known-positions.ts';
import type { PageNumber } from '../paging/plan.ts';
import type { Run } from '../paging/run.ts';
import { Anomalies, type Anomaly } from './anomalies.ts';

/** Positions remembered over all apps, 12 bytes each. The apps that were not read for longest go first, whole. */
const MAX_POSITIONS = 2 ** 21;
/** What an app counts for at least, in positions: no more than 10,000 apps fit. */
const MIN_POSITIONS_OF_AN_APP = 210;
/** How long a list that could not be proved, or is too long, is not read through again, in milliseconds. */
export const UNPROVED_LIFETIME_MS = 60_000;

/** The count of a list's changes starts again at 0 after so many. */
const MOMENTS = 2 ** 18 - 1;
/** In the place of a count: the position is rough, and no move is concluded from it. */
const NO_MOMENT = MOMENTS;

/** What is remembered of all apps, beyond the rows. */
export interface AppMemories {
  forApp(appId: string): AppMemory;
}

/** A row that two pages show in different places, though nothing else shows that the list has changed. */
export interface MovedRow {
  readonly account: string;
  /** Where it stands by the later page. */
  readonly position: number;
  readonly total: number;
  /** The page that showed it elsewhere, and where. */
  readonly seenOn: KnownPosition;
}

/** What is remembered of one app's list, however long ago: where to look first, never an answer. */
export interface AppMemory {
  /** Takes note of a page and of its total. @returns the first row that has changed its place unexplained. */
  learn(run: Run<Phone>, page: PageNumber): MovedRow | undefined;
  /** Takes note of rows that stand at about these positions, where nothing better is known. */
  learnRoughly(lo: number, rows: readonly Phone[], page: PageNumber): void;
  learnTotal(total: number): void;
  getTotal(): number | undefined;
  getPosition(account: string): number | undefined;
  /** A page that shows an account where it was last seen, and ends elsewhere than the one that has shown it there. */
  findOtherPage(account: string, largestPageSize: number): PageNumber | undefined;
  /** Forgets a position at which the account was not. */
  forget(account: string): void;
  /** Takes note that the list has moved though its total is the same: positions known so far are of another moment. */
  noticeMove(): void;
  /** Where a scan of the list that did not get through has stopped; 0 when there was none. */
  scanStart: number;
  /** Takes note that the list was read through and could not be proved. */
  noticeUnproved(error: UpstreamInconsistentError): void;
  /** Why it could not, in the last minute. */
  findUnproved(): UpstreamInconsistentError | undefined;
  /** Counts an anomaly; the first of an app in a minute is logged, with the counts. */
  notice(anomaly: Anomaly): void;
  /** Whether rows have changed places in the last 10 minutes. */
  isDisordered(): boolean;
}

export function createAppMemories(log: Log, clock: Pick<Clock, 'monotonicNow'>): AppMemories {
  const apps = new LRUCache<string, Memory>({
    maxSize: MAX_POSITIONS,
    sizeCalculation: ({ size }) => Math.max(size, MIN_POSITIONS_OF_AN_APP),
  });
  return {
    forApp(appId) {
      const known = apps.get(appId);
      if (known !== undefined) return known;
      const memory = new Memory(appId, log, clock.monotonicNow, () => apps.set(appId, memory));
      apps.set(appId, memory);
      return memory;
    },
  };
}

interface KnownRows {
  readonly lo: number;
  readonly moment: number;
  readonly corrections: number;
}

class Memory implements AppMemory {
  scanStart = 0;
  /** Slots that its positions had when it was last weighed. */
  size = 1;
  readonly #anomalies: Anomalies;
  readonly #now: () => number;
  readonly #onGrowth: () => void;
  readonly #positions = new LastKnownPositions();
  #total: number | undefined;
  /** Counts the changes of the list that were noticed. */
  #moment = 0;
  /** Counts the positions that were learnt or corrected. */
  #corrections = 0;
  /** Rows that were learnt before, and the counts of then: while those are the same, the rows teach nothing new. */
  readonly #known = new WeakMap<readonly Phone[], KnownRows>();
  #unproved: { readonly error: UpstreamInconsistentError; readonly until: number } | undefined;

  constructor(appId: string, log: Log, now: () => number, onGrowth: () => void) {
    this.#anomalies = new Anomalies(appId, log, now);
    this.#now = now;
    this.#onGrowth = onGrowth;
  }

  learn({ lo, rows, total }: Run<Phone>, { size }: PageNumber): MovedRow | undefined {
    this.learnTotal(total);
    const moment = this.#moment;
    if (this.#isKnown(rows, lo)) return undefined;
    let moved: MovedRow | undefined;
    let previous: KnownPosition | undefined;
    let position = lo;
    for (const { account } of rows) {
      const known = this.#positions.find(account);
      const isMoved =
        known !== undefined &&
        known.moment !== NO_MOMENT &&
        (known.moment === moment
          ? known.position !== position
          : previous?.moment === known.moment && previous.position > known.position);
      if (isMoved) moved ??= { account, position, total, seenOn: known };
      if (known?.moment !== moment || known.position !== position) this.#corrections++;
      this.#positions.learn(account, lo, position - lo, size, moment);
      previous = known;
      position++;
    }
    if (moved === undefined && Object.isFrozen(rows))
      this.#known.set(rows, { lo, moment, corrections: this.#corrections });
    this.#weigh();
    return moved;
  }

  learnRoughly(lo: number, rows: readonly Phone[], { size }: PageNumber): void {
    for (const [index, { account }] of rows.entries()) {
      if (this.#positions.find(account) !== undefined) continue;
      this.#corrections++;
      this.#positions.learn(account, lo, index, size, NO_MOMENT);
    }
    this.#weigh();
  }

  #weigh(): void {
    if (this.#positions.capacity === this.size) return;
    this.size = this.#positions.capacity;
    this.#onGrowth();
  }

  /** Whether these rows were read at this place, and nothing has been learnt since that says otherwise. */
  #isKnown(rows: readonly Phone[], lo: number): boolean {
    if (!Object.isFrozen(rows)) return false;
    const known = this.#known.get(rows);
    return known?.lo === lo && known.moment === this.#moment && known.corrections === this.#corrections;
  }

  learnTotal(total: number): void {
    if (total !== this.#total) this.noticeMove();
    this.#total = total;
  }

  getTotal(): number | undefined {
    return this.#total;
  }

  getPosition(account: string): number | undefined {
    return this.#positions.find(account)?.position;
  }

  findOtherPage(account: string, largestPageSize: number): PageNumber | undefined {
    const known = this.#positions.find(account);
    if (known === undefined) return undefined;
    for (let size = largestPageSize; size > 0; size--) {
      const current = Math.floor(known.position / size) + 1;
      if (current * size !== known.current * known.size) return { current, size };
    }
    return undefined;
  }

  forget(account: string): void {
    this.#corrections++;
    this.#positions.forget(account);
  }

  noticeMove(): void {
    this.#moment = (this.#moment + 1) % MOMENTS;
  }

  noticeUnproved(error: UpstreamInconsistentError): void {
    this.#unproved = { error, until: this.#now() + UNPROVED_LIFETIME_MS };
  }

  findUnproved(): UpstreamInconsistentError | undefined {
    if (this.#unproved === undefined) return undefined;
    const { error, until } = this.#unproved;
    if (until > this.#now()) return error.retryIn(until - this.#now());
    this.#unproved = undefined;
    return undefined;
  }

  notice(anomaly: Anomaly): void {
    this.#anomalies.notice(anomaly);
  }

  isDisordered(): boolean {
    return this.#anomalies.isDisordered();
  }
}
