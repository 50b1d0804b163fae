import { MAX_PAGE_SIZE, type PageNumber } from './plan.ts';

/** A page of a plan, with the rows it holds in a list that is long enough: `[lo, hi)`. */
export interface PlannedPage extends PageNumber {
  readonly lo: number;
  readonly hi: number;
}

/**
 * The pages that read a whole list, from the first page of the largest size on. Each begins with the last row of the page
 * before, or earlier, and reaches as far as a page can. They do not depend on the total, and are worked out as needed.
 */
export interface WholePlan {
  pageAt(index: number): PlannedPage;
  /** Number of pages for a list of `total` rows; at most `limit + 1`, however many rows the vendor claims. */
  count(total: number, limit: number): number;
}

/** Pages of the longest list whose end is looked for. */
const MAX_PAGES = 10_000;

/** @param largestPageSize rows of the largest page that the vendor serves. */
export function createWholePlan(largestPageSize: number = MAX_PAGE_SIZE): WholePlan {
  const pages: PlannedPage[] = [pageOf(1, largestPageSize)];

  function pageAt(index: number): PlannedPage {
    let last = pages.at(-1);
    while (last !== undefined && pages.length <= index) {
      last = furthestPage(last.hi - 1, largestPageSize);
      pages.push(last);
    }
    const page = pages[index];
    if (page === undefined) throw new RangeError(`A plan has no page ${index}.`);
    return page;
  }

  return {
    pageAt,
    count(total, limit) {
      let index = 0;
      while (index < limit && pageAt(index).hi < total) index++;
      return pageAt(index).hi < total ? limit + 1 : index + 1;
    },
  };
}

/** The first page of a list and its last, where they are two. */
export function endsOf(plan: WholePlan, total: number): readonly PlannedPage[] {
  const last = plan.count(total, MAX_PAGES) - 1;
  return last === 0 ? [plan.pageAt(0)] : [plan.pageAt(0), plan.pageAt(last)];
}

export function pageOf(current: number, size: number): PlannedPage {
  return { current, size, lo: (current - 1) * size, hi: current * size };
}

/** Of the pages that hold a row and the next, the one that reaches furthest; the next page where no page holds both. */
function furthestPage(row: number, largestPageSize: number): PlannedPage {
  let furthest: PlannedPage | undefined;
  for (let size = largestPageSize; size >= 2; size--) {
    const page = pageOf(Math.floor(row / size) + 1, size);
    if (page.hi >= row + 2 && page.hi > (furthest?.hi ?? 0)) furthest = page;
  }
  return furthest ?? pageOf(Math.floor((row + 1) / largestPageSize) + 1, largestPageSize);
}

/** A page that holds the two rows before `hi`, and as many of the rows from `lo` on as one page can. */
export function pageAround(lo: number, hi: number, largestPageSize: number): PlannedPage {
  let chosen = pageOf(Math.floor(Math.max(0, hi - 1) / largestPageSize) + 1, largestPageSize);
  for (let size = largestPageSize; size >= 2; size--) {
    const page = pageOf(Math.floor(Math.max(0, hi - 2) / size) + 1, size);
    if (page.hi >= hi && (chosen.hi < hi || chosen.lo > Math.max(0, lo)) && page.lo < chosen.lo)
      chosen = page;
  }
  return chosen;
}
