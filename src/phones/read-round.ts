import type { Clock } from '../domain/clock.ts';
import type { RequestBounds } from '../domain/requester.ts';
import { tracePlan } from '../domain/trace.ts';
import type { AppMemory } from '../lists/app-memory.ts';
import type { LargestPageSize } from '../lists/largest-page-size.ts';
import { createOrderCheck } from '../lists/order-check.ts';
import type { FetchedPage, PageSource } from '../lists/page-source.ts';
import type { PhoneRun } from '../lists/row-cache.ts';
import { isSamePage, isWithinPage, meetsPage, nameOfPage } from '../paging/page-number.ts';
import { MAX_PAGE_SIZE, type PageNumber, planPages, type Range, type ReadAhead } from '../paging/plan.ts';
import { emptyRunAtEnd } from '../paging/run.ts';
import type { CallBudget } from './call-budget.ts';
import type { RequestCost } from './request-cost.ts';
import type { RequestRows } from './request-rows.ts';

/** What is asked in one tick: a range, a page as it is, or the count. */
export type Ask =
  | {
      readonly kind: 'range';
      readonly lo: number;
      readonly hi: number;
      readonly isFresh: boolean;
      readonly readAhead: ReadAhead;
      /** Whether the rows continue those of an earlier request, so that the order must hold. */
      readonly goesOn: boolean;
    }
  | {
      readonly kind: 'page';
      readonly page: PageNumber;
      readonly isFresh: boolean;
      readonly isAgain: boolean;
      /** The same as for a range. */
      readonly goesOn: boolean;
    }
  | { readonly kind: 'count'; readonly expected: number };

/** An ask, and its answer once there is one. */
export interface OpenAsk {
  readonly ask: Ask;
  answer: PhoneRun | FetchedPage | Error | undefined;
  /** How often a seam of it has failed so far. */
  failedSeams: number;
  /** Rows to be read once more, where a seam has failed. */
  repair: Range | undefined;
}

export interface ReadRoundOptions {
  readonly appId: string;
  readonly bounds: RequestBounds;
  /** When the request was opened: a fresh read takes no call that was started before. */
  readonly openedAt: number;
  readonly clock: Pick<Clock, 'monotonicNow'>;
  readonly pages: PageSource;
  readonly memory: AppMemory;
  readonly largestPageSize: LargestPageSize;
  readonly budget: CallBudget;
  readonly cost: RequestCost;
}

export interface ReadRound {
  /**
   * Plans the calls for all open asks together, and makes them. The rows that come are added to those of the request. An ask
   * for a page is answered with it. A call that fails fails the asks that need its page, and no others.
   */
  read(open: readonly OpenAsk[]): Promise<void>;
  /** Whether this request has read rows that had moved, and found that the order is stable. */
  hasCheckedOrder(): boolean;
}

