import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isOnOnePage, type PageNumber, planPages, type Range } from '../../../src/paging/plan.ts';
import { createRandom } from '../../../src/sandbox/random.ts';
import { countPagesExhaustively, createPageCount, isHeld, pointsOf } from './fewest-pages.ts';

const window = (lo: number, rows: number): Range => ({ lo, hi: lo + rows });
const countCalls = (lo: number, rows: number) => planPages([window(lo, rows)]).length;
const inCalls = (plan: readonly PageNumber[]) => plan.map(({ current, size }) => [current, size]);

/** How many rows a range has, one of three times a single one. */
const rowCount = (longest: number) =>
  fc.oneof({ weight: 1, arbitrary: fc.constant(1) }, { weight: 2, arbitrary: fc.nat(longest) });

/** Ranges as clients make them: also empty ones, and ones that reach beyond either end. */
function rangesIn(total: number, longest: number): fc.Arbitrary<readonly Range[]> {
  const range = fc
    .tuple(fc.integer({ min: -3, max: total + 3 }), rowCount(longest))
    .map(([lo, rows]) => window(lo, rows));
  return fc.array(range, { maxLength: 6 });
}

const readAhead = fc.constantFrom('forward' as const, 'backward' as const, 'none' as const);
// Caps of 5 and 6 have no page for the pair 59 and 60, one of 11 none for 27,719 and 27,720.
const small = fc.record({ total: fc.nat(60), largestPageSize: fc.integer({ min: 5, max: 7 }), readAhead });
const smallCase = small.chain((options) => fc.tuple(fc.constant(options), rangesIn(options.total, 60)));
const largeCase = fc
  .record({ total: fc.nat(3_000), largestPageSize: fc.integer({ min: 11, max: 100 }), readAhead })
  .chain((options) => fc.tuple(fc.constant(options), rangesIn(options.total, 400)));

const READ_AHEAD_WAYS = ['forward', 'backward', 'around', 'none'] as const;

