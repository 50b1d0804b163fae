import { describe, expect, it } from '@jest/globals';
import { findRepeated, judgeSeam } from '../../../src/census/census-seam.ts';
import type { PageRead } from '../../../src/census/census-step.ts';
import type { Row } from '../../../src/paging/run.ts';
import { pageOf } from '../../../src/paging/whole-plan.ts';

const LIST = Array.from({ length: 117 }, (_, index) => `row-${index}`);

/** A page as it was read of a list. */
function read(current: number, size: number, accounts: readonly string[] = LIST): PageRead<Row> {
  const page = pageOf(current, size);
  const rows = accounts.slice(page.lo, page.hi).map((account) => ({ account }));
  return { page, rows, total: accounts.length, readAt: 0, turn: 0, askedAfter: 0 };
}

const without = (...gone: number[]) => LIST.filter((_, index) => !gone.includes(index));

describe('judgeSeam', () => {
  it.each([
    ['go on where the other ends, with a row of it', read(1, 100), read(2, 99)],
    ['begin before the page that they follow', read(2, 70), read(2, 60)],
    ['lie within the other', read(1, 100), read(3, 20)],
    ['reach beyond it on both sides', read(3, 20), read(1, 100)],
  ])('takes pages of one moment for exact that %s', (_, a, b) => {
    expect(judgeSeam(a, b)).toBe('exact');
    expect(judgeSeam(b, a)).toBe('exact');
  });

  it.each([
    ['go on where the other ends', read(1, 100), read(2, 80, without(3))],
    ['lie within the other', read(1, 100), read(3, 20, without(3))],
    ['begin before the page that they follow', read(2, 70), read(2, 60, without(3))],
  ])('sees that a row has left before pages that %s', (_, a, b) => {
    expect(judgeSeam(a, b)).toBe('moved');
    expect(judgeSeam(b, a)).toBe('moved');
  });

  it.each([
    ['a row is missing between rows that both show', read(1, 100), read(2, 80, [...without(90), 'new'])],
    [
      'rows stand in another order',
      read(1, 100),
      read(2, 80, [...LIST.slice(0, 85), 'row-86', 'row-85', ...LIST.slice(87)]),
    ],
    ['a row is missing within the other page', read(1, 100), read(3, 20, [...without(45), 'new'])],
    ['the pages lie over each other and share nothing', read(1, 100), read(2, 99, [...without(3), 'new'])],
  ])('finds it odd where %s though the total stands', (_, a, b) => {
    expect(judgeSeam(a, b)).toBe('odd');
    expect(judgeSeam(b, a)).toBe('odd');
  });

  it('cannot tell of pages that touch but share no row whether something has moved', () => {
    expect(judgeSeam(read(1, 50), read(2, 50))).toBe('bare');
    expect(judgeSeam(read(1, 50), read(2, 50, without(3)))).toBe('open');
  });

  it('does not join pages between which rows are unread', () => {
    expect(judgeSeam(read(1, 40), read(2, 50))).toBe('open');
    expect(judgeSeam(read(1, 1), read(2, 50))).toBe('open');
  });

  it('takes an empty page and another one for exact while the list has the same total by both', () => {
    expect(judgeSeam(read(1, 100, []), read(1, 50, []))).toBe('exact');
    expect(judgeSeam(read(1, 100, []), read(1, 50))).toBe('open');
  });
});

describe('findRepeated', () => {
  it('finds two pages that share a row though others lie between them', () => {
    const pages = [
      read(1, 50),
      read(2, 50),
      read(3, 50, [...LIST.slice(0, 100), 'row-7', ...LIST.slice(101)]),
    ];
    expect(findRepeated(pages)).toEqual([pages[0], pages[2]]);
  });

  it('does not count rows that a page shares with the next one', () => {
    expect(findRepeated([read(1, 60), read(2, 50), read(2, 70)])).toBeUndefined();
  });
});