export function createReadRound(options: ReadRoundOptions, rows: RequestRows): ReadRound {
  const { appId, bounds, openedAt, clock, pages, memory, largestPageSize, budget, cost } = options;
  const orderCheck = createOrderCheck(memory, async (page) => {
    budget.take(1);
    const { run, fault } = await pages.fetchPage(appId, page, bounds, cost, clock.monotonicNow());
    if (fault !== undefined) throw fault;
    return run;
  });
  let hasCheckedOrder = false;
  /** Pages that are being read, by number and size. */
  const underWay = new Map<string, Promise<FetchedPage>>();

  function planRound(open: readonly OpenAsk[]): readonly PageNumber[] {
    const asked = open.flatMap(({ ask }) => (ask.kind === 'page' ? [ask.page] : []));
    const whole = [...new Map(asked.map((page) => [nameOfPage(page), page])).values()];
    const ranges = open
      .flatMap(listNeeds)
      .filter((range) => !whole.some((page) => isWithinPage(range, page)));
    if (ranges.length > 0) {
      const planned = planPages(ranges, {
        largestPageSize: largestPageSize.get(),
        readAhead: chooseReadAhead(open),
        maxPages: budget.left,
      });
      return [...whole, ...planned.filter((page) => !whole.some((other) => isSamePage(page, other)))];
    }
    if (whole.length > 0) return whole;
    const expected = open.flatMap(({ ask }) => (ask.kind === 'count' ? ask.expected : []));
    return [{ current: 1, size: Math.min(largestPageSize.get(), Math.max(...expected)) }];
  }

  /** What is left to be read for an ask. */
  function listNeeds({ ask, repair }: OpenAsk): readonly Range[] {
    if (repair !== undefined) return [repair];
    return ask.kind === 'range' ? rows.listMissing(ask.lo, ask.hi, ask.isFresh) : [];
  }

  async function fetchPage(page: PageNumber, since: number, mustBeInOrder: boolean): Promise<FetchedPage> {
    const fetched = await fetchOnce(page, since);
    if (fetched.fault !== undefined) throw fetched.fault;
    if (fetched.moved !== undefined && mustBeInOrder) {
      await orderCheck.assertHolds(fetched.moved, page);
      hasCheckedOrder = true;
    }
    rows.addRun(fetched.run ?? emptyRunAtEnd(fetched.total));
    return fetched;
  }

  /** Joins a call for the same page that this request has under way. */
  function fetchOnce(page: PageNumber, since: number): Promise<FetchedPage> {
    const key = nameOfPage(page);
    const known = underWay.get(key);
    if (known !== undefined && since <= openedAt) return known;
    const reading = pages
      .fetchPage(appId, page, bounds, cost, since)
      .then((fetched) => {
        rows.addPage(fetched.page);
        return fetched;
      })
      .finally(() => {
        if (underWay.get(key) === reading) underWay.delete(key);
      });
    underWay.set(key, reading);
    return reading;
  }

  async function read(open: readonly OpenAsk[]): Promise<void> {
    const plan = planRound(open);
    try {
      budget.take(plan.length);
    } catch (error) {
      for (const each of open) each.answer = toError(error);
      return;
    }
    const mustBeInOrder = open.some(needsOrder);
    const outcomes = await tracePlan(
      { requestId: bounds.requester.requestId, appId, calls: plan.length },
      () =>
        Promise.allSettled(
          plan.map((page) => budget.run(() => fetchPage(page, sinceOf(page, open), mustBeInOrder))),
        ),
    );
    for (const each of open) settle(each, plan, outcomes);
  }

  /** From when on a call must have been started to count for these asks. */
  function sinceOf(page: PageNumber, open: readonly OpenAsk[]): number {
    if (open.some(({ ask }) => ask.kind === 'page' && ask.isAgain && isSamePage(ask.page, page)))
      return clock.monotonicNow();
    const isFresh = open.some(({ ask }) => ask.kind !== 'count' && ask.isFresh);
    return isFresh ? openedAt : Number.NEGATIVE_INFINITY;
  }

  /** Answers an ask for a page by its call, and any other by the failure of a call that it needs; else leaves it open. */
  function settle(
    each: OpenAsk,
    plan: readonly PageNumber[],
    outcomes: readonly PromiseSettledResult<FetchedPage>[],
  ): void {
    const { ask } = each;
    if (ask.kind === 'page') {
      const outcome = outcomes[plan.findIndex((page) => isSamePage(ask.page, page))];
      each.answer = outcome?.status === 'fulfilled' ? outcome.value : toError(outcome?.reason);
      return;
    }
    const failed = outcomes.flatMap((outcome, index) =>
      outcome.status === 'rejected' ? [{ page: plan[index], reason: outcome.reason }] : [],
    );
    if (failed.length === 0 || findAnswer(rows, ask) !== undefined) return;
    const needs = listNeeds(each);
    const own = failed.find(({ page }) => needs.length === 0 || needs.some((need) => meetsPage(need, page)));
    if (own !== undefined) each.answer = toError(own.reason);
  }

  return {
    read,
    hasCheckedOrder: () => hasCheckedOrder,
  };
}

/** Answers an ask without a call, from rows that fit together; undefined where that is not possible, and for a page. */
export function findAnswer(rows: RequestRows, ask: Ask): PhoneRun | undefined {
  switch (ask.kind) {
    case 'page':
      return undefined;
    case 'range':
      return rows.find(ask.lo, ask.hi, ask.isFresh);
    case 'count': {
      const total = rows.getTotal();
      return total === undefined ? undefined : emptyRunAtEnd(total);
    }
  }
}

/** A row that is looked up is proved by any page that shows it, whatever the order. */
function needsOrder({ ask }: OpenAsk): boolean {
  if (ask.kind === 'count') return false;
  return ask.goesOn || (ask.kind === 'range' && ask.hi - ask.lo > MAX_PAGE_SIZE);
}

/** One direction for all: that of the asks where they agree, else forward, as most clients page. */
function chooseReadAhead(open: readonly OpenAsk[]): ReadAhead {
  const wanted = new Set(open.flatMap(({ ask }) => (ask.kind === 'range' ? ask.readAhead : [])));
  const [only] = wanted;
  return only !== undefined && wanted.size === 1 ? only : 'forward';
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('The call was given up.', { cause: reason });
}
