import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isWithinPage, meetsPage } from '../../../src/paging/page-number.ts';

const page = fc.record({ current: fc.integer({ min: 1, max: 5 }), size: fc.integer({ min: 1, max: 8 }) });
const range = fc
  .tuple(fc.integer({ min: 0, max: 45 }), fc.integer({ min: 1, max: 12 }))
  .map(([lo, rows]) => ({ lo, hi: lo + rows }));

/** Whether each row of a range stands on a page. */
function rowsOnPage(
  { lo, hi }: { lo: number; hi: number },
  { current, size }: { current: number; size: number },
) {
  return Array.from({ length: hi - lo }, (_, index) => Math.floor((lo + index) / size) + 1 === current);
}

describe('A range of rows', () => {
  it('is within a page that has all of them', () => {
    fc.assert(
      fc.property(range, page, (rows, on) => {
        expect(isWithinPage(rows, on)).toBe(rowsOnPage(rows, on).every(Boolean));
      }),
    );
  });

  it('meets a page that has any of them', () => {
    fc.assert(
      fc.property(range, page, (rows, on) => {
        expect(meetsPage(rows, on)).toBe(rowsOnPage(rows, on).some(Boolean));
      }),
    );
  });
});
