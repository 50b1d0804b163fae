import DataLoader from 'dataloader';
import type { RequestBounds } from '../domain/requester.ts';
import { QueryTooExpensiveError } from '../errors/request-errors.ts';
import { UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import { type PageNumber, planPages, type Range, type ReadAhead } from '../paging/plan.ts';
import { emptyRunAtEnd } from '../paging/run.ts';
import type { Anomalies } from './anomalies.ts';
import type { AppMemory } from './app-memory.ts';
import type { LargestPageSize } from './largest-page-size.ts';
import type { PageSource } from './page-source.ts';
import type { PasswordsRead } from './passwords-read.ts';
import type { RequestCost } from './request-cost.ts';
import { createRequestRows, type RequestRows } from './request-rows.ts';
import type { PhoneRun, RowCache } from './row-cache.ts';
import type { Semaphore } from './semaphore.ts';

/** Rounds of calls that one read may take: the plan, two repairs of a seam, the whole anew, and two to spare. */
const MAX_ROUNDS = 6;
/** Rows of overlap with which a failed seam is read again, one after the other. */
const REPAIR_OVERLAPS = [30, 60] as const;

export interface ReadOptions {
  /** Reads from the vendor whatever is kept: only rows that this request has read itself do count. */
  readonly isFresh?: boolean;
  /** Where a page goes on beyond what was asked. Defaults to {@link ListReader.readAheadTowards} forward. */
  readonly readAhead?: ReadAhead;
}

/** One request's view of one app's list. All that is read in one tick is planned together. */
export interface ListReader {
  /**
   * A run that holds all of `[lo, hi)` that the list has, glued and verified; often more. Where the list ends before
   * `lo`, a run without rows that stands at its end.
   */
  read(lo: number, hi: number, options?: ReadOptions): Promise<PhoneRun>;
  /** Rows in the list. Should a call be made for that alone, it reads `expected` rows along. */
  count(expected: number): Promise<number>;
  /**
   * The calls that reading these ranges would take now, with what is in hand; where that is more than the request may
   * make, the first of them and one too many.
   */
  planCalls(ranges: readonly Range[], total: number, options?: ReadOptions): readonly PageNumber[];
  /** Calls that this request may still make. */
  countAffordable(): number;
  /** @throws {QueryTooExpensiveError} when it may not make so many. */
  assertAffordable(calls: number): void;
  /** What a client that heads this way is read along: nothing where rows are kept for nobody. */
  readAheadTowards(direction: 'forward' | 'backward'): ReadAhead;
  /** Forgets what this request has read of the list, since it is of different moments. */
  startAnew(): void;
  /** Takes note that the list has no order that holds, and makes the error that says so. */
  noticeDisorder(): UpstreamInconsistentError;
  /** Takes note that an anchor had moved; `isTotalSame` says that the total does not explain it. */
  noticeMove(isTotalSame: boolean): void;
  readonly inHand: RequestRows;
  readonly memory: AppMemory;
  readonly passwords: PasswordsRead;
  readonly cost: RequestCost;
}

export interface ListReaderOptions {
  readonly appId: string;
  readonly bounds: RequestBounds;
  /** When the request was opened: a fresh read takes no call that was started before. */
  readonly openedAt: number;
  readonly pages: PageSource;
  readonly store: RowCache;
  readonly memory: AppMemory;
  readonly passwords: PasswordsRead;
  readonly anomalies: Anomalies;
  readonly largestPageSize: LargestPageSize;
  readonly semaphore: Semaphore;
  readonly cost: RequestCost;
  /** Calls that the request may make, over all its apps. */
  readonly callBudget: number;
  /** False where rows are kept for nobody: pages are then no larger than they must be. */
  readonly readsAhead: boolean;
}

/** A range to be read, or the count. */
type Ask =
  | { readonly kind: 'range'; readonly lo: number; readonly hi: number; readonly options: ReadOptions }
  | { readonly kind: 'count'; readonly expected: number };

/** An ask on its way to its answer. */
interface Pending {
  readonly ask: Ask;
  answer: PhoneRun | Error | undefined;
  /** Seams of it that have failed so far. */
  failedSeams: number;
  /** Rows to be read once more, where a seam has failed. */
  repair: Range | undefined;
}

export function createListReader(options: ListReaderOptions): ListReader {
  const { appId, bounds, pages, store, memory, passwords, anomalies, largestPageSize, semaphore, cost } =
    options;
  const { openedAt, callBudget, readsAhead } = options;
  const inHand = createRequestRows(appId, store, (isTotalSame) => {
    cost.driftRepairs++;
    if (isTotalSame) anomalies.notice(appId, 'seam-moved');
  });

  const loader = new DataLoader<Ask, PhoneRun>(answerAll, {
    cache: false,
    // One hop later than DataLoader's own: loaders of accounts dispatch in between and add what they need to the plan.
    batchScheduleFn: (dispatch) => afterPromises(() => afterPromises(dispatch)),
  });

  async function answerAll(asks: readonly Ask[]): Promise<(PhoneRun | Error)[]> {
    const pending = asks.map(
      (ask): Pending => ({ ask, answer: undefined, failedSeams: 0, repair: undefined }),
    );
    for (let round = 0; ; round++) {
      for (const each of pending) each.answer ??= find(each.ask) ?? glue(each);
      const open = pending.filter((each) => each.answer === undefined);
      if (open.length === 0 || round === MAX_ROUNDS) break;
      await readRound(open);
    }
    return pending.map(({ answer }) => answer ?? givenUp());
  }

  /** What is in hand as it is. */
  function find(ask: Ask): PhoneRun | undefined {
    if (ask.kind === 'range') return inHand.find(ask.lo, ask.hi, ask.options.isFresh === true);
    const total = inHand.getTotal();
    return total === undefined ? undefined : emptyRunAtEnd(total);
  }

  /** What can be put together from pages of different moments; notes what to read again where a seam fails. */
  function glue(pending: Pending): PhoneRun | Error | undefined {
    pending.repair = undefined;
    if (pending.ask.kind === 'count') return undefined;
    const glued = inHand.glue(pending.ask.lo, pending.ask.hi);
    if (!('kind' in glued)) return glued;
    if (glued.kind === 'disorder') return noticeDisorder();
    if (glued.kind === 'gap') {
      const overlap = REPAIR_OVERLAPS[pending.failedSeams++];
      // Rows have left before the seam: more overlap finds it, and where that fails, everything is read anew.
      if (overlap === undefined) inHand.clear();
      else pending.repair = { lo: glued.seamAt - overlap, hi: glued.seamAt + 1 };
    }
    return undefined;
  }

  /** One plan for all that is open, and its calls. A failed call fails those that need its page, and nobody else. */
  async function readRound(open: readonly Pending[]): Promise<void> {
    const plan = planRound(open);
    try {
      assertAffordable(plan.length);
    } catch (error) {
      for (const each of open) each.answer = toError(error);
      return;
    }
    cost.reserved += plan.length;
    const isFresh = open.some(({ ask }) => ask.kind === 'range' && ask.options.isFresh === true);
    const outcomes = await Promise.allSettled(
      plan.map((page) => semaphore.run(() => readPage(page, isFresh))),
    );
    const failures = outcomes.flatMap((outcome, index) => {
      const page = plan[index];
      return outcome.status === 'rejected' && page !== undefined
        ? [{ page, reason: toError(outcome.reason) }]
        : [];
    });
    if (failures.length === 0) return;
    for (const each of open) {
      each.answer = find(each.ask);
      if (each.answer !== undefined) continue;
      const needs = rangesOf(each);
      each.answer = failures.find(
        ({ page }) => needs.length === 0 || needs.some((need) => meets(need, page)),
      )?.reason;
    }
  }

  async function readPage(page: PageNumber, isFresh: boolean): Promise<void> {
    const since = isFresh ? openedAt : Number.NEGATIVE_INFINITY;
    const news = await pages.fetchPage(appId, page, bounds, cost, since);
    if (news.run === undefined) memory.learnTotal(news.total);
    else memory.learn(news.run);
    passwords.add(news.page);
    // Kept rows and new ones that stand in another order: no list can be proved from either.
    if (!inHand.add(news.run ?? emptyRunAtEnd(news.total))) throw noticeDisorder();
  }

  function planRound(open: readonly Pending[]): readonly PageNumber[] {
    const ranges = open.flatMap(rangesOf);
    if (ranges.length > 0)
      return planPages(ranges, {
        largestPageSize: largestPageSize.get(),
        readAhead: readAheadOf(open),
        maxPages: countAffordable(),
      });
    const expected = open.map(({ ask }) => (ask.kind === 'count' ? ask.expected : 1));
    return [{ current: 1, size: Math.min(largestPageSize.get(), Math.max(...expected)) }];
  }

  /** What is left to be read for an ask. */
  function rangesOf({ ask, repair }: Pending): readonly Range[] {
    if (repair !== undefined) return [repair];
    return ask.kind === 'count' ? [] : inHand.listMissing(ask.lo, ask.hi, ask.options.isFresh === true);
  }

  /** Asks that head different ways share their pages: forward, as most clients go. */
  function readAheadOf(open: readonly Pending[]): ReadAhead {
    const wanted = new Set(
      open.map(
        ({ ask }) =>
          (ask.kind === 'range' ? ask.options.readAhead : undefined) ?? readAheadTowards('forward'),
      ),
    );
    const [only] = wanted;
    return only !== undefined && wanted.size === 1 ? only : 'forward';
  }

  function readAheadTowards(direction: 'forward' | 'backward'): ReadAhead {
    return readsAhead ? direction : 'none';
  }

  function countAffordable(): number {
    return Math.max(0, callBudget - cost.reserved);
  }

  function assertAffordable(calls: number): void {
    if (calls > countAffordable()) throw new QueryTooExpensiveError(callBudget);
  }

  function noticeDisorder(): UpstreamInconsistentError {
    anomalies.notice(appId, 'disorder');
    return new UpstreamInconsistentError('rows that stayed have changed places', { retryable: false });
  }

  return {
    read: (lo, hi, readOptions = {}) => loader.load({ kind: 'range', lo, hi, options: readOptions }),
    count: async (expected) => (await loader.load({ kind: 'count', expected })).total,
    planCalls(ranges, total, { isFresh = false, readAhead = 'forward' } = {}) {
      const missing = ranges.flatMap(({ lo, hi }) =>
        inHand.find(lo, hi, isFresh) === undefined ? inHand.listMissing(lo, hi, isFresh) : [],
      );
      return planPages(missing, {
        largestPageSize: largestPageSize.get(),
        total,
        readAhead,
        maxPages: countAffordable(),
      });
    },
    countAffordable,
    assertAffordable,
    readAheadTowards,
    startAnew: inHand.clear,
    noticeDisorder,
    noticeMove(isTotalSame) {
      cost.driftRepairs++;
      if (isTotalSame) anomalies.notice(appId, 'anchor-moved');
    },
    inHand,
    memory,
    passwords,
    cost,
  };
}

function meets(range: Range, { current, size }: PageNumber): boolean {
  return range.lo < current * size && range.hi > (current - 1) * size;
}

function afterPromises(callback: () => void): void {
  void Promise.resolve().then(() => process.nextTick(callback));
}

function givenUp(): UpstreamInconsistentError {
  return new UpstreamInconsistentError('pages did not fit together', { retryable: true });
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('The call was given up.', { cause: reason });
}
