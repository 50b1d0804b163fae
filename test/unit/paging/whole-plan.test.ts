import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pageAround, pageOf } from '../../../src/paging/whole-plan.ts';

describe('pageAround', () => {
  it('holds all of a stretch where any page does, or else as much before its end as any page holds', () => {
    const stretch = fc.record({
      lo: fc.integer({ min: -50, max: 600 }),
      rows: fc.integer({ min: 2, max: 63 }),
      pageCap: fc.integer({ min: 5, max: 100 }),
    });
    fc.assert(
      fc.property(stretch, ({ lo, rows, pageCap }) => {
        const hi = Math.max(2, lo + rows);
        let best = Number.POSITIVE_INFINITY;
        for (let size = 2; size <= pageCap; size++) {
          const page = pageOf(Math.floor((hi - 1) / size) + 1, size);
          if (page.lo <= hi - 2) best = Math.min(best, page.lo);
        }
        const page = pageAround(lo, hi, pageCap);
        expect(page.hi).toBeGreaterThanOrEqual(hi);
        expect(page.lo).toBeLessThanOrEqual(Math.max(0, lo, best));
      }),
      { numRuns: 1000 },
    );
  });
});
