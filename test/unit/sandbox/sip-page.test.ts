import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_QUIRKS, type Quirks } from '../../../src/sandbox/quirks.ts';
import { readSipPage } from '../../../src/sandbox/sip-page.ts';

function createRows(count: number) {
  return Array.from({ length: count }, (_, i) => ({ account: String(i) }));
}

/** A page as the echoed numbers and the accounts, or undefined where it is refused. */
function readPage(total: number, current: number, size: number, quirks: Partial<Quirks> = {}) {
  const page = readSipPage(createRows(total), { appId: 'a', current, size }, { ...NO_QUIRKS, ...quirks });
  return page === undefined
    ? undefined
    : [page.total, page.size, page.current, page.records.map(({ account }) => account).join(' ')];
}

describe('readSipPage', () => {
  it.each([
    [5, 1, 2, [5, 2, 1, '0 1']],
    [5, 3, 2, [5, 2, 3, '4']],
    [5, 1, 100, [5, 100, 1, '0 1 2 3 4']],
    [4, 2, 2, [4, 2, 2, '2 3']],
    [0, 1, 20, [0, 20, 1, '']],
  ])('of %i rows reads page %i of size %i', (total, current, size, page) => {
    expect(readPage(total, current, size)).toEqual(page);
  });

  it.each([
    [4, 3, 2, [4, 2, 3, '']],
    [0, 7, 20, [0, 20, 7, '']],
    [4, 2_147_483_647, 100, [4, 100, 2_147_483_647, '']],
  ])(
    'past the end of %i rows is empty, with page %i echoed and the true total',
    (total, current, size, page) => {
      expect(readPage(total, current, size)).toEqual(page);
    },
  );

  it('puts pages of any size together to the whole list', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 1, max: 100 }), (total, size) => {
        const pages = Array.from(
          { length: Math.ceil(total / size) },
          (_, i) => readSipPage(createRows(total), { appId: 'a', current: i + 1, size }, NO_QUIRKS)?.records,
        );
        expect(pages.flat()).toEqual(createRows(total));
      }),
    );
  });

  describe('with overflow to the first page', () => {
    it.each([
      [5, 3, 2, [5, 2, 3, '4']],
      [5, 4, 2, [5, 2, 1, '0 1']],
      [4, 3, 2, [4, 2, 1, '0 1']],
      [0, 2, 2, [0, 2, 2, '']],
    ])('answers %i rows, page %i of size %i', (total, current, size, page) => {
      expect(readPage(total, current, size, { overflowToFirstPage: true })).toEqual(page);
    });
  });

  describe('with a size clamp', () => {
    it.each([
      ['echo', 1, 5, [9, 2, 1, '0 1']],
      ['echo', 2, 5, [9, 2, 2, '2 3']],
      ['echo', 2, 2, [9, 2, 2, '2 3']],
      ['firstPageOnly', 1, 5, [9, 2, 1, '0 1']],
      ['firstPageOnly', 2, 5, [9, 2, 2, '']],
      ['firstPageOnly', 2, 2, [9, 2, 2, '2 3']],
      ['reject', 1, 3, undefined],
      ['reject', 1, 2, [9, 2, 1, '0 1']],
    ] as const)('in mode %s answers page %i of size %i', (mode, current, size, page) => {
      expect(readPage(9, current, size, { sizeClamp: { max: 2, mode } })).toEqual(page);
    });

    it('overflows by the clamped size', () => {
      const quirks = { sizeClamp: { max: 2, mode: 'echo' }, overflowToFirstPage: true } as const;
      expect(readPage(9, 5, 100, quirks)).toEqual([9, 2, 5, '8']);
      expect(readPage(9, 6, 100, quirks)).toEqual([9, 2, 1, '0 1']);
    });
  });
});
