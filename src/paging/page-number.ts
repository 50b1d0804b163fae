import type { PageNumber, Range } from './plan.ts';

/** The same text for equal pages, to look them up by. */
export function nameOfPage({ current, size }: PageNumber): string {
  return `${current}/${size}`;
}

export function isSamePage(a: PageNumber, b: PageNumber): boolean {
  return a.current === b.current && a.size === b.size;
}

/** Whether a page holds all rows of a range. */
export function isWithinPage({ lo, hi }: Range, { current, size }: PageNumber): boolean {
  return lo >= (current - 1) * size && hi <= current * size;
}

/** Whether a page holds any row of a range. */
export function meetsPage({ lo, hi }: Range, page: PageNumber | undefined): boolean {
  return page !== undefined && lo < page.current * page.size && hi > (page.current - 1) * page.size;
}
