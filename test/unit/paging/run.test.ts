import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  emptyRunAtEnd,
  endOf,
  glue,
  holds,
  isInOneOrder,
  isTail,
  joinEqual,
  type Row,
  type Run,
  runFromPage,
} from '../../../src/paging/run.ts';
import { accountsOf, changedLists, listOf, rowsOf, runOf } from './changing-list.ts';

/** A run of single-letter accounts. */
function run(lo: number, accounts: string, total: number, rest: Partial<Run<Row>> = {}): Run<Row> {
  return { ...runFromPage({ lo, rows: rowsOf(...accounts), total, readAt: 0 }), ...rest };
}

/** Two bounds of a slice, of at least one row where there is one. */
const bounds = (total: number) =>
  fc
    .tuple(fc.nat(Math.max(0, total - 1)), fc.nat(Math.max(0, total - 1)))
    .map(([x, y]) => ({ lo: Math.min(x, y), hi: Math.max(x, y) + 1 }));

describe('runFromPage', () => {
  it('knows the head of the list by its position', () => {
    expect(run(0, 'abc', 9).isHead).toBe(true);
    expect(run(1, 'bcd', 9).isHead).toBe(false);
  });
});

describe('endOf, isTail', () => {
  it('tell where it ends, and whether the list ends there', () => {
    expect(endOf(run(3, 'def', 9))).toBe(6);
    expect(isTail(run(3, 'def', 9))).toBe(false);
    expect(isTail(run(3, 'def', 7))).toBe(false);
    expect(isTail(run(3, 'def', 6))).toBe(true);
    expect(isTail(run(0, '', 0))).toBe(true);
  });
});

describe('emptyRunAtEnd', () => {
  it('stands behind the last row and holds nothing before it', () => {
    const end = emptyRunAtEnd(9);
    expect(end).toMatchObject({ lo: 9, rows: [], total: 9, isHead: false });
    expect(holds(end, 9, 20)).toBe(true);
    expect(holds(end, 8, 20)).toBe(false);
  });

  it('is all of an empty list', () => {
    expect(emptyRunAtEnd(0)).toMatchObject({ lo: 0, rows: [], total: 0, isHead: true });
    expect(holds(emptyRunAtEnd(0), 0, 20)).toBe(true);
  });
});

describe('holds', () => {
  it.each([
    ['what it is', 3, 6, true],
    ['a part of it', 4, 5, true],
    ['a row before it', 2, 6, false],
    ['a row behind it', 3, 7, false],
  ])('of rows 3 to 5 of 9: %s', (_, lo, hi, isHeld) => {
    expect(holds(run(3, 'def', 9), lo, hi)).toBe(isHeld);
  });

  it('asks for nothing before the first row or behind the last', () => {
    expect(holds(run(0, 'abc', 9), -1, 3)).toBe(true);
    expect(holds(run(6, 'ghi', 9), 6, 30)).toBe(true);
    expect(holds(run(0, 'abc', 3), -5, 30)).toBe(true);
    expect(holds(run(6, 'ghi', 9), -1, 9)).toBe(false);
  });

  it('knows the head though its position was counted off', () => {
    expect(holds(run(2, 'cde', 9, { isHead: true }), -1, 5)).toBe(true);
    expect(holds(run(-2, 'abcde', 9, { isHead: true }), -3, 3)).toBe(true);
  });

  it('is true exactly where every row of the range is in the run', () => {
    const total = fc.integer({ min: 1, max: 40 });
    const slices = total.chain((length) => fc.tuple(fc.constant(length), bounds(length)));
    fc.assert(
      fc.property(slices, fc.integer({ min: -5, max: 39 }), fc.nat(45), ([length, at], lo, rows) => {
        const hi = lo + rows;
        fc.pre(lo < length && hi > 0 && rows > 0);
        const slice = runOf(listOf(length), at.lo, at.hi);
        const asked = listOf(length).slice(Math.max(0, lo), hi);
        expect(holds(slice, lo, hi)).toBe(asked.every((account) => accountsOf(slice).includes(account)));
      }),
    );
  });
});

