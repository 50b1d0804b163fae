import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createWholePlan, pageAround, pageOf } from '../../../src/paging/whole-plan.ts';

describe('pageAround', () => {
  it('holds all of a stretch where any page does, or else as much before its end as any page holds', () => {
    const stretch = fc.record({
      lo: fc.integer({ min: -50, max: 600 }),
      rows: fc.integer({ min: 2, max: 63 }),
      largestPageSize: fc.integer({ min: 2, max: 100 }),
    });
    fc.assert(
      fc.property(stretch, ({ lo, rows, largestPageSize }) => {
        const hi = Math.max(2, lo + rows);
        let best = Number.POSITIVE_INFINITY;
        for (let size = 2; size <= largestPageSize; size++) {
          const page = pageOf(Math.floor((hi - 1) / size) + 1, size);
          if (page.lo <= hi - 2) best = Math.min(best, page.lo);
        }
        const page = pageAround(lo, hi, largestPageSize);
        expect(page.hi).toBeGreaterThanOrEqual(hi);
        expect(page.lo).toBeLessThanOrEqual(Math.max(0, lo, best));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('createWholePlan', () => {
  it.each(Array.from({ length: 100 }, (_, index) => index + 1))(
    'reads on to the end of a list by pages of up to %i rows, each with the last row of the one before where any page has it',
    (largestPageSize) => {
      const plan = createWholePlan(largestPageSize);
      const total = 6_000;
      const count = plan.count(total, total);
      expect(plan.pageAt(0)).toEqual(pageOf(1, largestPageSize));
      for (let index = 1; index < count; index++) {
        const { hi: row } = plan.pageAt(index - 1);
        const page = plan.pageAt(index);
        const sizes = Array.from({ length: largestPageSize }, (_, size) => size + 1);
        const canShare = sizes.some((size) => row % size !== 0);
        expect(page.lo).toBeLessThanOrEqual(canShare ? row - 1 : row);
        expect(page.hi).toBeGreaterThan(row);
      }
      expect(plan.pageAt(count - 1).hi).toBeGreaterThanOrEqual(total);
      expect(count === 1 || plan.pageAt(count - 2).hi < total).toBe(true);
    },
  );
});
