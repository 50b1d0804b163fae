import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planPageCursors } from '../../../src/paging/page-cursors.ts';

const encode = (position: number) => `@${position}`;
const pageAt = (pageNumber: number, cursor: string, isCurrent = false) => ({ pageNumber, cursor, isCurrent });
const numbers = (pages: readonly { pageNumber: number }[]) => pages.map(({ pageNumber }) => pageNumber);

describe('planPageCursors', () => {
  it('shows the first page of many', () => {
    expect(planPageCursors(0, 20, 200, encode)).toEqual({
      first: pageAt(1, '@-1', true),
      around: [
        pageAt(1, '@-1', true),
        pageAt(2, '@19'),
        pageAt(3, '@39'),
        pageAt(4, '@59'),
        pageAt(5, '@79'),
      ],
      last: pageAt(10, '@179'),
      previous: null,
      next: pageAt(2, '@19'),
    });
  });

  it('shows a page in the middle with two on either side', () => {
    expect(planPageCursors(120, 20, 200, encode)).toEqual({
      first: pageAt(1, '@-1'),
      around: [
        pageAt(5, '@79'),
        pageAt(6, '@99'),
        pageAt(7, '@119', true),
        pageAt(8, '@139'),
        pageAt(9, '@159'),
      ],
      last: pageAt(10, '@179'),
      previous: pageAt(6, '@99'),
      next: pageAt(8, '@139'),
    });
  });

  it('shows the last page', () => {
    expect(planPageCursors(180, 20, 200, encode)).toEqual({
      first: pageAt(1, '@-1'),
      around: [
        pageAt(6, '@99'),
        pageAt(7, '@119'),
        pageAt(8, '@139'),
        pageAt(9, '@159'),
        pageAt(10, '@179', true),
      ],
      last: pageAt(10, '@179', true),
      previous: pageAt(9, '@159'),
      next: null,
    });
  });

  it('counts a last page that is not full', () => {
    expect(planPageCursors(0, 20, 201, encode).last).toEqual(pageAt(11, '@199'));
    expect(planPageCursors(0, 20, 199, encode).last).toEqual(pageAt(10, '@179'));
  });

  it('takes the page that holds the first row, where a window lies across two', () => {
    const pages = planPageCursors(39, 20, 200, encode);
    expect(pages.previous).toEqual(pageAt(1, '@-1'));
    expect(pages.next).toEqual(pageAt(3, '@39'));
  });

  it('takes the last page for a window behind the end', () => {
    expect(planPageCursors(200, 20, 200, encode).around.at(-1)).toEqual(pageAt(10, '@179', true));
    expect(planPageCursors(999, 20, 200, encode).around.at(-1)).toEqual(pageAt(10, '@179', true));
  });

  it.each([
    [1, 20],
    [19, 20],
    [20, 20],
  ])('shows one page for a list of %i in pages of %i', (total, size) => {
    const only = pageAt(1, '@-1', true);
    expect(planPageCursors(0, size, total, encode)).toEqual({
      first: only,
      around: [only],
      last: only,
      previous: null,
      next: null,
    });
  });

  it('shows nothing for an empty list', () => {
    const nothing = { first: null, around: [], last: null, previous: null, next: null };
    expect(planPageCursors(0, 20, 0, encode)).toEqual(nothing);
  });

  it('shows fewer than five pages where there are no more', () => {
    expect(numbers(planPageCursors(20, 20, 61, encode).around)).toEqual([1, 2, 3, 4]);
  });

  it('jumps to page 37 from the position before its first row', () => {
    const pages = planPageCursors(36 * 20, 20, 2000, encode);
    expect(pages.around).toContainEqual(pageAt(37, '@719', true));
    expect(36 * 20 - 1).toBe(719);
  });

  it('encodes no more cursors than it shows', () => {
    let encoded = 0;
    planPageCursors(120, 20, 1_000_000, (position) => {
      encoded++;
      return `@${position}`;
    });
    expect(encoded).toBe(9);
  });

  it('shows the current page once, between its neighbours, and each page stands before its first row', () => {
    fc.assert(
      fc.property(fc.nat(2_000), fc.integer({ min: 1, max: 100 }), fc.nat(2_000), (lo, size, total) => {
        fc.pre(lo < total);
        const pages = planPageCursors(lo, size, total, encode);
        const current = Math.floor(lo / size) + 1;
        const lastPage = Math.ceil(total / size);
        const expected = Array.from({ length: lastPage }, (_, index) => index + 1)
          .sort((a, b) => Math.abs(a - current) - Math.abs(b - current) || a - b)
          .slice(0, 5)
          .sort((a, b) => a - b);
        expect(numbers(pages.around)).toEqual(expected);
        expect(pages.around.filter((page) => page.isCurrent)).toEqual([
          pageAt(current, `@${(current - 1) * size - 1}`, true),
        ]);
        expect(pages.first?.pageNumber).toBe(1);
        expect(pages.last?.pageNumber).toBe(lastPage);
        expect(pages.previous?.pageNumber).toBe(current > 1 ? current - 1 : undefined);
        expect(pages.next?.pageNumber).toBe(current < lastPage ? current + 1 : undefined);
        for (const page of pages.around) expect(page.cursor).toBe(`@${(page.pageNumber - 1) * size - 1}`);
      }),
    );
  });
});
