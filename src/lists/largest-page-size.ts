import type { Clock } from '../domain/clock.ts';
import { MAX_PAGE_SIZE } from '../paging/plan.ts';
import { createWholePlan, type WholePlan } from '../paging/whole-plan.ts';

/** How long a smaller largest page is believed, in milliseconds, before the full page size is tried again. */
const SMALLER_LIFETIME_MS = 10 * 60_000;

/** The largest page that the vendor serves: 100 by its documentation, less once two answers in a row have shown it. */
export interface LargestPageSize {
  get(): number;
  /** The plan of a whole list by pages of this size, worked out once for all. */
  getWholePlan(): WholePlan;
  /** Takes note that a larger page was answered with this size. Believed the second time. */
  suspect(size: number): void;
  /** Takes note that a page of this size was served. */
  confirm(size: number): void;
}

export function createLargestPageSize({ monotonicNow }: Pick<Clock, 'monotonicNow'>): LargestPageSize {
  let suspected: number | undefined;
  let believed = { size: MAX_PAGE_SIZE, until: Number.POSITIVE_INFINITY };
  let plan = { size: MAX_PAGE_SIZE, pages: createWholePlan(MAX_PAGE_SIZE) };

  function get(): number {
    if (monotonicNow() >= believed.until) believed = { size: MAX_PAGE_SIZE, until: Number.POSITIVE_INFINITY };
    return believed.size;
  }

  return {
    get,
    getWholePlan() {
      const size = get();
      if (plan.size !== size) plan = { size, pages: createWholePlan(size) };
      return plan.pages;
    },
    suspect(size) {
      if (suspected === size) believed = { size, until: monotonicNow() + SMALLER_LIFETIME_MS };
      suspected = size;
    },
    confirm(size) {
      if (suspected !== undefined && size > suspected) suspected = undefined;
    },
  };
}
