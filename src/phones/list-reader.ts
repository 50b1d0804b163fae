import DataLoader from 'dataloader';
import type { Phone } from '../domain/phone.ts';
import type { Secret } from '../domain/secret.ts';
import { QueryTooExpensiveError } from '../errors/query-too-expensive-error.ts';
import { UpstreamInconsistentError } from '../errors/upstream-inconsistent-error.ts';
import type { SipPage } from '../itnio/sip-page.ts';
import { type PageNumber, planPages, type Range } from '../paging/plan.ts';
import { endOf, glue, holds, isTail, joinEqual } from '../paging/run.ts';
import type { Hints } from './hints.ts';
import type { OrderSigns } from './order-signs.ts';
import type { PageCap } from './page-cap.ts';
import type { PageSource } from './page-source.ts';
import type { RequestBounds } from './phones.ts';
import type { RequestLedger } from './request-ledger.ts';
import type { PhoneRun, RunStore } from './run-store.ts';
import type { Slots } from './slots.ts';

/** Rounds of calls that one read may take: the plan, two mends of a seam, the whole anew, and one to spare for a cap. */
const MAX_ROUNDS = 6;
/** Rows of overlap with which a failed seam is read again, one after the other. */
const MEND_OVERLAPS = [30, 60] as const;

export interface ReadOptions {
  /** Reads from the vendor whatever is kept: rows that this request has read itself do count. */
  readonly fresh?: boolean;
  /** Where a page goes on beyond what was asked. */
  readonly surplus?: 'forward' | 'backward';
}

/** One request's view of one app's list. All that is read in one tick is planned together. */
export interface ListReader {
  /**
   * A run that holds all of `[lo, hi)` that the list has, glued and verified; often more. Where the list ends before
   * `lo`, a run without rows that stands at its end.
   */
  read(lo: number, hi: number, options?: ReadOptions): Promise<PhoneRun>;
  /** Rows in the list. `expected` is how many rows are to be read along, should a call be made for the count alone. */
  count(expected: number): Promise<number>;
  /** The calls that reading `ranges` would take now. */
  planCalls(ranges: readonly Range[], total: number | undefined): readonly PageNumber[];
  /** @throws {QueryTooExpensiveError} when the request may not make so many calls more. */
  assertAffordable(calls: number): void;
  /** A kept row; null when a complete kept list shows that there is none; undefined when nothing is known. */
  findKept(account: string): Phone | null | undefined;
  /** The password that came with a row which this request has read; undefined when it has read none. */
  findPassword(account: string): Secret | null | undefined;
  /** Takes note that an anchor had moved although the total had not. */
  noticeMove(isTotalSame: boolean): void;
  /** Enters rows of the answer into the ledger. */
  noteUsed(run: PhoneRun, lo: number, hi: number): void;
  readonly hints: AppHints;
}

export interface AppHints {
  getPosition(account: string): number | undefined;
  getTotal(): number | undefined;
  getScanStart(): number;
  setScanStart(position: number): void;
}

export interface ListReaderOptions {
  readonly appId: string;
  readonly bounds: RequestBounds;
  readonly pages: PageSource;
  readonly store: RunStore;
  readonly hints: Hints;
  readonly signs: OrderSigns;
  readonly pageCap: PageCap;
  readonly slots: Slots;
  readonly ledger: RequestLedger;
  /** Calls that the request may make, over all its apps. */
  readonly callBudget: number;
  /** False where rows are kept for nobody: pages are then no larger than they must be. */
  readonly takesSurplus: boolean;
}

/** A range to be read, or the count with the size of the page to ask for it. */
type Ask =
  | { readonly kind: 'range'; readonly lo: number; readonly hi: number; readonly options: ReadOptions }
  | { readonly kind: 'count'; readonly expected: number };

/** An ask on its way to its answer. */
interface Pending {
  readonly ask: Ask;
  answer: PhoneRun | Error | undefined;
  mends: number;
  /** Rows to be read once more, where a seam has failed. */
  mend: Range | undefined;
}