describe('joinEqual', () => {
  it('joins runs that share a row', () => {
    const joined = joinEqual(run(2, 'cde', 9, { readAt: 7 }), run(4, 'efg', 9, { readAt: 5 }));
    expect(joined).toEqual(run(2, 'cdefg', 9, { readAt: 5 }));
  });

  it('is as old as the older of the two, even where one holds the other', () => {
    const outer = run(0, 'abcdef', 9, { readAt: 7 });
    expect(joinEqual(outer, run(2, 'cd', 9, { readAt: 5 }))).toEqual({ ...outer, readAt: 5 });
    expect(joinEqual(run(2, 'cd', 9, { readAt: 5 }), outer)).toEqual({ ...outer, readAt: 5 });
  });

  it.each([
    ['they share no row', run(0, 'abc', 9), run(3, 'def', 9)],
    ['there is a gap between them', run(0, 'abc', 9), run(5, 'fgh', 9)],
    ['the total has changed', run(0, 'abc', 9), run(2, 'cde', 8)],
    ['the shared row is another', run(0, 'abc', 9), run(2, 'xde', 9)],
    ['one of the shared rows is another', run(0, 'abcd', 9), run(1, 'bxde', 9)],
    ['the last row of the inner one is another', run(0, 'abcdef', 9), run(1, 'bcx', 9)],
    ['one has no rows', run(0, 'abc', 9), run(9, '', 9)],
  ])('joins nothing where %s', (_, a, b) => {
    expect(joinEqual(a, b)).toBe(undefined);
    expect(joinEqual(b, a)).toBe(undefined);
  });

  it('joins what was read of an empty list', () => {
    expect(joinEqual(run(0, '', 0), run(0, '', 0))).toMatchObject({
      lo: 0,
      rows: [],
      total: 0,
      isHead: true,
    });
  });

  it('leaves both runs as they were', () => {
    const a = run(0, 'abc', 9);
    const b = run(2, 'cde', 9);
    joinEqual(a, b);
    expect(a).toEqual(run(0, 'abc', 9));
    expect(b).toEqual(run(2, 'cde', 9));
  });

  it('makes of two slices of one list, in either order, the slice that spans both, if they overlap', () => {
    const slices = fc
      .integer({ min: 1, max: 60 })
      .chain((total) => fc.tuple(fc.constant(total), bounds(total), bounds(total)));
    fc.assert(
      fc.property(slices, ([total, x, y]) => {
        const list = listOf(total);
        const a = runOf(list, x.lo, x.hi, 1);
        const b = runOf(list, y.lo, y.hi, 2);
        const overlap = Math.min(x.hi, y.hi) - Math.max(x.lo, y.lo);
        const span = runOf(list, Math.min(x.lo, y.lo), Math.max(x.hi, y.hi), 1);
        expect(joinEqual(a, b)).toEqual(overlap > 0 ? span : undefined);
        expect(joinEqual(b, a)).toEqual(overlap > 0 ? span : undefined);
      }),
    );
  });
});

