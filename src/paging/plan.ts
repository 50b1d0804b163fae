import { UpstreamInconsistentError } from '../errors/upstream-errors.ts';

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
  readonly largestPageSize?: number;
  /** Rows in the list, where that is known: nothing behind them is read. */
  readonly total?: number | undefined;
  /** Defaults to forward. */
  readonly readAhead?: ReadAhead;
  /**
   * Longest plan, in pages. A longer one is cut to one page more, which shows that it is too long: the vendor's total may
   * be any number, and the work must not grow with it. Defaults to no limit, for ranges that are known to be short.
   */
  readonly maxPages?: number;
}

/**
 * In which direction pages go on beyond what was asked, where that costs no call: the client's direction, both directions
 * for a row that may have moved, or none.
 */
export type ReadAhead = 'forward' | 'backward' | 'around' | 'none';

export const MAX_PAGE_SIZE = 100;

/**
 * The fewest pages that hold all ranges, such that any two neighbouring rows of a range stand together on some page:
 * consecutive pages then share a row, at which they are glued. Ranges that do not overlap need no page in common.
 *
 * To take, from one end, always the page that reaches furthest is optimal: pages are intervals, and what they must hold
 * (pairs of neighbours, or single rows) are points on the same line.
 * @throws {UpstreamInconsistentError} for a largest page so small that two neighbours stand on no page together: under 17
 * rows, the first such pair stands at the least common multiple of all sizes up to it (2520 for 10).
 */
export function planPages(ranges: readonly Range[], options: PlanOptions = {}): readonly PageNumber[] {
  const {
    largestPageSize = MAX_PAGE_SIZE,
    total = Number.POSITIVE_INFINITY,
    readAhead = 'forward',
  } = options;
  const maxSteps = (options.maxPages ?? Number.POSITIVE_INFINITY) + 1;
  const needs = planNeeds(ranges, total);
  const [firstNeed] = needs;
  if (firstNeed === undefined) return [];

  const isHeadUseful =
    readAhead === 'forward' ||
    readAhead === 'backward' ||
    (readAhead === 'around' && total <= largestPageSize);
  return planSteps(needs, largestPageSize, readAhead, maxSteps).map(({ first, last }) =>
    isHeadUseful && last < largestPageSize
      ? { current: 1, size: largestPageSize }
      : choosePage(first, last, largestPageSize, total, readAhead),
  );
}

/** Whether one page of `size` rows holds the rows `[lo, hi)`. Asked for every size, for each page of a plan: so without an object. */
export function isOnOnePage(lo: number, hi: number, size: number): boolean {
  return lo % size <= size - (hi - lo);
}

/** A stretch of rows whose neighbours must stand together; a single row where `hi = lo + 1`. */
type Need = Range;

