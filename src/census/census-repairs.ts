import { MAX_PAGE_SIZE } from '../paging/plan.ts';
import type { Row } from '../paging/run.ts';
import { type PlannedPage, pageOf } from '../paging/whole-plan.ts';
import type { PageRead } from './census-step.ts';

/** Smallest page that looks for missing rows, as a share of the largest. */
const MIN_SIZE_SHARE = 0.6;

/**
 * Chooses pages that may hold rows which the planned ones have missed, in a list whose order depends on the page. Where
 * a row came twice, another was pushed out nearby; and what a page holds depends on where it ends.
 */
export interface Repairs {
  /** The page to read next; undefined when there is none left that ends elsewhere than all before. */
  choose(): PlannedPage | undefined;
}

/** @param reads the planned pages. @param total rows in the list; no more than were planned for. */
export function createRepairs(
  reads: readonly PageRead<Row>[],
  total: number,
  largestPageSize: number = MAX_PAGE_SIZE,
): Repairs {
  const weights = weighPlaces(reads, total);
  const usedEnds = new Set(reads.map(({ page }) => page.hi));
  const minSize = Math.max(1, Math.ceil(largestPageSize * MIN_SIZE_SHARE));

  /** The sums of all that lies before each position. */
  function sumUp(): Float64Array {
    const sums = new Float64Array(total + 1);
    for (let at = 0; at < total; at++) sums[at + 1] = (sums[at] ?? 0) + (weights[at] ?? 0);
    return sums;
  }

  return {
    choose() {
      const sums = sumUp();
      const weigh = (lo: number, hi: number) => (sums[Math.min(hi, total)] ?? 0) - (sums[lo] ?? 0);
      let chosen: PlannedPage | undefined;
      let best = -1;
      for (let size = minSize; size <= largestPageSize; size++) {
        for (let current = 1; (current - 1) * size < total; current++) {
          const page = pageOf(current, size);
          if (usedEnds.has(page.hi)) continue;
          const weight = weigh(page.lo, page.hi);
          if (weight <= best) continue;
          best = weight;
          chosen = page;
        }
      }
      if (chosen === undefined) return undefined;
      usedEnds.add(chosen.hi);
      for (let at = chosen.lo; at < Math.min(chosen.hi, total); at++) weights[at] = (weights[at] ?? 0) / 2;
      return chosen;
    },
  };
}

/** How often a row came twice from each position; everywhere the same where none did. */
function weighPlaces(reads: readonly PageRead<Row>[], total: number): Float64Array {
  const weights = new Float64Array(total);
  const positions = new Map<string, number>();
  for (const { page, rows } of reads) {
    for (const [index, { account }] of rows.entries()) {
      const position = page.lo + index;
      const known = positions.get(account);
      positions.set(account, position);
      if (known === undefined || known === position) continue;
      for (const at of [known, position]) if (at < total) weights[at] = (weights[at] ?? 0) + 1;
    }
  }
  return weights.some((weight) => weight > 0) ? weights : weights.fill(1);
}