describe('glue', () => {
  it('puts together two pages of a calm list', () => {
    expect(glue(run(0, 'abc', 9, { readAt: 7 }), run(2, 'cde', 9, { readAt: 5 }))).toEqual({
      kind: 'joined',
      moved: false,
      run: run(0, 'abcde', 9, { readAt: 5 }),
    });
  });

  it.each([
    ['a row came before the seam', run(0, 'abcd', 9), run(3, 'cdef', 10), 'abcdef', 1],
    ['two rows came before the seam', run(0, 'abcd', 9), run(4, 'cdef', 11), 'abcdef', 2],
    ['a row left before the seam', run(0, 'abcd', 9), run(2, 'defg', 8), 'abcdefg', -1],
    ['the seam row left', run(0, 'abcd', 9), run(2, 'cefg', 8), 'abcefg', 0],
    ['the seam row and the one before it left', run(0, 'abcd', 9), run(1, 'befg', 7), 'abefg', 0],
    ['the seam row left and another came there', run(0, 'abcd', 9), run(2, 'cXef', 9), 'abcXef', 0],
    ['the seam row left, and with it the rest of the list', run(0, 'abcd', 6), run(1, 'bc', 3), 'abc', 0],
  ])('finds the seam where %s', (_, first, next, accounts, lo) => {
    expect(glue(first, next)).toEqual({
      kind: 'joined',
      moved: true,
      run: { ...run(lo, accounts, next.total), isHead: true },
    });
  });

  it('is as old as the older of the two', () => {
    const joined = glue(run(0, 'abc', 9, { readAt: 5 }), run(2, 'cde', 9, { readAt: 7 }));
    expect(joined).toMatchObject({ run: { readAt: 5 } });
  });

  it('takes a row that came right behind the seam', () => {
    expect(glue(run(0, 'abcd', 9), run(2, 'cdXef', 10))).toEqual({
      kind: 'joined',
      moved: false,
      run: run(0, 'abcdXef', 10),
    });
  });

  it('notices a seam that moved though the total is the same', () => {
    expect(glue(run(0, 'abcd', 9), run(3, 'cdef', 9))).toMatchObject({ kind: 'joined', moved: true });
  });

  it.each([
    ['nothing is shared', run(0, 'abc', 9), run(3, 'def', 9)],
    ['more rows left before the seam than overlap', run(0, 'abcd', 9), run(3, 'efgh', 8)],
    ['nothing follows the shared row, but rows of the first did', run(0, 'abcd', 9), run(1, 'bc', 9)],
    ['the second has no rows', run(0, 'abc', 9), run(9, '', 9)],
    ['the first has no rows', run(9, '', 9), run(0, 'abc', 9)],
  ])('has a gap where %s', (_, first, next) => {
    expect(glue(first, next)).toEqual({ kind: 'gap' });
  });

  it.each([
    ['two shared rows have changed places', run(0, 'abcd', 9), run(2, 'dcef', 9)],
    ['a row before the seam stands behind it now', run(0, 'abcd', 9), run(2, 'cdea', 9)],
    ['a row before the seam stands right behind it', run(0, 'abcd', 9), run(3, 'dbef', 9)],
    ['all are reversed', run(0, 'abcd', 9), run(1, 'dcba', 9)],
    ['an account stands twice in the second', run(0, 'abcd', 9), run(3, 'defd', 9)],
    ['an account stands twice in the first', run(0, 'abcb', 9), run(3, 'bdef', 9)],
  ])('names the disorder where %s', (_, first, next) => {
    expect(glue(first, next)).toEqual({ kind: 'disorder' });
  });

  it('keeps what the first knew of the head', () => {
    expect(glue(run(2, 'cde', 9), run(4, 'efg', 9))).toMatchObject({ run: { lo: 2, isHead: false } });
    expect(glue(run(2, 'cde', 9), run(0, 'efg', 5))).toMatchObject({ run: { lo: -2, isHead: false } });
    expect(glue(run(0, 'abc', 9), run(6, 'cde', 13))).toMatchObject({ run: { lo: 4, isHead: true } });
  });

  describe('under any change between two pages', () => {
    const cases = changedLists(60)
      .filter(({ before, after }) => before.length > 0 && after.length > 0)
      .chain((list) => fc.tuple(fc.constant(list), bounds(list.before.length), bounds(list.after.length)));

    it('shows every row that stayed exactly once and in order, or has a gap', () => {
      fc.assert(
        fc.property(cases, ([{ before, after, stayed }, x, y]) => {
          const first = runOf(before, x.lo, x.hi);
          const next = runOf(after, y.lo, y.hi);
          const seam = glue(first, next);
          expect(seam.kind).not.toBe('disorder');
          if (seam.kind !== 'joined') return;
          const accounts = accountsOf(seam.run);
          expect(new Set(accounts).size).toBe(accounts.length);
          const from = stayed.findIndex((account) => accountsOf(first).includes(account));
          const to = stayed.findLastIndex((account) => accountsOf(next).includes(account));
          const isStaying = new Set(stayed);
          expect(accounts.filter((account) => isStaying.has(account))).toEqual(stayed.slice(from, to + 1));
        }),
        { numRuns: 1_000 },
      );
    });

    it('is joined wherever the last row of the first is in the second', () => {
      fc.assert(
        fc.property(cases, ([{ before, after }, x, y]) => {
          const first = runOf(before, x.lo, x.hi);
          const next = runOf(after, y.lo, y.hi);
          const seamRow = before[x.hi - 1] ?? '';
          fc.pre(accountsOf(next).includes(seamRow));
          expect(glue(first, next)).toMatchObject({
            kind: 'joined',
            moved: after.indexOf(seamRow) !== x.hi - 1,
          });
        }),
        { numRuns: 500 },
      );
    });

    it('ends with the second, at positions of that moment', () => {
      fc.assert(
        fc.property(cases, ([{ before, after }, x, y]) => {
          const seam = glue(runOf(before, x.lo, x.hi, 4), runOf(after, y.lo, y.hi, 3));
          if (seam.kind !== 'joined') return;
          const { run: joined } = seam;
          expect(joined).toMatchObject({ total: after.length, isHead: x.lo === 0, readAt: 3 });
          expect(endOf(joined)).toBe(y.hi);
          expect(accountsOf(joined).at(-1)).toBe(after[y.hi - 1]);
        }),
        { numRuns: 500 },
      );
    });

    it('never moves a list that has not changed', () => {
      const calm = fc
        .integer({ min: 1, max: 60 })
        .chain((total) => fc.tuple(fc.constant(total), bounds(total), bounds(total)));
      fc.assert(
        fc.property(calm, ([total, x, y]) => {
          fc.pre(x.lo <= y.lo && y.lo < x.hi && x.hi <= y.hi);
          const list = listOf(total);
          expect(glue(runOf(list, x.lo, x.hi), runOf(list, y.lo, y.hi))).toEqual({
            kind: 'joined',
            moved: false,
            run: runOf(list, x.lo, y.hi),
          });
        }),
      );
    });
  });
});