describe('planPages', () => {
  it('holds every row, and every two neighbours of a range in one page', () => {
    fc.assert(
      fc.property(fc.oneof(smallCase, largeCase), ([options, ranges]) => {
        const plan = planPages(ranges, options);
        const missed = pointsOf(ranges, options.total).filter(
          (point) => !plan.some((page) => isHeld(point, page)),
        );
        expect(missed).toEqual([]);
      }),
    );
  });

  it('asks only for pages that the vendor has: from 1, of 1 to the cap', () => {
    fc.assert(
      fc.property(fc.oneof(smallCase, largeCase), ([options, ranges]) => {
        for (const { current, size } of planPages(ranges, options)) {
          expect(Number.isInteger(current) && current >= 1).toBe(true);
          expect(Number.isInteger(size) && size >= 1 && size <= options.largestPageSize).toBe(true);
          expect((current - 1) * size).toBeLessThan(options.total);
        }
      }),
    );
  });

  it('asks for pages in the order of the list, none twice', () => {
    fc.assert(
      fc.property(fc.oneof(smallCase, largeCase), ([options, ranges]) => {
        const ends = planPages(ranges, options).map(({ current, size }) => current * size);
        expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
      }),
    );
  });

  it('gives the same pages for the same ranges in any order, or given twice', () => {
    fc.assert(
      fc.property(largeCase, ([options, ranges]) => {
        const plan = planPages(ranges, options);
        expect(planPages([...ranges].reverse(), options)).toEqual(plan);
        expect(planPages([...ranges, ...ranges], options)).toEqual(plan);
      }),
    );
  });

  describe('asks for the fewest pages', () => {
    it('by every set of pages, in lists of up to 18 rows, for caps of 5 to 7', () => {
      fc.assert(
        fc.property(
          fc.record({ total: fc.nat(18), largestPageSize: fc.integer({ min: 5, max: 7 }), readAhead }),
          fc.array(
            fc.tuple(fc.nat(18), rowCount(18)).map(([lo, rows]) => window(lo, rows)),
            { maxLength: 4 },
          ),
          (options, ranges) => {
            const points = pointsOf(ranges, options.total);
            const fewest = countPagesExhaustively(points, options.largestPageSize);
            expect(planPages(ranges, options)).toHaveLength(fewest);
            expect(createPageCount(options.largestPageSize)(points)).toBe(fewest);
          },
        ),
        { numRuns: 200 },
      );
    });

    it('for one window of every length, everywhere in a list of 60, for caps of 5, 6 and 7', () => {
      for (const largestPageSize of [5, 6, 7]) {
        const countPages = createPageCount(largestPageSize);
        for (let lo = 0; lo < 60; lo++) {
          for (let rows = 1; lo + rows <= 60; rows++) {
            const ranges = [window(lo, rows)];
            const plan = planPages(ranges, { largestPageSize, total: 60 });
            if (plan.length !== countPages(pointsOf(ranges, 60)))
              throw new Error(`cap ${largestPageSize}, ${lo}+${rows}: ${JSON.stringify(plan)}`);
          }
        }
      }
    });

    it('for many windows at once', () => {
      fc.assert(
        fc.property(smallCase, ([options, ranges]) => {
          const fewest = createPageCount(options.largestPageSize)(pointsOf(ranges, options.total));
          expect(planPages(ranges, options)).toHaveLength(fewest);
        }),
        { numRuns: 500 },
      );
    });

    it('in pages of 100', () => {
      const countPages = createPageCount(100);
      fc.assert(
        fc.property(rangesIn(1_000, 250), readAhead, (ranges, way) => {
          const plan = planPages(ranges, { total: 1_000, readAhead: way });
          expect(plan).toHaveLength(countPages(pointsOf(ranges, 1_000)));
        }),
      );
    });

    it('with ten windows of 20 in a list of 1000: 6.3 on average at most', () => {
      const random = createRandom(20_260_902);
      const countPages = createPageCount(100);
      let calls = 0;
      for (let draw = 0; draw < 1_000; draw++) {
        const ranges = Array.from({ length: 10 }, () => window(Math.floor(random() * 1_000) - 1, 22));
        const plan = planPages(ranges, { total: 1_000 });
        calls += plan.length;
        if (plan.length !== countPages(pointsOf(ranges, 1_000)))
          throw new Error(`draw ${draw}: ${JSON.stringify(ranges)}`);
      }
      expect(calls / 1_000).toBeLessThanOrEqual(6.3);
      expect(calls / 1_000).toBeGreaterThan(5);
    });

    it('never more together than one by one', () => {
      fc.assert(
        fc.property(largeCase, ([options, ranges]) => {
          const apart = ranges.reduce((sum, range) => sum + planPages([range], options).length, 0);
          expect(planPages(ranges, options).length).toBeLessThanOrEqual(apart);
        }),
      );
    });
  });

  describe('for a cap so low that two neighbours stand in no page together', () => {
    it.each([
      [1, 0],
      [2, 1],
      [4, 11],
      [5, 59],
      [7, 419],
      [10, 2_519],
    ])('of %i, refuses the pair at %i, and no pair before it', (largestPageSize, lo) => {
      const refusal = expect.objectContaining({ code: 'UPSTREAM_INCONSISTENT', retryable: false });
      expect(() => planPages([window(lo, 2)], { largestPageSize })).toThrow(refusal);
      for (let before = 0; before < lo; before++)
        expect(planPages([window(before, 2)], { largestPageSize })).toHaveLength(1);
    });

    it('still reads single rows', () => {
      expect(planPages([window(419, 1), window(420, 1)], { largestPageSize: 7 })).toHaveLength(2);
    });
  });

  describe('for nothing', () => {
    it.each([
      ['no range', [], 100],
      ['an empty range', [window(5, 0)], 100],
      ['a range that ends before it begins', [{ lo: 9, hi: 5 }], 100],
      ['a range behind the end', [window(100, 20)], 100],
      ['a range before the start', [window(-20, 20)], 100],
      ['an empty list', [window(0, 20)], 0],
    ])('asks for nothing: %s', (_, ranges, total) => {
      expect(planPages(ranges, { total })).toEqual([]);
    });
  });

  describe('for a window of one page', () => {
    it('asks for one where some size holds it, and for two everywhere else', () => {
      for (let rows = 2; rows <= 100; rows++) {
        for (let lo = 0; lo < 200; lo++) {
          let fits = false;
          for (let size = rows; size <= 100; size++) fits ||= lo % size <= size - rows;
          if (countCalls(lo, rows) !== (fits ? 1 : 2)) throw new Error(`${lo}+${rows}`);
        }
      }
    });

    it('asks for one, of up to 50 rows, at every offset up to 20,000', () => {
      for (let lo = 0; lo < 20_000; lo++) {
        if (countCalls(lo, 50) !== 1) throw new Error(`${lo}`);
      }
    });

    it('asks for one, of up to 50 rows, at any offset up to 135,000,000', () => {
      fc.assert(
        fc.property(fc.nat(135_000_000), fc.integer({ min: 1, max: 50 }), (lo, rows) => {
          expect(countCalls(lo, rows)).toBe(1);
        }),
        { numRuns: 5_000 },
      );
    });

    it('asks for two only at offset 50, of 51 rows, up to 20,000', () => {
      const offsets = Array.from({ length: 20_000 }, (_, lo) => lo).filter((lo) => countCalls(lo, 51) === 2);
      expect(offsets).toEqual([50]);
    });

    it.each([
      [22, 100],
      [50, 100],
      [52, 99.94],
      [75, 98.42],
      [82, 91.75],
      [90, 53.06],
      [101, 0],
      [102, 0],
    ])('reads %i rows in one call at %d %% of the offsets up to 5000', (rows, percent) => {
      let calm = 0;
      for (let lo = 0; lo < 5_000; lo++) if (countCalls(lo, rows) === 1) calm++;
      expect(calm / 50).toBeCloseTo(percent, 1);
    });

    it('takes 1.108 calls on average over all bare windows of up to 100 rows, where pages of 100 take 1.495', () => {
      let calls = 0;
      let fixed = 0;
      for (let lo = 0; lo <= 2_000; lo += 7) {
        for (let rows = 1; rows <= 100; rows++) {
          calls += countCalls(lo, rows);
          fixed += Math.floor((lo + rows - 1) / 100) - Math.floor(lo / 100) + 1;
        }
      }
      const windows = 286 * 100;
      expect(calls / windows).toBeCloseTo(1.108, 2);
      expect(fixed / windows).toBeCloseTo(1.495, 2);
    });
  });

  describe('for a whole list', () => {
    it.each([
      [1, 1],
      [100, 1],
      [101, 2],
      [200, 3],
      [500, 6],
      [1_000, 11],
      [2_000, 23],
      [10_000, 114],
    ])('of %i rows takes %i calls, seams included', (total, calls) => {
      expect(planPages([{ lo: 0, hi: total }], { total })).toHaveLength(calls);
    });

    it('shares a row between every two pages', () => {
      const plan = planPages([{ lo: 0, hi: 10_000 }], { total: 10_000 });
      const starts = plan.map(({ current, size }) => (current - 1) * size);
      const ends = plan.map(({ current, size }) => current * size);
      const overlaps = starts.slice(1).map((start, index) => (ends[index] ?? 0) - start);
      expect(Math.min(...overlaps)).toBeGreaterThanOrEqual(1);
    });

    it('takes the pages that reach furthest', () => {
      expect(inCalls(planPages([{ lo: 0, hi: 200 }], { total: 200 }))).toEqual([
        [1, 100],
        [2, 99],
        [2, 100],
      ]);
    });
  });

  describe('for neighbouring windows', () => {
    it('needs no seam between windows that share no pair', () => {
      const apart = [window(0, 100), window(100, 100)];
      expect(inCalls(planPages(apart, { total: 200 }))).toEqual([
        [1, 100],
        [2, 100],
      ]);
    });

    it('takes windows that share a row for one', () => {
      const together = planPages(
        [
          { lo: 0, hi: 40 },
          { lo: 39, hi: 160 },
        ],
        { total: 160 },
      );
      expect(together).toEqual(planPages([{ lo: 0, hi: 160 }], { total: 160 }));
    });

    it('needs no second page for a single row that is the last of the first', () => {
      const plan = planPages([window(0, 3), window(99, 1)], { total: 200 });
      expect(inCalls(plan)).toEqual([[1, 100]]);
    });

    it('needs one inside a window that two make together', () => {
      const overlapping = [
        { lo: 0, hi: 5 },
        { lo: 3, hi: 8 },
      ];
      const plan = planPages(overlapping, { largestPageSize: 4, total: 8 });
      const pairs = pointsOf([{ lo: 0, hi: 8 }], 8);
      expect(pairs.every((pair) => plan.some((page) => isHeld(pair, page)))).toBe(true);
      expect(plan).toHaveLength(createPageCount(4)(pairs));
    });

    it('reads ten windows of one page by one call', () => {
      const windows = Array.from({ length: 10 }, (_, index) => window(200 + index * 8, 22));
      expect(inCalls(planPages(windows))).toEqual([[3, 100]]);
    });
  });

  describe('at the end of the list', () => {
    it('reads nothing behind it', () => {
      expect(inCalls(planPages([window(95, 22)], { total: 100 }))).toEqual([[1, 100]]);
      expect(planPages([window(399, 102)], { total: 401 })).toHaveLength(1);
      expect(planPages([window(399, 102)])).toHaveLength(2);
    });

    it('wastes no page on rows that do not exist', () => {
      expect(planPages([{ lo: 0, hi: 1_000 }], { total: 100 })).toHaveLength(1);
    });
  });

  describe('that touches the first page', () => {
    it('takes it whole', () => {
      expect(inCalls(planPages([window(0, 21)]))).toEqual([[1, 100]]);
      expect(inCalls(planPages([window(70, 22)]))).toEqual([[1, 100]]);
      expect(inCalls(planPages([window(70, 22)], { readAhead: 'backward' }))).toEqual([[1, 100]]);
      expect(inCalls(planPages([window(0, 21)], { total: 50 }))).toEqual([[1, 100]]);
    });

    it('takes it whole as the first of several, where that costs no call', () => {
      expect(inCalls(planPages([window(0, 101)]))[0]).toEqual([1, 100]);
      expect(inCalls(planPages([window(0, 150)]))[0]).toEqual([1, 100]);
    });

    it('leaves it where it would cost a call', () => {
      expect(planPages([window(90, 22)])).toHaveLength(1);
      expect(inCalls(planPages([window(90, 22)]))).not.toContainEqual([1, 100]);
      expect(inCalls(planPages([window(99, 2)]))).not.toContainEqual([1, 100]);
    });

    it('takes it whenever some plan of as few calls has it', () => {
      fc.assert(
        fc.property(
          fc.record({ total: fc.nat(60), largestPageSize: fc.integer({ min: 5, max: 7 }) }),
          fc.array(
            fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 30 })).map(([lo, rows]) => window(lo, rows)),
            { minLength: 1, maxLength: 4 },
          ),
          ({ total, largestPageSize }, ranges) => {
            const head = { current: 1, size: largestPageSize };
            const points = pointsOf(ranges, total);
            const countPages = createPageCount(largestPageSize);
            const left = points.filter((point) => !isHeld(point, head));
            const isFree = points.length > left.length && countPages(left) + 1 === countPages(points);
            const plan = planPages(ranges, { total, largestPageSize });
            expect(plan.some(({ current, size }) => current === 1 && size === largestPageSize)).toBe(isFree);
          },
        ),
        { numRuns: 500 },
      );
    });

    it('takes no more of it than was asked where no readAhead is wanted', () => {
      expect(inCalls(planPages([window(0, 21)], { readAhead: 'none' }))).toEqual([[1, 21]]);
    });
  });

  describe('beyond what was asked', () => {
    it('goes on forward', () => {
      expect(inCalls(planPages([window(420, 22)], { readAhead: 'forward' }))).toEqual([[6, 84]]);
    });

    it('goes on backward', () => {
      expect(inCalls(planPages([window(420, 22)], { readAhead: 'backward' }))).toEqual([[5, 89]]);
    });

    it('goes on nowhere', () => {
      expect(inCalls(planPages([window(420, 22)], { readAhead: 'none' }))).toEqual([[17, 26]]);
    });

    it('counts no rows that do not exist as readAhead', () => {
      expect(inCalls(planPages([window(420, 22)], { total: 442, readAhead: 'forward' }))).toEqual([[5, 89]]);
    });

    it('reads as many rows ahead, or behind, as any single page can', () => {
      fc.assert(
        fc.property(fc.integer({ min: 100, max: 5_000 }), fc.integer({ min: 1, max: 50 }), (lo, rows) => {
          const hi = lo + rows;
          const fitting = Array.from({ length: 101 - rows }, (_, index) => index + rows)
            .filter((size) => lo % size <= size - rows)
            .map((size) => ({ size, start: lo - (lo % size), end: lo - (lo % size) + size }));
          const [forward] = planPages([{ lo, hi }], { readAhead: 'forward' });
          const [backward] = planPages([{ lo, hi }], { readAhead: 'backward' });
          const [none] = planPages([{ lo, hi }], { readAhead: 'none' });
          const endOf = (page?: PageNumber) => (page?.current ?? 0) * (page?.size ?? 0);
          const startOf = (page?: PageNumber) => ((page?.current ?? 0) - 1) * (page?.size ?? 0);
          expect(endOf(forward)).toBe(Math.max(...fitting.map(({ end }) => end)));
          expect(startOf(backward)).toBe(Math.min(...fitting.map(({ start }) => start)));
          expect(none?.size).toBe(Math.min(...fitting.map(({ size }) => size)));
        }),
      );
    });
  });
});

