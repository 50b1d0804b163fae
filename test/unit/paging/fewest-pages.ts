import type { PageNumber, Range } from '../../../src/paging/plan.ts';

/**
 * What a plan has to hold, as points on a line: a pair of neighbours is the point between them, a single row is itself.
 * A page `[start, end)` holds the points from `start` to `end - 1`.
 */
export function pointsOf(ranges: readonly Range[], total: number): readonly number[] {
  const points = new Set<number>();
  for (const range of ranges) {
    const lo = Math.max(0, range.lo);
    const hi = Math.min(total, range.hi);
    if (hi - lo === 1) points.add(lo);
    for (let row = lo; row + 1 < hi; row++) points.add(row + 0.5);
  }
  return [...points].sort((a, b) => a - b);
}

export function isHeld(point: number, page: PageNumber): boolean {
  const start = (page.current - 1) * page.size;
  return start <= point && point <= start + page.size - 1;
}

/** Every page that the vendor has and that holds a point, one for each size at most. */
function pagesThatHold(point: number, largestPageSize: number): readonly PageNumber[] {
  return Array.from({ length: largestPageSize }, (_, index) => {
    const size = index + 1;
    return { current: Math.floor(point / size) + 1, size };
  }).filter((page) => isHeld(point, page));
}

/**
 * The fewest pages that hold all points, by dynamic programming over all pages: the first k points cost one page that
 * holds the k-th and what is left of it. Knows nothing of how the planner goes about it.
 */
export function createPageCount(largestPageSize: number): (points: readonly number[]) => number {
  /** Where the pages that hold a point start, the last of them first. */
  const starts = new Map<number, readonly number[]>();
  const startsAt = (point: number) => {
    const known = starts.get(point);
    if (known !== undefined) return known;
    const found = new Set(
      pagesThatHold(point, largestPageSize).map((page) => (page.current - 1) * page.size),
    );
    const sorted = [...found].sort((a, b) => b - a);
    starts.set(point, sorted);
    return sorted;
  };
  return (points) => {
    const costs = [0];
    for (const [index, point] of points.entries()) {
      let least = Number.POSITIVE_INFINITY;
      let left = index;
      for (const start of startsAt(point)) {
        while (left > 0 && (points[left - 1] ?? 0) >= start) left--;
        const cost = (costs[left] ?? 0) + 1;
        if (cost < least) least = cost;
      }
      costs.push(least);
    }
    return costs.at(-1) ?? 0;
  };
}

/** The same by trying every set of pages, one page more at a time. For up to 30 points. */
export function countPagesExhaustively(points: readonly number[], largestPageSize: number): number {
  const all = 2 ** points.length - 1;
  const pages = points.flatMap((point) => pagesThatHold(point, largestPageSize));
  const held = [
    ...new Set(
      pages.map((page) => points.reduce((set, point, i) => (isHeld(point, page) ? set | (1 << i) : set), 0)),
    ),
  ];
  let sets = new Set([0]);
  for (let count = 0; ; count++) {
    if (sets.has(all)) return count;
    sets = new Set([...sets].flatMap((set) => held.map((more) => set | more)));
  }
}