describe('isInOneOrder', () => {
  it.each([
    ['rows that came and went', 'abcde', 'aXcYe', true],
    ['nothing that is shared', 'abc', 'def', true],
    ['no rows', '', 'abc', true],
    ['two rows that changed places', 'abcde', 'acbde', false],
    ['the first and the last that changed places', 'abc', 'cba', false],
    ['a row that moved to the end', 'abcde', 'bcdea', false],
    ['a row that stands twice', 'abc', 'abca', false],
  ])('says of %s: %s and %s', (_, a, b, isOrdered) => {
    expect(isInOneOrder(run(0, a, 9), run(0, b, 9))).toBe(isOrdered);
    expect(isInOneOrder(run(0, b, 9), run(0, a, 9))).toBe(isOrdered);
  });

  it('is true of a list at any two moments, while rows that stay keep their order', () => {
    fc.assert(
      fc.property(changedLists(60), ({ before, after }) => {
        const a = runOf(before, 0, before.length);
        const b = runOf(after, 0, after.length);
        expect(isInOneOrder(a, b)).toBe(true);
        expect(isInOneOrder(b, a)).toBe(true);
      }),
    );
  });

  it('is false once two rows that stayed have changed places', () => {
    fc.assert(
      fc.property(changedLists(60), fc.nat(), fc.nat(), ({ before, after, stayed }, x, y) => {
        fc.pre(stayed.length > 1);
        const one = stayed[x % stayed.length] ?? '';
        const other = stayed[y % stayed.length] ?? '';
        fc.pre(one !== other);
        const swapped = after.map((account) => (account === one ? other : account === other ? one : account));
        expect(isInOneOrder(runOf(before, 0, before.length), runOf(swapped, 0, swapped.length))).toBe(false);
      }),
    );
  });
});
