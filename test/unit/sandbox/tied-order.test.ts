import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sliceTiedRows } from '../../../src/sandbox/tied-order.ts';

function createRows(count: number) {
  return Array.from({ length: count }, (_, i) => ({ account: String(i) }));
}

/** Scrolls once through all pages and counts what came twice and what never came. */
function scroll(total: number, batchSize: number, size: number): { duplicates: number; missing: number } {
  const rows = createRows(total);
  const seen: string[] = [];
  for (let offset = 0; offset < total; offset += size) {
    seen.push(...sliceTiedRows(rows, batchSize, offset, size).map(({ account }) => account));
  }
  const distinct = new Set(seen).size;
  return { duplicates: seen.length - distinct, missing: total - distinct };
}

describe('sliceTiedRows', () => {
  // MariaDB 10.11 gave 66 and 17 for batches of 30.
  it.each([
    [7, 20, 19],
    [7, 100, 4],
    [30, 20, 58],
    [30, 100, 11],
    [37, 20, 94],
    [37, 100, 19],
  ])(
    'in batches of %i repeats and misses rows of 1000 in a calm scroll by pages of %i: %i',
    (batchSize, size, count) => {
      expect(scroll(1000, batchSize, size)).toEqual({ duplicates: count, missing: count });
    },
  );

  it('spoils the scroll of the sample app too', () => {
    expect(scroll(437, 30, 20)).toEqual({ duplicates: 29, missing: 29 });
    expect(scroll(437, 30, 100)).toEqual({ duplicates: 3, missing: 3 });
  });

  it('answers a call repeated with the same rows', () => {
    const rows = createRows(1000);
    expect(sliceTiedRows(rows, 30, 40, 20)).toEqual(sliceTiedRows(rows, 30, 40, 20));
  });

  it('is in order where no two rows tie', () => {
    expect(scroll(1000, 1, 20)).toEqual({ duplicates: 0, missing: 0 });
    expect(sliceTiedRows(createRows(1000), 1, 20, 3)).toEqual([
      { account: '20' },
      { account: '21' },
      { account: '22' },
    ]);
  });

  it('keeps each row within its batch, answers as many rows as a calm page has, and none twice', () => {
    const rows = createRows(500);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.nat(600),
        fc.integer({ min: 1, max: 100 }),
        (batch, offset, limit) => {
          const positions = sliceTiedRows(rows, batch, offset, limit).map(({ account }) => Number(account));
          const calm = rows.slice(offset, offset + limit).map(({ account }) => Number(account));
          expect(positions.map((p) => Math.floor(p / batch))).toEqual(calm.map((p) => Math.floor(p / batch)));
          expect(new Set(positions).size).toBe(positions.length);
        },
      ),
    );
  });
});
