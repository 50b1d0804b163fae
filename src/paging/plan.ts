import { UpstreamInconsistentError } from '../errors/upstream-inconsistent-error.ts';

/** Rows `[lo, hi)` of a list, from 0. */
export interface Range {
  readonly lo: number;
  readonly hi: number;
}

/** A page as the vendor numbers it: rows `[(current - 1) * size, current * size)`. */
export interface PageNumber {
  readonly current: number;
  readonly size: number;
}

export interface PlanOptions {
  /** Largest page that the vendor serves. Defaults to 100. */
  readonly pageCap?: number;
  /** Rows in the list, where that is known: nothing behind them is read. */
  readonly total?: number | undefined;
  /** Defaults to forward. */
  readonly surplus?: Surplus;
}

/** Which way a page goes on beyond what was asked, where that costs no call: where the client is heading, or nowhere. */
export type Surplus = 'forward' | 'backward' | 'none';

export const MAX_PAGE_SIZE = 100;

/**
 * The fewest pages that hold all ranges, so that any two neighbouring rows of a range stand together in some page:
 * consecutive pages then share a row, by which they are glued. Ranges that do not overlap need no page in common.
 *
 * Greedy from the left with the page that reaches furthest is optimal, since pages are intervals and what must be held
 * (a pair of neighbours, or a single row) are points on the same line.
 * @throws {UpstreamInconsistentError} for a cap so low that two neighbours stand in no page of it together: under 17,
 * the first such pair stands at the least common multiple of all sizes up to the cap (2520 for 10).
 */
export function planPages(ranges: readonly Range[], options: PlanOptions = {}): readonly PageNumber[] {
  const { pageCap = MAX_PAGE_SIZE, total = Number.POSITIVE_INFINITY, surplus = 'forward' } = options;
  const needs = planNeeds(ranges, total);
  const [firstNeed] = needs;
  if (firstNeed === undefined) return [];

  let steps = planGreedily(needs, pageCap);
  const head = { current: 1, size: pageCap };
  // A list of one page is then in hand whole. Only where it costs no call.
  if (firstNeed.lo < pageCap && steps[0]?.end !== pageCap) {
    const withHead = planGreedily(needs, pageCap, pageCap);
    if (withHead.length <= steps.length) steps = withHead;
  }
  return steps.map(({ first, last }) => {
    if (last < pageCap && surplus !== 'none') return head;
    return choosePage(first, last, pageCap, total, surplus);
  });
}

/** Whether one page of `size` rows holds all of a range. */
export function fitsOnePage(range: Range, size: number): boolean {
  return range.lo % size <= size - (range.hi - range.lo);
}

/** A stretch of rows whose neighbours must stand together; a single row where `hi = lo + 1`. */
type Need = Range;

/** The pages of a plan, each as the first and last row that it is there for. `end` is how far the page may reach. */
interface Step {
  readonly first: number;
  readonly last: number;
  readonly end: number;
}

/** Clips, sorts and merges. Stretches that share no pair stay apart: between them no seam is needed. */
function planNeeds(ranges: readonly Range[], total: number): readonly Need[] {
  const clipped = ranges
    .map(({ lo, hi }) => ({ lo: Math.max(0, lo), hi: Math.min(hi, total) }))
    .filter(({ lo, hi }) => lo < hi)
    .sort((a, b) => a.lo - b.lo || b.hi - a.hi);
  const needs: Need[] = [];
  for (const next of clipped) {
    const previous = needs.at(-1);
    if (previous !== undefined && next.hi <= previous.hi) continue;
    if (previous !== undefined && next.lo < previous.hi - 1) {
      needs[needs.length - 1] = { lo: previous.lo, hi: next.hi };
    } else {
      needs.push(next);
    }
  }
  return needs;
}

function planGreedily(needs: readonly Need[], pageCap: number, forcedEnd?: number): readonly Step[] {
  const steps: Step[] = [];
  let end = 0;
  let forced = forcedEnd;
  for (const need of needs) {
    const isSingle = need.hi - need.lo === 1;
    // What is left of this need once the pages so far are read: the pair across their end, or nothing.
    let at = need.lo < end ? Math.max(need.lo, end - 1) : need.lo;
    if (isSingle && need.lo < end) at = need.hi;
    extendLastStep(steps, need, end);
    while (at < need.hi - 1 || (isSingle && at < need.hi)) {
      end = forced ?? reach(at, isSingle ? at + 1 : at + 2, pageCap);
      forced = undefined;
      steps.push({ first: at, last: Math.min(end, need.hi) - 1, end });
      at = isSingle ? need.hi : end - 1;
    }
  }
  return steps;
}

/** The page before also serves the beginning of a need that starts inside it. */
function extendLastStep(steps: Step[], need: Need, end: number): void {
  const last = steps.at(-1);
  if (last === undefined || need.lo >= end) return;
  steps[steps.length - 1] = { ...last, last: Math.max(last.last, Math.min(end, need.hi) - 1) };
}

/** The furthest end of a page that holds the rows `[lo, hi)`. */
function reach(lo: number, hi: number, pageCap: number): number {
  let furthest = 0;
  for (let size = pageCap; size >= hi - lo; size--) {
    if (!fitsOnePage({ lo, hi }, size)) continue;
    const end = lo - (lo % size) + size;
    if (end > furthest) furthest = end;
  }
  if (furthest === 0)
    throw new UpstreamInconsistentError(`no page of up to ${pageCap} rows holds ${lo} to ${hi - 1}`, {
      retryable: false,
    });
  return furthest;
}

/** Among the pages that hold the rows `first` to `last`, the one with the most useful surplus. */
function choosePage(
  first: number,
  last: number,
  pageCap: number,
  total: number,
  surplus: Surplus,
): PageNumber {
  const range = { lo: first, hi: last + 1 };
  let chosen: PageNumber | undefined;
  let best = Number.NEGATIVE_INFINITY;
  for (let size = pageCap; size >= range.hi - range.lo; size--) {
    if (!fitsOnePage(range, size)) continue;
    const start = first - (first % size);
    const ahead = Math.min(start + size, total) - range.hi;
    const behind = first - start;
    const merit =
      surplus === 'none'
        ? -size
        : surplus === 'forward'
          ? ahead * pageCap + behind
          : behind * pageCap + ahead;
    if (merit > best) {
      best = merit;
      chosen = { current: start / size + 1, size };
    }
  }
  if (chosen === undefined)
    throw new RangeError(`No page of up to ${pageCap} rows holds ${first} to ${last}.`);
  return chosen;
}