/** A page of a plan, as the first and last row that it is there for. */
interface Step {
  readonly first: number;
  readonly last: number;
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

function planSteps(
  needs: readonly Need[],
  largestPageSize: number,
  readAhead: ReadAhead,
  maxSteps: number,
): readonly Step[] {
  if (readAhead === 'backward') return planFromRight(needs, largestPageSize, maxSteps);
  const steps = planFromLeft(needs, largestPageSize, maxSteps, undefined);
  if (readAhead === 'none' || (needs[0]?.lo ?? 0) >= largestPageSize) return steps;
  // The first page in full, where that costs no call: a list of one page is then in hand whole.
  const withHead = planFromLeft(needs, largestPageSize, maxSteps, largestPageSize);
  return withHead.length <= steps.length ? withHead : steps;
}

/** @param firstEnd how far the first page reaches, when it is not to be the furthest. */
function planFromLeft(
  needs: readonly Need[],
  largestPageSize: number,
  maxSteps: number,
  firstEnd: number | undefined,
): readonly Step[] {
  const steps: Step[] = [];
  let end = 0;
  for (const need of needs) {
    const last = steps.at(-1);
    // The page before also serves the beginning of a need that starts inside it.
    if (last !== undefined && need.lo < end) {
      steps[steps.length - 1] = { ...last, last: Math.max(last.last, Math.min(end, need.hi) - 1) };
    }
    const isSingle = need.hi - need.lo === 1;
    // What is left of this need: from the pair across the last page's end, or all of it.
    let at = need.lo < end ? (isSingle ? need.hi : Math.max(need.lo, end - 1)) : need.lo;
    while (at < need.hi - 1 || (isSingle && at < need.hi)) {
      const forced = steps.length === 0 ? firstEnd : undefined;
      end = forced ?? reach(at, isSingle ? at + 1 : at + 2, largestPageSize).hi;
      steps.push({ first: at, last: Math.min(end, need.hi) - 1 });
      if (steps.length >= maxSteps) return steps;
      at = isSingle ? need.hi : end - 1;
    }
  }
  return steps;
}

/** The same from the other end: as few pages, and what they can spare lies before them. */
function planFromRight(needs: readonly Need[], largestPageSize: number, maxSteps: number): readonly Step[] {
  const steps: Step[] = [];
  let start = Number.POSITIVE_INFINITY;
  for (const need of needs.toReversed()) {
    const last = steps.at(-1);
    if (last !== undefined && need.hi > start) {
      steps[steps.length - 1] = { ...last, first: Math.min(last.first, Math.max(start, need.lo)) };
    }
    const isSingle = need.hi - need.lo === 1;
    let at = need.hi > start ? (isSingle ? need.lo : Math.min(need.hi, start + 1)) : need.hi;
    while (at - 1 > need.lo || (isSingle && at > need.lo)) {
      start = reach(isSingle ? at - 1 : at - 2, at, largestPageSize).lo;
      steps.push({ first: Math.max(start, need.lo), last: at - 1 });
      if (steps.length >= maxSteps) return steps.reverse();
      at = isSingle ? need.lo : start + 1;
    }
  }
  return steps.reverse();
}

/** How far pages that hold the rows `[lo, hi)` can reach: the lowest start of any such page, and the highest end. */
function reach(lo: number, hi: number, largestPageSize: number): Range {
  let start = lo;
  let end = 0;
  for (let size = largestPageSize; size >= hi - lo; size--) {
    if (!isOnOnePage(lo, hi, size)) continue;
    const pageStart = lo - (lo % size);
    start = Math.min(start, pageStart);
    end = Math.max(end, pageStart + size);
  }
  if (end === 0)
    throw new UpstreamInconsistentError(`no page of up to ${largestPageSize} rows holds ${lo} to ${hi - 1}`, {
      retryable: false,
    });
  return { lo: start, hi: end };
}

/** Among the pages that hold the rows `first` to `last`, the one with the most useful read-ahead. */
function choosePage(
  first: number,
  last: number,
  largestPageSize: number,
  total: number,
  readAhead: ReadAhead,
): PageNumber {
  const end = last + 1;
  let chosen: PageNumber | undefined;
  let best = Number.NEGATIVE_INFINITY;
  for (let size = largestPageSize; size >= end - first; size--) {
    if (!isOnOnePage(first, end, size)) continue;
    const start = first - (first % size);
    const ahead = Math.min(start + size, total) - end;
    const behind = first - start;
    const merit = meritOf(readAhead, size, ahead, behind);
    if (merit > best) {
      best = merit;
      chosen = { current: start / size + 1, size };
    }
  }
  if (chosen === undefined)
    throw new RangeError(`No page of up to ${largestPageSize} rows holds ${first} to ${last}.`);
  return chosen;
}

/** Ranks pages by the rows that they have beyond what was asked: one row on the wanted side outweighs all on the other. */
function meritOf(readAhead: ReadAhead, size: number, ahead: number, behind: number): number {
  switch (readAhead) {
    case 'forward':
      return ahead * MAX_PAGE_SIZE + behind;
    case 'backward':
      return behind * MAX_PAGE_SIZE + ahead;
    case 'around':
      return Math.min(ahead, behind) * 2 * MAX_PAGE_SIZE + ahead + behind;
    case 'none':
      return -size;
  }
}