describe('A plan that may have so many pages', () => {
  it.each(READ_AHEAD_WAYS)('is the whole plan or one page too many, heading %s', (readAhead) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), fc.nat(12), (total, maxPages) => {
        const ranges = [{ lo: 0, hi: total }];
        const whole = planPages(ranges, { readAhead });
        const cut = planPages(ranges, { readAhead, maxPages });
        expect(cut).toHaveLength(Math.min(whole.length, maxPages + 1));
        if (whole.length <= maxPages) expect(cut).toEqual(whole);
      }),
    );
  });

  it.each([10 ** 8, 2 ** 31 - 1, 2 ** 53])('does not grow with a total of %d', (total) => {
    for (const readAhead of READ_AHEAD_WAYS)
      expect(planPages([{ lo: 0, hi: total }], { total, readAhead, maxPages: 120 })).toHaveLength(121);
  });
});

describe('isOnOnePage', () => {
  it('is true where the rows lie inside one page of the size', () => {
    fc.assert(
      fc.property(
        fc.nat(500),
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 100 }),
        (lo, rows, size) => {
          const isInside = Math.floor(lo / size) === Math.floor((lo + rows - 1) / size);
          expect(isOnOnePage(lo, lo + rows, size)).toBe(isInside);
        },
      ),
    );
  });

  it('is true for a range that is a page exactly', () => {
    expect(isOnOnePage(40, 60, 20)).toBe(true);
    expect(isOnOnePage(39, 59, 20)).toBe(false);
    expect(isOnOnePage(41, 61, 20)).toBe(false);
  });
});
