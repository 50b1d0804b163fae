import DataLoader from 'dataloader';
import type { Phone } from '../domain/phone.ts';
import type { Secret } from '../domain/secret.ts';
import { QueryTooExpensiveError } from '../errors/query-too-expensive-error.ts';
import { UpstreamInconsistentError } from '../errors/upstream-inconsistent-error.ts';
import type { SipPage } from '../itnio/sip-page.ts';
import { type PageNumber, planPages, type Range, type Surplus } from '../paging/plan.ts';
import { emptyRunAtEnd, endOf, holds } from '../paging/run.ts';
import type { Hints } from './hints.ts';
import type { OrderSigns } from './order-signs.ts';
import { createOwnRuns } from './own-runs.ts';
import type { PageCap } from './page-cap.ts';
import type { PageSource } from './page-source.ts';
import type { RequestBounds } from './phones.ts';
import type { RequestLedger } from './request-ledger.ts';
import type { PhoneRun, RunStore } from './run-store.ts';
import type { Slots } from './slots.ts';

/** Rounds of calls that one read may take: the plan, two mends of a seam, the whole anew, and two to spare. */
const MAX_ROUNDS = 6;
/** Rows of overlap with which a failed seam is read again, one after the other. */
const MEND_OVERLAPS = [30, 60] as const;

export interface ReadOptions {
  /** Reads from the vendor whatever is kept: only rows that this request has read itself do count. */
  readonly fresh?: boolean;
  /** Where a page goes on beyond what was asked. Defaults to {@link ListReader.surplusTowards} forward. */
  readonly surplus?: Surplus;
}

/** One request's view of one app's list. All that is read in one tick is planned together. */
export interface ListReader {
  /**
   * A run that holds all of `[lo, hi)` that the list has, glued and verified; often more. Where the list ends before
   * `lo`, a run without rows that stands at its end.
   */
  read(lo: number, hi: number, options?: ReadOptions): Promise<PhoneRun>;
  /** What a client that heads this way is read along: nothing where rows are kept for nobody. */
  surplusTowards(direction: 'forward' | 'backward'): Surplus;
  /** Rows in the list. Should a call be made for that alone, it reads `expected` rows along. */
  count(expected: number): Promise<number>;
  /** The calls that reading `ranges` of a list of `total` would take, were nothing in hand. */
  planCalls(ranges: readonly Range[], total: number | undefined): readonly PageNumber[];
  /** @throws {QueryTooExpensiveError} when the request may not make so many calls more. */
  assertAffordable(calls: number): void;
  /** A row in hand; null when a complete kept list shows that there is none; undefined when nothing is known. */
  findKept(account: string): Phone | null | undefined;
  /** The password that came with a row which this request has read; undefined when it has read none. */
  findPassword(account: string): Secret | null | undefined;
  /** Takes note that the list has no order that holds, and makes the error that says so. */
  noticeDisorder(): UpstreamInconsistentError;
  /** Takes note that an anchor had moved; `isTotalSame` says that the total does not explain it. */
  noticeMove(isTotalSame: boolean): void;
  /** Enters the rows `[lo, hi)` of a run into the ledger, as rows of the answer. */
  noteUsed(run: PhoneRun, lo: number, hi: number): void;
  readonly hints: ListHints;
}

/** {@link Hints} of one app. */
export interface ListHints {
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
  mend: Range | undefined;
}

