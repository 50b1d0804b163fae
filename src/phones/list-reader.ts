import DataLoader from 'dataloader';
import type { AppAccounts } from '../census/listed-accounts.ts';
import type { RequestBounds } from '../domain/requester.ts';
import { tracePlan } from '../domain/trace.ts';
import { UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import type { AppMemory } from '../lists/app-memory.ts';
import type { LargestPageSize } from '../lists/largest-page-size.ts';
import { createOrderCheck } from '../lists/order-check.ts';
import type { PageNews, PageSource } from '../lists/page-source.ts';
import type { PhoneRun, RowCache } from '../lists/row-cache.ts';
import { isSamePage, isWithinPage, meetsPage } from '../paging/page-number.ts';
import { MAX_PAGE_SIZE, type PageNumber, planPages, type Range, type ReadAhead } from '../paging/plan.ts';
import { emptyRunAtEnd } from '../paging/run.ts';
import type { CallBudget } from './call-budget.ts';
import type { RequestCost } from './request-cost.ts';
import { createRequestRows, type RequestRows } from './request-rows.ts';

/** Rounds of calls that one read may take: the plan, two repairs of a seam, the whole anew, and two to spare. */
const MAX_ROUNDS = 6;
/** Rows of overlap with which a failed seam is read again, one after the other. */
const REPAIR_OVERLAPS = [30, 60] as const;

export interface ReadOptions {
  /** Bypasses kept rows: only what this request has read itself counts. Defaults to false. */
  readonly isFresh?: boolean;
  /** Where a page goes on beyond what was asked. Defaults to {@link ListReader.readAheadTowards} forward. */
  readonly readAhead?: ReadAhead;
  /** Whether the rows have to fit to those of an earlier request, so that the order must hold. Defaults to false. */
  readonly goesOn?: boolean;
}

/** One request's view of one app's list. All that is read in one tick is planned together. */
export interface ListReader {
  /**
   * A run that holds all of `[lo, hi)` that the list has, glued and verified; often more. Where the list ends before
   * `lo`, a run without rows that stands at its end.
   * @throws {QueryTooExpensiveError} when the request may not make so many calls.
   */
  read(lo: number, hi: number, options?: ReadOptions): Promise<PhoneRun>;
  /** Rows in the list. Should a call be made for that alone, it reads `expected` rows along. */
  count(expected: number): Promise<number>;
  /**
   * One page as the vendor answers it, whether it fits to others or not.
   * @param isAgain by a call that begins now, whatever is under way.
   */
  readPage(page: PageNumber, isFresh: boolean, isAgain: boolean): Promise<PageNews>;
  /** The time by which calls are dated, in milliseconds. */
  now(): number;
  /** Where pages go on for a client that heads this way: nowhere while no rows are kept. */
  readAheadTowards(direction: 'forward' | 'backward'): ReadAhead;
  getLargestPageSize(): number;
  /** Forgets how what this request has read fits together: it is of different moments. */
  startAnew(): void;
  /** Takes note that the list has no order that holds, and makes the error that says so. */
  noticeDisorder(): UpstreamInconsistentError;
  /** Takes note that an anchor had moved; `isTotalSame` says that the total does not explain it. */
  noticeMove(isTotalSame: boolean): void;
  readonly rows: RequestRows;
  readonly memory: AppMemory;
  /** Which accounts the list has; undefined where nothing may be remembered. */
  readonly listed: AppAccounts | undefined;
  readonly budget: CallBudget;
  readonly cost: RequestCost;
}

export interface ListReaderOptions {
  readonly appId: string;
  readonly bounds: RequestBounds;
  /** When the request was opened: a fresh read takes no call that was started before. */
  readonly openedAt: number;
  readonly now: () => number;
  readonly pages: PageSource;
  readonly cache: RowCache;
  readonly memory: AppMemory;
  readonly listed: AppAccounts | undefined;
  readonly largestPageSize: LargestPageSize;
  readonly budget: CallBudget;
  readonly cost: RequestCost;
  /** False where rows are kept for nobody: pages are then no larger than they must be. */
  readonly readsAhead: boolean;
}

/** What is asked in one tick: a range, a page as it is, or the count. */
type Ask =
  | { readonly kind: 'range'; readonly lo: number; readonly hi: number; readonly options: ReadOptions }
  | { readonly kind: 'page'; readonly page: PageNumber; readonly isFresh: boolean; readonly isAgain: boolean }
  | { readonly kind: 'count'; readonly expected: number };

/** An ask on its way to its answer. */
interface Pending {
  readonly ask: Ask;
  answer: PhoneRun | PageNews | Error | undefined;
  /** Seams of it that have failed so far. */
  failedSeams: number;
  /** Rows to be read once more, where a seam has failed. */
  repair: Range | undefined;
}

export function createListReader(options: ListReaderOptions): ListReader {
  const { appId, bounds, openedAt, now, pages, cache, memory, largestPageSize, budget, cost } = options;
  const rows = createRequestRows(appId, cache, (isTotalSame) => {
    cost.driftRepairs++;
    if (isTotalSame) memory.notice('seam-moved');
  });
  const orderCheck = createOrderCheck(memory, async (page) => {
    budget.take(1);
    return (await pages.fetchPage(appId, page, bounds, cost, now())).run;
  });
  /** Pages that are being read, by number and size. */
  const underWay = new Map<string, Promise<PageNews>>();
  // Most requests are answered from kept rows, and never ask.
  let loader: DataLoader<Ask, PhoneRun | PageNews> | undefined;

  function load(ask: Ask): Promise<PhoneRun | PageNews> {
    loader ??= new DataLoader<Ask, PhoneRun | PageNews>(answerAll, {
      cache: false,
      // One hop later than DataLoader's own: loaders of accounts dispatch in between and add what they need to the plan.
      batchScheduleFn: (dispatch) => afterPromises(() => afterPromises(dispatch)),
    });
    return loader.load(ask);
  }

  async function loadRun(ask: Ask): Promise<PhoneRun> {
    const answer = await load(ask);
    if ('page' in answer) throw new TypeError('A range was answered with a page.');
    return answer;
  }

  async function answerAll(asks: readonly Ask[]): Promise<(PhoneRun | PageNews | Error)[]> {
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
    if (ask.kind === 'page') return undefined;
    if (ask.kind === 'range') return rows.find(ask.lo, ask.hi, ask.options.isFresh === true);
    const total = rows.getTotal();
    return total === undefined ? undefined : emptyRunAtEnd(total);
  }

  /** What can be put together from pages of different moments; notes what to read again where a seam fails. */
  function glue(pending: Pending): PhoneRun | undefined {
    pending.repair = undefined;
    if (pending.ask.kind !== 'range') return undefined;
    const glued = rows.glue(pending.ask.lo, pending.ask.hi);
    if (!('kind' in glued)) return glued;
    if (glued.kind === 'unread') return undefined;
    const overlap = glued.kind === 'gap' ? REPAIR_OVERLAPS[pending.failedSeams++] : undefined;
    // Rows have left before the seam: more overlap finds it, and where that fails, everything is read anew.
    if (overlap === undefined || glued.kind !== 'gap') rows.clear();
    else pending.repair = { lo: glued.seamAt - overlap, hi: glued.seamAt + 1 };
    return undefined;
  }

  /** One plan for all that is open, and its calls. A failed call fails those that need its page, and nobody else. */
  async function readRound(open: readonly Pending[]): Promise<void> {
    const plan = planRound(open);
    try {
      budget.take(plan.length);
    } catch (error) {
      for (const each of open) each.answer = toError(error);
      return;
    }
    const isFresh = open.some(({ ask }) => isFreshAsk(ask));
    const sinceOf = (page: PageNumber) => {
      if (open.some(({ ask }) => ask.kind === 'page' && ask.isAgain && isSamePage(ask.page, page)))
        return now();
      return isFresh ? openedAt : Number.NEGATIVE_INFINITY;
    };
    // A row that is looked up is proved by any page that shows it, whatever the order.
    const isForWindow = open.some(
      ({ ask }) => ask.kind === 'range' && (ask.options.goesOn === true || ask.hi - ask.lo > MAX_PAGE_SIZE),
    );
    const outcomes = await tracePlan(
      { requestId: bounds.requester.requestId, appId, calls: plan.length },
      () =>
        Promise.allSettled(plan.map((page) => budget.run(() => fetchPage(page, sinceOf(page), isForWindow)))),
    );
    for (const each of open) {
      if (each.ask.kind === 'page') {
        const { page: asked } = each.ask;
        const outcome = outcomes[plan.findIndex((page) => isSamePage(asked, page))];
        each.answer = outcome?.status === 'fulfilled' ? outcome.value : toError(outcome?.reason);
        continue;
      }
      if (!outcomes.some(({ status }) => status === 'rejected')) continue;
      each.answer = find(each.ask);
      if (each.answer !== undefined) continue;
      const needs = rangesOf(each);
      const failure = outcomes.find(
        (outcome, index) =>
          outcome.status === 'rejected' &&
          (needs.length === 0 || needs.some((need) => meetsPage(need, plan[index]))),
      );
      if (failure?.status === 'rejected') each.answer = toError(failure.reason);
    }
  }

  async function fetchPage(page: PageNumber, since: number, isForWindow: boolean): Promise<PageNews> {
    const news = await fetchOnce(page, since);
    if (news.moved !== undefined && isForWindow && !(await orderCheck.check(news.moved, page)))
      throw noticeDisorder();
    rows.addRun(news.run ?? emptyRunAtEnd(news.total));
    return news;
  }

  /** What this request is reading already is not read twice. */
  function fetchOnce(page: PageNumber, since: number): Promise<PageNews> {
    const key = `${page.current}/${page.size}`;
    const known = underWay.get(key);
    if (known !== undefined && since <= openedAt) return known;
    const reading = pages
      .fetchPage(appId, page, bounds, cost, since)
      .then((news) => {
        rows.addPage(news.page);
        return news;
      })
      .finally(() => {
        if (underWay.get(key) === reading) underWay.delete(key);
      });
    underWay.set(key, reading);
    return reading;
  }

  function planRound(open: readonly Pending[]): readonly PageNumber[] {
    const asked = open.flatMap(({ ask }) => (ask.kind === 'page' ? [ask.page] : []));
    const whole = [...new Map(asked.map((page) => [`${page.current}/${page.size}`, page])).values()];
    const ranges = open.flatMap(rangesOf).filter((range) => !whole.some((page) => isWithinPage(range, page)));
    if (ranges.length > 0) {
      const planned = planPages(ranges, {
        largestPageSize: largestPageSize.get(),
        readAhead: readAheadOf(open),
        maxPages: budget.left,
      });
      return [...whole, ...planned.filter((page) => !whole.some((other) => isSamePage(page, other)))];
    }
    const expected = open.flatMap(({ ask }) => (ask.kind === 'count' ? ask.expected : []));
    if (expected.length === 0 || whole.length > 0) return whole;
    return [{ current: 1, size: Math.min(largestPageSize.get(), Math.max(...expected)) }];
  }

  /** What is left to be read for an ask. */
  function rangesOf({ ask, repair }: Pending): readonly Range[] {
    if (repair !== undefined) return [repair];
    return ask.kind === 'range' ? rows.listMissing(ask.lo, ask.hi, ask.options.isFresh === true) : [];
  }

  /** Asks that head different ways share their pages: forward, as most clients go. */
  function readAheadOf(open: readonly Pending[]): ReadAhead {
    const wanted = new Set<ReadAhead>();
    for (const { ask } of open)
      if (ask.kind === 'range') wanted.add(ask.options.readAhead ?? readAheadTowards('forward'));
    const [only] = wanted;
    return only !== undefined && wanted.size === 1 ? only : 'forward';
  }

  function readAheadTowards(direction: 'forward' | 'backward'): ReadAhead {
    return options.readsAhead ? direction : 'none';
  }

  function noticeDisorder(): UpstreamInconsistentError {
    memory.notice('disorder');
    return new UpstreamInconsistentError('rows that stayed have changed places', {
      retryable: false,
      isDisordered: true,
    });
  }

  return {
    read: (lo, hi, readOptions = {}) => loadRun({ kind: 'range', lo, hi, options: readOptions }),
    count: async (expected) => (await loadRun({ kind: 'count', expected })).total,
    async readPage(page, isFresh, isAgain) {
      const answer = await load({ kind: 'page', page, isFresh, isAgain });
      if (!('page' in answer)) throw new TypeError('A page was answered with a range.');
      return answer;
    },
    readAheadTowards,
    now,
    getLargestPageSize: largestPageSize.get,
    startAnew: rows.clear,
    noticeDisorder,
    noticeMove(isTotalSame) {
      cost.driftRepairs++;
      if (isTotalSame) memory.notice('anchor-moved');
    },
    rows,
    memory,
    listed: options.listed,
    budget,
    cost,
  };
}

function isFreshAsk(ask: Ask): boolean {
  if (ask.kind === 'count') return false;
  return ask.kind === 'page' ? ask.isFresh : ask.options.isFresh === true;
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
