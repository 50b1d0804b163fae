import { MAX_PAGE_SIZE } from '../paging/plan.ts';

/** How long a lower cap is believed, in milliseconds, before the full page size is tried again. */
const CAP_LIFETIME_MS = 10 * 60_000;

/** The largest page that the vendor serves: 100 by its documentation, less once two answers in a row have shown it. */
export interface LargestPageSize {
  get(): number;
  /** Takes note that a larger page was answered with this size. Believed the second time. */
  suspect(size: number): void;
  /** Takes note that a page of this size was served. */
  confirm(size: number): void;
}

export function createLargestPageSize(now: () => number): LargestPageSize {
  let suspected: number | undefined;
  let believed = { size: MAX_PAGE_SIZE, until: Number.POSITIVE_INFINITY };
  return {
    get() {
      if (now() >= believed.until) believed = { size: MAX_PAGE_SIZE, until: Number.POSITIVE_INFINITY };
      return believed.size;
    },
    suspect(size) {
      if (suspected === size) believed = { size, until: now() + CAP_LIFETIME_MS };
      suspected = size;
    },
    confirm(size) {
      if (suspected !== undefined && size > suspected) suspected = undefined;
    },
  };
}