export function createListReader(options: ListReaderOptions): ListReader {
  const { appId, bounds, pages, store, hints, signs, pageCap, slots, ledger, callBudget, takesSurplus } =
    options;
  const own = createOwnRuns((isTotalSame) => {
    ledger.driftRepairs++;
    if (isTotalSame) signs.notice(appId, 'seam-moved');
  });
  /** Kept runs, alone or joined to own ones, that this request was answered from. They do not expire under it. */
  const seen: PhoneRun[] = [];
  const ownPages: SipPage[] = [];
  let knownTotal: number | undefined;

  const loader = new DataLoader<Ask, PhoneRun>(answerAll, {
    cache: false,
    // One hop later than DataLoader's own: loaders of accounts dispatch in between and add what they need to the plan.
    batchScheduleFn: (dispatch) => afterPromises(() => afterPromises(dispatch)),
  });

  async function answerAll(asks: readonly Ask[]): Promise<(PhoneRun | Error)[]> {
    const pending = asks.map((ask): Pending => ({ ask, answer: undefined, failedSeams: 0, mend: undefined }));
    for (let round = 0; round < MAX_ROUNDS; round++) {
      for (const each of pending) each.answer ??= resolve(each);
      const open = pending.filter((each) => each.answer === undefined);
      if (open.length === 0) break;
      await readRound(open);
    }
    return pending.map((each) => each.answer ?? resolve(each) ?? givenUp());
  }

  /** One plan for all that is open, and its calls. A failed call fails those that need its page, and nobody else. */
  async function readRound(open: readonly Pending[]): Promise<void> {
    const ranges = open.flatMap(rangesOf);
    const plan =
      ranges.length > 0
        ? planPages(ranges, { pageCap: pageCap.get(), surplus: surplusOf(open) })
        : [countPage(open)];
    try {
      assertAffordable(plan.length);
    } catch (error) {
      for (const each of open) each.answer = toError(error);
      return;
    }
    ledger.reserved += plan.length;
    const outcomes = await Promise.allSettled(plan.map((page) => slots.run(() => readPage(page))));
    for (const [index, outcome] of outcomes.entries()) {
      const page = plan[index];
      if (page === undefined || outcome.status === 'fulfilled') continue;
      for (const each of open) {
        each.answer ??= resolve(each);
        if (each.answer === undefined && isNeeded(page, each)) each.answer = toError(outcome.reason);
      }
    }
  }

  async function readPage(page: PageNumber): Promise<void> {
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
      own.add(emptyRunAtEnd(news.total));
      return;
    }
    hints.learn(appId, news.run);
    own.add(news.run);
    const kept = store.keep(appId, news.run);
    // Kept rows and new ones that stand in another order: no list can be proved from either.
    if (kept === undefined) throw noticeDisorder();
    if (kept !== news.run) seen.push(kept);
  }

  function noticeDisorder(): UpstreamInconsistentError {
    signs.notice(appId, 'disorder');
    return new UpstreamInconsistentError('rows that stayed have changed places', { retryable: false });
  }

  /** The answer, when what is in hand holds it. Sets `mend` where it would but for a seam. */
  function resolve(pending: Pending): PhoneRun | Error | undefined {
    const { ask } = pending;
    pending.mend = undefined;
    if (ask.kind === 'count') {
      const total = own.getTotal() ?? store.getTotal(appId);
      return total === undefined ? undefined : emptyRunAtEnd(total);
    }
    const { lo, hi } = ask;
    const held = own.find(lo, hi) ?? (ask.options.fresh ? undefined : findKeptRun(lo, hi));
    if (held !== undefined) return held;
    const glued = own.glue(lo, hi);
    if (!('kind' in glued)) return glued;
    if (glued.kind === 'disorder') return noticeDisorder();
    if (glued.kind === 'gap') mendSeam(pending, glued.seamAt);
    return undefined;
  }

  function findKeptRun(lo: number, hi: number): PhoneRun | undefined {
    const used = seen.findLast((run) => holds(run, lo, hi));
    const kept = used ?? store.find(appId, lo, hi);
    if (kept !== undefined && kept !== used) seen.push(kept);
    return kept;
  }

  /** Rows have left before the seam: it is read again with more overlap, and at last everything anew. */
  function mendSeam(pending: Pending, seamAt: number): void {
    const overlap = MEND_OVERLAPS[pending.failedSeams++];
    if (overlap === undefined) own.clear();
    else pending.mend = { lo: seamAt - overlap, hi: seamAt + 1 };
  }

  /** What is left to be read for an ask. */
  function rangesOf({ ask, mend }: Pending): readonly Range[] {
    if (mend !== undefined) return [mend];
    if (ask.kind === 'count') return [];
    const { lo, hi } = ask;
    const part = own.findPart(lo, hi) ?? (ask.options.fresh ? undefined : store.findPart(appId, lo, hi));
    if (part === undefined) return [{ lo, hi }];
    const isStartInHand = part.isHead || part.lo <= lo;
    return [isStartInHand ? { lo: endOf(part) - 1, hi } : { lo, hi: part.lo + 1 }];
  }

  function isNeeded(page: PageNumber, pending: Pending): boolean {
    const lo = (page.current - 1) * page.size;
    const ranges = rangesOf(pending);
    return ranges.length === 0 || ranges.some((range) => range.lo < lo + page.size && range.hi > lo);
  }

  /** Asks of different directions share their pages: forward, as most clients go. */
  function surplusOf(open: readonly Pending[]): Surplus {
    const wanted = new Set(
      open.map(
        ({ ask }) => (ask.kind === 'range' ? ask.options.surplus : undefined) ?? surplusTowards('forward'),
      ),
    );
    const [only] = wanted;
    return only !== undefined && wanted.size === 1 ? only : 'forward';
  }

  function surplusTowards(direction: 'forward' | 'backward'): Surplus {
    return takesSurplus ? direction : 'none';
  }

  function countPage(open: readonly Pending[]): PageNumber {
    const expected = open.map(({ ask }) => (ask.kind === 'count' ? ask.expected : 1));
    return { current: 1, size: Math.min(pageCap.get(), Math.max(...expected)) };
  }

  function assertAffordable(calls: number): void {
    const needed = ledger.reserved + calls;
    if (needed > callBudget) throw new QueryTooExpensiveError(needed, callBudget);
  }

  return {
    read: (lo, hi, readOptions = {}) => loader.load({ kind: 'range', lo, hi, options: readOptions }),
    surplusTowards,
    async count(expected) {
      return (await loader.load({ kind: 'count', expected })).total;
    },
    planCalls: (ranges, total) => planPages(ranges, { pageCap: pageCap.get(), total }),
    assertAffordable,
    findKept(account) {
      for (const run of own.list()) {
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
    noticeDisorder,
    noticeMove(isTotalSame) {
      ledger.driftRepairs++;
      if (isTotalSame) signs.notice(appId, 'anchor-moved');
    },
    noteUsed(run, lo, hi) {
      ledger.rowsUsed += hi - lo;
      if (!own.includes(run)) ledger.rowsKept += Math.max(0, hi - lo - own.countHeld(lo, hi));
    },
    hints: {
      getPosition: (account) => hints.getPosition(appId, account),
      getTotal: () => knownTotal ?? hints.getTotal(appId),
      getScanStart: () => hints.getScanStart(appId),
      setScanStart: (position) => hints.setScanStart(appId, position),
    },
  };
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
