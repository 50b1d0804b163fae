import { nameOfPage } from '../paging/page-number.ts';
import { MAX_PAGE_SIZE, type PageNumber } from '../paging/plan.ts';
import type { Row } from '../paging/run.ts';
import { createWholePlan, type PlannedPage } from '../paging/whole-plan.ts';
import { createChainProof } from './census-chain.ts';
import { createCountProof } from './census-count.ts';

/** Calls that a census may take beyond its plan, unless the plan itself is longer. */
const MIN_EXTRA_CALLS = 60;

export interface CensusOptions {
  /** Calls that the plan of a list may take. */
  readonly maxCalls: number;
  /** Rows that the list is believed to have; undefined where nothing tells. */
  readonly expectedTotal?: number | undefined;
  /**
   * Whether the head of the list is read last, so that a row that goes there meanwhile is not missed. Of a list of which
   * nothing is known the second page is then read first; if it has no second page, it takes two calls. Where rows leave
   * meanwhile, and the count alone tells which, the list is read again. Defaults to false.
   */
  readonly readsHeadLast?: boolean;
  /** Whether head and end are read once more even where nothing has moved: it did of late. Defaults to false. */
  readonly checksEnds?: boolean;
  /** Whether the list is known to have no stable order. Defaults to false. */
  readonly isDisordered?: boolean;
  /** Rows of the largest page that the vendor serves. Defaults to 100. */
  readonly largestPageSize?: number;
}

/** What one call has brought. */
export interface CensusAnswer<R extends Row> {
  readonly total: number;
  /** Position of the first row; undefined where no rows came that belong to the page. */
  readonly lo: number | undefined;
  readonly rows: readonly R[];
  readonly readAt: number;
}

export type CensusState<R extends Row> =
  | { readonly kind: 'open' }
  /** `asOf`: when the oldest page of the proof was asked for. */
  | { readonly kind: 'proved'; readonly rows: readonly R[]; readonly asOf: number }
  /** The plan of the list takes more calls than it may. */
  | { readonly kind: 'refused'; readonly total: number }
  /** `retryable`: whether a later reading may prove it. */
  | { readonly kind: 'given-up'; readonly fault: string; readonly retryable: boolean };

/**
 * A complete reading of one list, as a stepper: told what each call has brought, it says which to make next, or that the
 * list is proved. It makes no call itself. A list is proved by chain until it shows disorder, then by count.
 * @see docs/pagination.md
 */
export interface Census<R extends Row> {
  readonly state: CensusState<R>;
  /** Whether the list has changed while it was read, as far as was seen. */
  readonly hasMoved: boolean;
  /** Whether the list is known, or has shown, to have no stable order. */
  readonly isDisordered: boolean;
  /** Pages of the plan that were read, of how many. */
  readonly progress: { readonly read: number; readonly planned: number };
  /** Pages to be read now, up to `limit`; they count as under way. None while the next depend on those. */
  take(limit: number): readonly PageNumber[];
  learn(page: PageNumber, answer: CensusAnswer<R>): void;
  /** A page that was taken was not read: it is taken again. */
  release(page: PageNumber): void;
  /** Begins anew with another largest page. */
  setLargestPageSize(largestPageSize: number): void;
}

