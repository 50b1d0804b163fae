import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCursorCodec } from '../../../src/paging/cursor.ts';
import {
  type ConnectionArguments,
  DEFAULT_WINDOW_SIZE,
  MAX_WINDOW_SIZE,
  parseWindow,
  spanOf,
} from '../../../src/paging/window.ts';
import { applyCursorsToEdges, edgesToReturn, type ModelArguments } from './relay-model.ts';

const codec = createCursorCodec([new Uint8Array(32)]);
const cursors = codec.forApp('4luaKsL2');
const row5 = cursors.encodeRow(5, 50, 'test_006', 'test_005');
const row9 = cursors.encodeRow(9, 50, 'test_010', 'test_009');

describe('parseWindow', () => {
  const parse = (args: ConnectionArguments) => parseWindow(args, cursors);
  const cursorAt = (position: number) => expect.objectContaining({ kind: 'row', position, total: 50 });

  it('offers 25 rows where no size is given, and 100 at most', () => {
    expect(DEFAULT_WINDOW_SIZE).toBe(25);
    expect(MAX_WINDOW_SIZE).toBe(100);
  });

  it.each([
    ['the first 25 for no argument', {}, { from: 'start', size: 25 }],
    [
      'the first 25 for nulls',
      { first: null, after: null, last: null, before: null },
      { from: 'start', size: 25 },
    ],
    ['the first 25 for empty cursors', { after: '', before: '' }, { from: 'start', size: 25 }],
    ['the first rows', { first: 7 }, { from: 'start', size: 7 }],
    ['the last rows', { last: 7 }, { from: 'end', size: 7 }],
    ['the first rows where last is null', { first: 7, last: null }, { from: 'start', size: 7 }],
    ['the last rows where first is null', { first: null, last: 7 }, { from: 'end', size: 7 }],
    ['no row from the start', { first: 0 }, { from: 'start', size: 0 }],
    ['no row from the end', { last: 0 }, { from: 'end', size: 0 }],
    ['100 from the start', { first: 100 }, { from: 'start', size: 100 }],
    ['100 from the end', { last: 100 }, { from: 'end', size: 100 }],
  ])('reads %s', (_, args, window) => {
    expect(parse(args)).toEqual({ ...window, after: undefined, before: undefined });
  });

  it.each([
    ['the first rows after a cursor', { first: 7, after: row5 }, 'start', 7, 5, undefined],
    ['the first rows between two', { first: 7, after: row5, before: row9 }, 'start', 7, 5, 9],
    ['the first rows before a cursor', { first: 7, before: row9 }, 'start', 7, undefined, 9],
    ['the last rows before a cursor', { last: 7, before: row9 }, 'end', 7, undefined, 9],
    ['the last rows between two', { last: 7, after: row5, before: row9 }, 'end', 7, 5, 9],
    ['the last rows after a cursor', { last: 7, after: row5 }, 'end', 7, 5, undefined],
    ['the first 25 after a cursor alone', { after: row5 }, 'start', 25, 5, undefined],
    ['the last 25 before a cursor alone', { before: row9 }, 'end', 25, undefined, 9],
    ['the last 25 where after is empty', { after: '', before: row9 }, 'end', 25, undefined, 9],
    ['the first 25 between two alone', { after: row5, before: row9 }, 'start', 25, 5, 9],
  ])('reads %s', (_, args, from, size, after, before) => {
    expect(parse(args)).toEqual({
      from,
      size,
      after: after === undefined ? undefined : cursorAt(after),
      before: before === undefined ? undefined : cursorAt(before),
    });
  });

  it.each([
    [{ first: -1 }, 'first', 'Argument "first" must not be negative.'],
    [{ last: -1 }, 'last', 'Argument "last" must not be negative.'],
    [{ first: 101 }, 'first', 'Argument "first" must not be more than 100.'],
    [{ last: 101 }, 'last', 'Argument "last" must not be more than 100.'],
    [{ first: 1.5 }, 'first', 'Argument "first" must be an integer.'],
    [{ last: Number.NaN }, 'last', 'Argument "last" must be an integer.'],
    [{ first: Number.POSITIVE_INFINITY }, 'first', 'Argument "first" must be an integer.'],
    [{ first: 1, last: 1 }, 'last', 'Argument "last" must not be combined with "first".'],
    [{ first: 0, last: 0 }, 'last', 'Argument "last" must not be combined with "first".'],
    [{ first: -1, after: 'garbage' }, 'first', 'Argument "first" must not be negative.'],
  ])('refuses %j', (args, argument, message) => {
    expect(() => parse(args)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT', argument, message }));
  });

  it.each(['after', 'before'])('refuses a cursor that is none, by the name of %s', (argument) => {
    const invalid = expect.objectContaining({ code: 'INVALID_CURSOR', argument });
    expect(() => parse({ [argument]: 'garbage' })).toThrow(invalid);
    expect(() => parse({ [argument]: ' ' })).toThrow(invalid);
  });

  it.each(['after', 'before'])("refuses another app's cursor, by the name of %s", (argument) => {
    const text = codec.forApp('other').encodePosition(5, 50);
    const foreign = expect.objectContaining({ code: 'FOREIGN_CURSOR', argument });
    expect(() => parse({ [argument]: text })).toThrow(foreign);
  });
});

/** What `spanOf` says for a list of `total` rows, as rows and flags. `shift` is where the list starts to count. */
function spanFor(args: ModelArguments, total: number, shift = 0) {
  const { first, last, after, before } = args;
  const window = {
    from: last === undefined ? ('start' as const) : ('end' as const),
    size: first ?? last ?? 25,
  };
  const a = after === undefined ? 0 : after + 1;
  const span = spanOf(window, shift, a + shift, (before ?? total) + shift, total + shift);
  return { ...span, lo: span.lo - shift, hi: span.hi - shift };
}

const listOf = (total: number) => Array.from({ length: total }, (_, index) => index);
const rowsOf = ({ lo, hi }: { lo: number; hi: number }) =>
  listOf(Math.max(0, hi - lo)).map((index) => lo + index);

/** All that a client can ask of a list of `total` rows with sizes up to `total + 2`. */
function* everyArgument(total: number): Generator<ModelArguments> {
  const anchors = [undefined, ...listOf(total)];
  for (const after of anchors) {
    for (const before of anchors) {
      const between = { ...(after !== undefined && { after }), ...(before !== undefined && { before }) };
      for (let size = 0; size <= total + 2; size++) {
        yield { ...between, first: size };
        yield { ...between, last: size };
      }
    }
  }
}

const areCrossed = ({ after, before }: ModelArguments) =>
  after !== undefined && before !== undefined && before <= after;

/** The formulas of docs/pagination.md: exact in the direction of paging, and looking out of the window in the other. */
function flagsByModel(args: ModelArguments, total: number) {
  const all = listOf(total);
  const candidates = applyCursorsToEdges(all, args);
  const edges = edgesToReturn(all, args);
  const after = args.after ?? -1;
  return {
    hasNextPage:
      args.first !== undefined
        ? candidates.length > edges.length
        : all.length > after + 1 + candidates.length,
    hasPreviousPage: args.last !== undefined ? candidates.length > edges.length : after + 1 > 0,
  };
}

describe('spanOf', () => {
  it("gives the rows of Relay's EdgesToReturn, for every argument and every list of up to 9 rows", () => {
    for (let total = 0; total <= 9; total++) {
      for (const args of everyArgument(total)) {
        if (areCrossed(args)) continue;
        const expected = edgesToReturn(listOf(total), args);
        if (String(rowsOf(spanFor(args, total))) !== String(expected))
          throw new Error(`${JSON.stringify(args)} of ${total}: expected ${expected}`);
      }
    }
  });

  it('gives exact flags both ways, for every argument and every list of up to 9 rows', () => {
    for (let total = 0; total <= 9; total++) {
      for (const args of everyArgument(total)) {
        if (areCrossed(args)) continue;
        const { hasNextPage, hasPreviousPage } = spanFor(args, total);
        expect({ args, total, hasNextPage, hasPreviousPage }).toEqual({
          args,
          total,
          ...flagsByModel(args, total),
        });
      }
    }
  });

  it('does both in lists of up to 400 rows', () => {
    const anchor = fc.option(fc.nat(399), { nil: undefined });
    const size = fc.record({ isFirst: fc.boolean(), size: fc.nat(100) });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        anchor,
        anchor,
        size,
        (total, x, y, { isFirst, size: rows }) => {
          const args: ModelArguments = {
            ...(x !== undefined && { after: x % total }),
            ...(y !== undefined && { before: y % total }),
            ...(isFirst ? { first: rows } : { last: rows }),
          };
          fc.pre(!areCrossed(args));
          const { hasNextPage, hasPreviousPage, ...span } = spanFor(args, total);
          expect(rowsOf(span)).toEqual(edgesToReturn(listOf(total), args));
          expect({ hasNextPage, hasPreviousPage }).toEqual(flagsByModel(args, total));
        },
      ),
    );
  });

  // By the letter Relay would not find `before` in what `after` leaves, and answer as if it were not there.
  it('gives nothing between cursors that are crossed, or the same', () => {
    for (const args of everyArgument(7)) {
      if (!areCrossed(args)) continue;
      const behind = (args.after ?? 0) + 1;
      expect(spanFor(args, 7)).toMatchObject({ lo: behind, hi: behind });
    }
  });

  it.each([
    ['the first page', { first: 3 }, { lo: 0, hi: 3, hasNextPage: true, hasPreviousPage: false }],
    [
      'a page in the middle',
      { first: 3, after: 2 },
      { lo: 3, hi: 6, hasNextPage: true, hasPreviousPage: true },
    ],
    [
      'a last page that is not full',
      { first: 3, after: 7 },
      { lo: 8, hi: 10, hasNextPage: false, hasPreviousPage: true },
    ],
    [
      'a last page that is full',
      { first: 3, after: 6 },
      { lo: 7, hi: 10, hasNextPage: false, hasPreviousPage: true },
    ],
    [
      'what follows the last row',
      { first: 3, after: 9 },
      { lo: 10, hi: 10, hasNextPage: false, hasPreviousPage: true },
    ],
    ['the last page backwards', { last: 3 }, { lo: 7, hi: 10, hasNextPage: false, hasPreviousPage: true }],
    [
      'a page in the middle, backwards',
      { last: 3, before: 7 },
      { lo: 4, hi: 7, hasNextPage: true, hasPreviousPage: true },
    ],
    [
      'the first page, backwards',
      { last: 3, before: 2 },
      { lo: 0, hi: 2, hasNextPage: true, hasPreviousPage: false },
    ],
    [
      'what precedes the first row',
      { last: 3, before: 0 },
      { lo: 0, hi: 0, hasNextPage: true, hasPreviousPage: false },
    ],
    ['no row of the list', { first: 0 }, { lo: 0, hi: 0, hasNextPage: true, hasPreviousPage: false }],
    ['no row, backwards', { last: 0 }, { lo: 10, hi: 10, hasNextPage: false, hasPreviousPage: true }],
    [
      'the first of what lies between',
      { first: 2, after: 2, before: 6 },
      { lo: 3, hi: 5, hasNextPage: true, hasPreviousPage: true },
    ],
    [
      'the last of what lies between',
      { last: 2, after: 2, before: 6 },
      { lo: 4, hi: 6, hasNextPage: true, hasPreviousPage: true },
    ],
    [
      'all that lies between, forwards',
      { first: 9, after: 2, before: 6 },
      { lo: 3, hi: 6, hasNextPage: false, hasPreviousPage: true },
    ],
    [
      'all that lies between, backwards',
      { last: 9, after: 2, before: 6 },
      { lo: 3, hi: 6, hasNextPage: true, hasPreviousPage: false },
    ],
  ])('of 10 rows: %s', (_, args, span) => {
    expect(spanFor(args, 10)).toEqual(span);
  });

  it('has no more on either side of an empty list', () => {
    const noMore = { hasNextPage: false, hasPreviousPage: false };
    const nothing = { lo: 0, hi: 0, ...noMore };
    for (const size of [0, 1, 100]) {
      expect(spanFor({ first: size }, 0)).toEqual(nothing);
      expect(spanFor({ last: size }, 0)).toEqual(nothing);
      // A cursor of the list as it was before everything left.
      expect(spanOf({ from: 'start', size }, 0, 8, 0, 0)).toMatchObject(noMore);
      expect(spanOf({ from: 'start', size }, 0, 0, 8, 0)).toMatchObject(noMore);
    }
  });

  it('counts from wherever the list starts to count', () => {
    for (const shift of [-30, -1, 1, 30]) {
      for (const args of everyArgument(4)) expect(spanFor(args, 4, shift)).toEqual(spanFor(args, 4));
      expect(spanFor({ first: 3 }, 0, shift)).toEqual(spanFor({ first: 3 }, 0));
    }
  });

  it('ends every walk by cursors, and shows each row once, forwards and backwards, in any sizes', () => {
    fc.assert(
      fc.property(
        fc.nat(60),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }),
        (total, sizes) => {
          const sizeOf = (step: number) => sizes[step % sizes.length] ?? 1;
          const forward: number[] = [];
          for (let step = 0, more = true; more && step <= total; step++) {
            const after = forward.at(-1);
            const span = spanFor({ first: sizeOf(step), ...(after !== undefined && { after }) }, total);
            forward.push(...rowsOf(span));
            more = span.hasNextPage;
          }
          const backward: number[] = [];
          for (let step = 0, more = true; more && step <= total; step++) {
            const before = backward[0];
            const span = spanFor({ last: sizeOf(step), ...(before !== undefined && { before }) }, total);
            backward.unshift(...rowsOf(span));
            more = span.hasPreviousPage;
          }
          expect(forward).toEqual(listOf(total));
          expect(backward).toEqual(listOf(total));
        },
      ),
    );
  });
});
