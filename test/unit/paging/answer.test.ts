import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PageAnswer, readAnswer } from '../../../src/paging/answer.ts';

const accountsOf = (lo: number, count: number) =>
  Array.from({ length: count }, (_, index) => `sip-${lo + index}`);

/** An answer of `count` rows that echoes what was asked, but for what is said otherwise. */
function answerOf(
  asked: { current: number; size: number },
  count: number,
  rest: Partial<PageAnswer>,
): PageAnswer {
  return { ...asked, total: 50, accounts: accountsOf(0, count), ...rest };
}

describe('readAnswer', () => {
  it.each([
    ['the first page', 1, 20, 20, 50, 0],
    ['a page in the middle', 2, 20, 20, 50, 20],
    ['a last page that is not full', 3, 20, 10, 50, 40],
    ['a last page that is full', 3, 20, 20, 60, 40],
    ['a last page of one row', 3, 20, 1, 41, 40],
    ['a list shorter than the page', 1, 100, 3, 3, 0],
    ['pages of one row', 50, 1, 1, 50, 49],
  ])('takes %s', (_, current, size, rows, total, lo) => {
    const asked = { current, size };
    expect(readAnswer(asked, answerOf(asked, rows, { total }))).toEqual({ kind: 'page', lo, total });
  });

  describe('behind the end', () => {
    it.each([
      ['no rows, the page echoed', 4, 0, { current: 4 }],
      ['page 1 again, as overflow mode does', 4, 20, { current: 1 }],
      ['rows under the number that was asked', 4, 20, { current: 4 }],
      ['no rows and page 1 echoed', 4, 0, { current: 1 }],
      ['one row too late', 51, 0, { current: 51, size: 1 }],
    ])('learns the total alone: %s', (_, current, rows, rest) => {
      const asked = { current, size: current === 51 ? 1 : 20 };
      expect(readAnswer(asked, answerOf(asked, rows, rest))).toEqual({ kind: 'past-end', total: 50 });
    });

    it('is exact: a page that starts at the total is behind it, one that starts a row earlier is not', () => {
      const asked = { current: 3, size: 20 };
      expect(readAnswer(asked, answerOf(asked, 0, { total: 40 }))).toEqual({ kind: 'past-end', total: 40 });
      expect(readAnswer(asked, answerOf(asked, 1, { total: 41 }))).toEqual({
        kind: 'page',
        lo: 40,
        total: 41,
      });
    });

    it('is an empty list, whatever page was asked', () => {
      for (const current of [1, 2, 7]) {
        const asked = { current, size: 20 };
        expect(readAnswer(asked, answerOf(asked, 0, { total: 0 }))).toEqual({ kind: 'past-end', total: 0 });
      }
    });
  });

  describe('that breaks the contract', () => {
    it.each([
      ['another page', 2, 20, { current: 3 }, 'page 2 was asked, page 3 answered'],
      ['page 1 before the end', 2, 20, { current: 1 }, 'page 2 was asked, page 1 answered'],
      ['a larger page size', 20, 20, { size: 25 }, 'a page size of 20 was asked, 25 answered'],
      ['a page size of 0', 20, 0, { size: 0 }, 'a page size of 20 was asked, 0 answered'],
      ['a negative page size', 20, 0, { size: -1 }, 'a page size of 20 was asked, -1 answered'],
      ['more rows than the page size', 20, 21, {}, '21 rows came on a page of 20'],
      ['more rows than the lower cap', 20, 11, { size: 10 }, '11 rows came on a page of 10'],
      ['an account twice', 20, 3, { accounts: ['a', 'b', 'a'] }, 'an account stands twice on one page'],
    ])('is refused: %s', (_, __, rows, rest, fault) => {
      const asked = { current: fault.startsWith('page 2') ? 2 : 1, size: 20 };
      expect(readAnswer(asked, answerOf(asked, rows, rest))).toEqual({ kind: 'broken', fault });
    });
  });

  describe('of a smaller page size', () => {
    it('tells the cap, and where the rows stand by it', () => {
      const asked = { current: 2, size: 20 };
      const answer = answerOf(asked, 15, { size: 15 });
      expect(readAnswer(asked, answer)).toEqual({ kind: 'capped', largestPageSize: 15, lo: 15, total: 50 });
    });

    it('takes the first page too', () => {
      const asked = { current: 1, size: 100 };
      const answer = answerOf(asked, 50, { size: 50, total: 437 });
      expect(readAnswer(asked, answer)).toEqual({ kind: 'capped', largestPageSize: 50, lo: 0, total: 437 });
    });

    it('takes its last page', () => {
      const asked = { current: 2, size: 40 };
      const answer = answerOf(asked, 20, { size: 30 });
      expect(readAnswer(asked, answer)).toEqual({ kind: 'capped', largestPageSize: 30, lo: 30, total: 50 });
    });

    it.each([0, 14])(
      'places %i rows nowhere where 15 stand: some versions answer nothing behind page 1',
      (rows) => {
        const asked = { current: 2, size: 20 };
        const answer = answerOf(asked, rows, { size: 15 });
        expect(readAnswer(asked, answer)).toEqual({
          kind: 'capped',
          largestPageSize: 15,
          lo: undefined,
          total: 50,
        });
      },
    );
  });

  describe('whose total GraphQL cannot show', () => {
    it.each([2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER])('cannot be read: %d', (total) => {
      expect(readAnswer({ current: 1, size: 20 }, answerOf({ current: 1, size: 20 }, 20, { total }))).toEqual(
        {
          kind: 'unreadable',
          fault: 'data.total: expected at most 2147483647',
        },
      );
    });

    it('begins above the largest Int', () => {
      const asked = { current: 1, size: 20 };
      const total = 2 ** 31 - 1;
      expect(readAnswer(asked, answerOf(asked, 20, { total }))).toEqual({ kind: 'page', lo: 0, total });
    });
  });

  describe('whose count and rows are of two moments', () => {
    it.each([
      ['too few on the last page', 3, 9, 50, 49],
      ['the only row of the last page missing', 3, 0, 41, 40],
      ['two missing', 3, 8, 50, 48],
      ['more than the count says, on the last page', 3, 11, 50, 51],
      ['a row in a list that counts none', 1, 1, 0, 1],
      ['19 of the 20 that end the list', 3, 19, 60, 59],
    ])('takes the end of the list from the rows: %s', (_, current, rows, total, seen) => {
      const asked = { current, size: 20 };
      const lo = (current - 1) * 20;
      expect(readAnswer(asked, answerOf(asked, rows, { total }))).toEqual({ kind: 'raced', lo, total: seen });
    });

    it.each([
      ['too few before the last page', 2, 19, 50],
      ['none before the last page', 1, 0, 50],
      ['three missing on the last page', 3, 7, 50],
      ['none of the last page', 3, 0, 50],
      ['none of a list of one', 1, 0, 1],
      ['none of a list of 20', 1, 0, 20],
      ['a full page where the list ends sooner, since more may follow', 3, 20, 50],
      ['a full page of a list that counts none', 1, 20, 0],
    ])('knows no end: %s', (_, current, rows, total) => {
      const asked = { current, size: 20 };
      const lo = (current - 1) * 20;
      expect(readAnswer(asked, answerOf(asked, rows, { total }))).toEqual({
        kind: 'raced',
        lo,
        total: undefined,
      });
    });
  });

  it('takes every page of every list from a faithful vendor, in either mode of overflow', () => {
    fc.assert(
      fc.property(
        fc.nat(400),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        (total, size, current, overflows) => {
          const lo = (current - 1) * size;
          const isPastEnd = lo >= total;
          const echoed = isPastEnd && overflows ? 1 : current;
          const from = (echoed - 1) * size;
          const accounts = accountsOf(from, Math.min(size, Math.max(0, total - from)));
          const reading = readAnswer({ current, size }, { current: echoed, size, total, accounts });
          expect(reading).toEqual(isPastEnd ? { kind: 'past-end', total } : { kind: 'page', lo, total });
        },
      ),
    );
  });

  it('places a page by exact position or not at all', () => {
    fc.assert(
      fc.property(
        fc.record({ current: fc.integer({ min: 1, max: 6 }), size: fc.integer({ min: 1, max: 8 }) }),
        fc.record({
          current: fc.integer({ min: 0, max: 7 }),
          size: fc.integer({ min: -1, max: 9 }),
          total: fc.nat(50),
          accounts: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'), { maxLength: 9 }),
        }),
        (asked, answer) => {
          const reading = readAnswer(asked, answer);
          if (reading.kind !== 'page') return;
          expect(answer.current).toBe(asked.current);
          expect(answer.size).toBe(asked.size);
          expect(reading.lo).toBe((asked.current - 1) * asked.size);
          expect(answer.accounts.length).toBe(Math.min(asked.size, answer.total - reading.lo));
          expect(new Set(answer.accounts).size).toBe(answer.accounts.length);
        },
      ),
    );
  });
});