export function createListReader(options: ListReaderOptions): ListReader {
  const { appId, bounds, pages, store, hints, signs, pageCap, slots, ledger, callBudget, takesSurplus } =
    options;
  /** What this request has read itself, as runs; the latest last. */
  let own: PhoneRun[] = [];
  /** Kept runs, and kept runs joined to own ones, that this request has been answered from. They do not expire under it. */
  const seen: PhoneRun[] = [];
  const ownPages: SipPage[] = [];
  let knownTotal: number | undefined;

  const loader = new DataLoader<Ask, PhoneRun>(answerAll, {
    cache: false,
    // One hop later than DataLoader's own: loaders of accounts dispatch in between and add what they need to the plan.
    batchScheduleFn: (dispatch) => afterPromises(() => afterPromises(dispatch)),
  });

  async function answerAll(asks: readonly Ask[]): Promise<(PhoneRun | Error)[]> {
    const pending = asks.map((ask): Pending => ({ ask, answer: undefined, mends: 0, mend: undefined }));
    for (let round = 0; round < MAX_ROUNDS; round++) {
      for (const each of pending) each.answer ??= resolve(each);
      const open = pending.filter((each) => each.answer === undefined);
      if (open.length === 0) break;
      const ranges = open.flatMap((each) => rangesOf(each));
      const plan = ranges.length > 0 ? planCalls(ranges, undefined, surplusOf(open)) : [countPage(open)];
      try {
        assertAffordable(plan.length);
        ledger.reserved += plan.length;
      } catch (error) {
        settle(open, error);
        break;
      }
      const outcomes = await Promise.allSettled(plan.map((page) => slots.run(() => fetchPage(page))));
      for (const [index, outcome] of outcomes.entries()) {
        const page = plan[index];
        if (outcome.status === 'rejected' && page !== undefined)
          failThoseThatNeed(page, open, outcome.reason);
      }
    }
    return pending.map(
      ({ answer }) =>
        answer ?? new UpstreamInconsistentError('pages did not fit together', { retryable: true }),
    );
  }

  async function fetchPage(page: PageNumber): Promise<void> {
    const news = await pages.fetchPage(appId, page, bounds, {
      onCall: (isShared) => ledger.onCall(isShared),
      onAnswer: (answer) => {
        ledger.onAnswer(answer);
        ownPages.push(answer);
      },
    });
    knownTotal = news.total;
    if (news.run === undefined) {
      hints.learnTotal(appId, news.total);
      addOwn({
        lo: news.total,
        rows: [],
        total: news.total,
        isHead: news.total === 0,
        readAt: Number.NEGATIVE_INFINITY,
      });
      return;
    }
    hints.learn(appId, news.run);
    addOwn(news.run);
    const kept = store.keep(appId, news.run);
    if (kept !== news.run) seen.push(kept);
  }

  function addOwn(run: PhoneRun): void {
    let joined = run;
    own = own.filter((other) => {
      const both = joinEqual(other, joined);
      if (both !== undefined) joined = both;
      return both === undefined;
    });
    own.push(joined);
  }

  /** The answer, when what is in hand holds it. Sets `mend` where it would but for a seam. */
  function resolve(pending: Pending): PhoneRun | Error | undefined {
    const { ask } = pending;
    pending.mend = undefined;
    if (ask.kind === 'count') return own.at(-1) ?? findTotal();
    const { lo, hi } = ask;
    const found = own.findLast((run) => holds(run, lo, hi));
    if (found !== undefined) return found;
    if (!ask.options.fresh) {
      const kept = seen.findLast((run) => holds(run, lo, hi)) ?? store.find(appId, lo, hi);
      if (kept !== undefined) {
        if (!seen.includes(kept)) seen.push(kept);
        return kept;
      }
    }
    return glueOwn(pending, lo, hi);
  }

  function findTotal(): PhoneRun | undefined {
    const total = store.getTotal(appId);
    if (total === undefined) return undefined;
    return { lo: total, rows: [], total, isHead: total === 0, readAt: Number.NEGATIVE_INFINITY };
  }

  /** Glues runs that this request has read at different moments of a changing list. */
  function glueOwn(pending: Pending, lo: number, hi: number): PhoneRun | Error | undefined {
    let run = own.findLast((each) => (each.isHead || each.lo <= lo) && endOf(each) > lo);
    while (run !== undefined && !holds(run, lo, hi)) {
      const end: number = endOf(run);
      const next = own.findLast((each) => each.lo < end && endOf(each) > end && each.rows.length > 0);
      if (next === undefined) return undefined;
      const seam = glue(run, next);
      if (seam.kind === 'disorder') {
        signs.notice(appId, 'disorder');
        return new UpstreamInconsistentError(seam.fault, { retryable: true });
      }
      if (seam.kind === 'gap') {
        mendSeam(pending, next.lo);
        return undefined;
      }
      if (seam.moved) {
        ledger.driftRepairs++;
        if (run.total === next.total) signs.notice(appId, 'seam-moved');
      }
      run = seam.run;
    }
    if (run !== undefined) own.push(run);
    return run;
  }

  /** Rows have left before the seam: it is read with more overlap, at last everything anew. */
  function mendSeam(pending: Pending, seamAt: number): void {
    const overlap = MEND_OVERLAPS[pending.mends++];
    if (overlap === undefined) own = [];
    pending.mend = overlap === undefined ? undefined : { lo: seamAt - overlap, hi: seamAt + 1 };
  }

  /** What is left to be read for an ask. */
  function rangesOf({ ask, mend }: Pending): readonly Range[] {
    if (mend !== undefined) return [mend];
    if (ask.kind === 'count') return [];
    const { lo, hi, options: readOptions } = ask;
    const part = partOf(own, lo, hi) ?? (readOptions.fresh ? undefined : store.findPart(appId, lo, hi));
    if (part === undefined) return [{ lo, hi }];
    const isStartInHand = part.isHead || part.lo <= lo;
    return [isStartInHand ? { lo: endOf(part) - 1, hi } : { lo, hi: part.lo + 1 }];
  }

  function planCalls(
    ranges: readonly Range[],
    total: number | undefined,
    surplus: 'forward' | 'backward' | 'none' = takesSurplus ? 'forward' : 'none',
  ): readonly PageNumber[] {
    return planPages(ranges, { pageCap: pageCap.get(), total, surplus });
  }

  function surplusOf(open: readonly Pending[]): 'forward' | 'backward' | 'none' {
    if (!takesSurplus) return 'none';
    const isBackward = ({ ask }: Pending) => ask.kind === 'range' && ask.options.surplus === 'backward';
    return open.every(isBackward) ? 'backward' : 'forward';
  }

  function countPage(open: readonly Pending[]): PageNumber {
    const expected = open.map(({ ask }) => (ask.kind === 'count' ? ask.expected : 1));
    return { current: 1, size: Math.min(pageCap.get(), Math.max(...expected)) };
  }

  function failThoseThatNeed(page: PageNumber, open: readonly Pending[], reason: unknown): void {
    const lo = (page.current - 1) * page.size;
    const needs = open.filter((each) => {
      each.answer ??= resolve(each);
      if (each.answer !== undefined) return false;
      const ranges = rangesOf(each);
      return ranges.length === 0 || ranges.some((range) => range.lo < lo + page.size && range.hi > lo);
    });
    settle(needs, reason);
  }

  function settle(open: readonly Pending[], reason: unknown): void {
    for (const each of open)
      each.answer ??= reason instanceof Error ? reason : new Error('aborted', { cause: reason });
  }

  function assertAffordable(calls: number): void {
    const needed = ledger.reserved + calls;
    if (needed > callBudget) throw new QueryTooExpensiveError(needed, callBudget);
  }

  return {
    read: (lo, hi, readOptions = {}) => loader.load({ kind: 'range', lo, hi, options: readOptions }),
    async count(expected) {
      return (await loader.load({ kind: 'count', expected })).total;
    },
    planCalls,
    assertAffordable,
    findKept(account) {
      for (const run of own) {
        const phone = run.rows.find((row) => row.account === account);
        if (phone !== undefined) return phone;
      }
      return store.findPhone(appId, account);
    },
    findPassword(account) {
      for (const page of ownPages) {
        const index = page.phones.findIndex((phone) => phone.account === account);
        if (index >= 0) return page.passwords[index];
      }
      return undefined;
    },
    noticeMove(isTotalSame) {
      ledger.driftRepairs++;
      if (isTotalSame) signs.notice(appId, 'anchor-moved');
    },
    noteUsed(run, lo, hi) {
      ledger.rowsUsed += hi - lo;
      if (own.includes(run)) return;
      const held = own.reduce(
        (rows, each) => rows + Math.max(0, Math.min(hi, endOf(each)) - Math.max(lo, each.lo)),
        0,
      );
      ledger.rowsKept += Math.max(0, hi - lo - held);
    },
    hints: {
      getPosition: (account) => hints.getPosition(appId, account),
      getTotal: () => knownTotal ?? hints.getTotal(appId),
      getScanStart: () => hints.getScanStart(appId),
      setScanStart: (position) => hints.setScanStart(appId, position),
    },
  };
}

/** The run that has the beginning of `[lo, hi)`, or else the end of it. */
function partOf(runs: readonly PhoneRun[], lo: number, hi: number): PhoneRun | undefined {
  return (
    runs.findLast((run) => (run.isHead || run.lo <= lo) && endOf(run) > lo && endOf(run) < hi) ??
    runs.findLast((run) => run.lo > lo && run.lo < hi && (endOf(run) >= hi || isTail(run)))
  );
}

function afterPromises(callback: () => void): void {
  void Promise.resolve().then(() => process.nextTick(callback));
}