export function createCensus<R extends Row>(options: CensusOptions): Census<R> {
  const { maxCalls, readsHeadLast = false, checksEnds = false } = options;
  let { largestPageSize = MAX_PAGE_SIZE, isDisordered = false } = options;
  let plan = createWholePlan(largestPageSize);
  const chain = createChainProof<R>({ checksEnds, doubtsCount: checksEnds || readsHeadLast });
  const count = createCountProof<R>();

  let state: CensusState<R> = { kind: 'open' };
  /** By the last answer; undefined before the first. */
  let total: number | undefined;
  let planned: readonly PlannedPage[] = [];
  let calls = 0;
  let queue: PlannedPage[] = [];
  const underWay = new Map<string, { readonly page: PlannedPage; readonly askedAfter: number }>();
  setPlan(options.expectedTotal ?? (readsHeadLast ? largestPageSize + 1 : 0));

  /** @param rows in the list. Of one that claims to be too long only the first page is planned. */
  function setPlan(rows: number): void {
    const pages = plan.count(rows, maxCalls);
    planned = Array.from({ length: pages > maxCalls ? 1 : pages }, (_, index) => plan.pageAt(index));
    chain.setPlan(planned, rows);
  }

  /** Whether the plan of the list takes more calls than it may. */
  function refuseTooLong(): boolean {
    if (total === undefined || plan.count(total, maxCalls) <= maxCalls) return false;
    state = { kind: 'refused', total };
    return true;
  }

  function startAnew(): void {
    queue = [];
    count.reset();
    chain.reset();
  }

  /** Decides what comes next, when all that was to be read has been. */
  function decide(): void {
    const rows = total ?? planned.at(-1)?.hi ?? 0;
    const step = isDisordered
      ? count.decide(rows, planned, largestPageSize)
      : chain.decide(rows, largestPageSize);
    switch (step.kind) {
      case 'read':
        queue.push(...(readsHeadLast ? step.pages.toSorted(compareHeadLast) : step.pages));
        return;
      case 'proved': {
        const asOf = step.reads.reduce((oldest, { readAt }) => Math.min(oldest, readAt), Infinity);
        state = { kind: 'proved', rows: [...step.rows.values()], asOf };
        return;
      }
      case 'disordered':
        isDisordered = true;
        return;
      case 'anew':
        startAnew();
        return;
      case 'given-up':
        state = { ...step, retryable: true };
    }
  }

  function learn(asked: PageNumber, answer: CensusAnswer<R>): void {
    const call = underWay.get(nameOfPage(asked));
    underWay.delete(nameOfPage(asked));
    if (call === undefined || state.kind !== 'open') return;
    calls++;
    if (answer.total !== total) {
      // What comes next depends on the first total.
      if (total === undefined) queue = [];
      total = answer.total;
      if (refuseTooLong()) return;
      setPlan(total);
      count.reset();
    }
    // An empty list has an empty first page, whichever page has told that.
    const [head = call.page] = planned;
    const [page, lo] = answer.total === 0 ? [head, 0] : [call.page, answer.lo];
    // What lies behind the end is no page any more, and a page that is smaller than asked for is none of this plan.
    if (lo !== page.lo || answer.rows.length < Math.min(page.size, answer.total - page.lo)) return;
    const { rows, readAt } = answer;
    const read = { page, rows, total: answer.total, readAt, turn: calls, askedAfter: call.askedAfter };
    chain.learn(read);
    count.learn(read);
  }

  return {
    get state() {
      return state;
    },
    get hasMoved() {
      return chain.hasMoved;
    },
    get isDisordered() {
      return isDisordered;
    },
    get progress() {
      return { read: Math.min(chain.countRead(), planned.length), planned: planned.length };
    },
    take(limit) {
      // Each decision but the last two leads to another: a census begun anew, or seen as disordered, has pages to read.
      for (let again = 0; again < 3 && queue.length + underWay.size === 0 && state.kind === 'open'; again++)
        decide();
      const isUnknown = total === undefined && options.expectedTotal === undefined;
      if (isUnknown && underWay.size > 0) return [];
      if (state.kind !== 'open') return [];
      // A list without an order has each of its pages read twice.
      const least = isDisordered ? 2 * planned.length : planned.length;
      const affordable = least + Math.max(MIN_EXTRA_CALLS, planned.length) - calls - underWay.size;
      const pages = queue.splice(0, Math.min(isUnknown ? 1 : limit, affordable));
      for (const page of pages) underWay.set(nameOfPage(page), { page, askedAfter: calls });
      if (underWay.size === 0)
        state = {
          kind: 'given-up',
          fault: 'the list moves, or hides rows, for longer than it can be read',
          retryable: true,
        };
      return pages.map(({ current, size }) => ({ current, size }));
    },
    learn,
    release(page) {
      underWay.delete(nameOfPage(page));
    },
    setLargestPageSize(other) {
      if (other === largestPageSize) return;
      largestPageSize = other;
      plan = createWholePlan(other);
      setPlan(total ?? 0);
      startAnew();
      refuseTooLong();
    },
  };
}

function compareHeadLast(a: PlannedPage, b: PlannedPage): number {
  return Number(a.lo === 0) - Number(b.lo === 0);
}
