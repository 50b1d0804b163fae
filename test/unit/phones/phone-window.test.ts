import { describe, expect, it } from '@jest/globals';
import { createCursorCodec } from '../../../src/paging/cursor.ts';
import { runFromPage } from '../../../src/paging/run.ts';
import { createPhoneEdges, createPhoneWindow } from '../../../src/phones/phone-window.ts';
import { APP, accountsUpTo, createVendorList } from '../../support/vendor-list.ts';

/** Rows 0 to 9 of a list, and how often a cursor of theirs was made. */
function createFixture() {
  const codec = createCursorCodec([new Uint8Array(32).fill(7)]).forApp(APP);
  const made: string[] = [];
  const cursors: typeof codec = {
    ...codec,
    encodeRow(position, total, account, predecessor) {
      made.push(account);
      return codec.encodeRow(position, total, account, predecessor);
    },
  };
  const rows = createVendorList([]).phonesOf(accountsUpTo(10), APP);
  const run = runFromPage({ lo: 0, rows, total: 10, readAt: 0 });
  const span = { lo: 0, hi: 10, hasNextPage: false, hasPreviousPage: false };
  return { made, cursors, run, span };
}

describe('The cursor of an edge', () => {
  it('is made when it is first read, and once, however often it is met while its run is kept', () => {
    const { made, cursors, run, span } = createFixture();
    const edges = createPhoneEdges(true);
    const open = () => createPhoneWindow({ run, span }, 10, cursors, edges);
    const first = open();
    expect(made).toEqual([]);
    const texts = [first.edges[3]?.cursor, first.edges[3]?.cursor, open().edges[3]?.cursor];
    expect(new Set(texts).size).toBe(1);
    expect(made).toEqual(['row-3']);
  });

  it('is made anew by other keys', () => {
    const { made, cursors, run, span } = createFixture();
    const edges = createPhoneEdges(true);
    const other = createCursorCodec([new Uint8Array(32).fill(8)]).forApp(APP);
    const [text] = [cursors, other].map(
      (each) => createPhoneWindow({ run, span }, 10, each, edges).edges[3]?.cursor,
    );
    expect(createPhoneWindow({ run, span }, 10, other, edges).edges[3]?.cursor).not.toBe(text);
    expect(made).toEqual(['row-3']);
  });

  it.each([
    ['0', 0, [0, 1, 2, 3]],
    ['5, and begins behind it', 5, [0, 6, 7, 8]],
    ['-2, since rows came while it was read', -2, [0, 1, 1, 1]],
  ])('says where its row stood, and 0 of none but the first, in rows counted from %s', (_, lo, positions) => {
    const { cursors, run, span } = createFixture();
    const said: number[] = [];
    const counting: typeof cursors = {
      ...cursors,
      encodeRow(position, ...row) {
        said.push(position);
        return cursors.encodeRow(position, ...row);
      },
    };
    const rows = run.rows.slice(0, 4);
    const loaded = { run: { ...run, lo, rows }, span: { ...span, lo, hi: lo + 4 } };
    const window = createPhoneWindow(loaded, 4, counting, createPhoneEdges(false));
    for (const { cursor } of window.edges) expect(cursor).not.toBe('');
    expect(said).toEqual(positions);
  });
});

describe('The edge of a row', () => {
  /** Opens row 3 again and again, by the same edges, of runs that differ. */
  function createEdgeFixture(keepsRows: boolean) {
    const { cursors, run } = createFixture();
    const edges = createPhoneEdges(keepsRows);
    return {
      run,
      open(other: Partial<typeof run> = {}) {
        const { rows, lo, total, readAt } = { ...run, ...other };
        return edges.at(runFromPage({ lo, rows, total, readAt }), 3, cursors);
      },
    };
  }

  it('is made once for a row that is frozen, whatever pages it was put together with', () => {
    const { run, open } = createEdgeFixture(false);
    for (const row of run.rows) Object.freeze(row);
    expect(open({ rows: [...run.rows] })).toBe(open());
  });

  it('is made for each request where its row is kept for none', () => {
    const { open } = createEdgeFixture(false);
    const edge = open();
    expect(open()).not.toBe(edge);
    expect(open().cursor).toBe(edge.cursor);
  });

  it('is made anew where the list has another length, where the row stands elsewhere, and where another stands before it', () => {
    const { run, open } = createEdgeFixture(true);
    const [first, second, third, ...rest] = run.rows;
    if (!first || !second || !third) throw new RangeError('Three rows are expected.');
    const cursor = open().cursor;
    for (const other of [{ total: 11 }, { lo: 20 }, { rows: [first, third, second, ...rest] }]) {
      expect(open(other).cursor).not.toBe(cursor);
      expect(open().cursor).toBe(cursor);
    }
  });

  it('is none where the run has no such row', () => {
    const { run, open } = createEdgeFixture(true);
    expect(() => open({ rows: run.rows.slice(0, 3) })).toThrow(RangeError);
  });
});

describe('The page cursors of a window', () => {
  it.each([0, -3, 4])('count pages from the first row of a list that was counted as row %i', (lo) => {
    const { cursors } = createFixture();
    const rows = createVendorList([]).phonesOf(accountsUpTo(10), APP);
    const run = { ...runFromPage({ lo, rows, total: 40, readAt: 0 }), isHead: true };
    const span = { lo: lo + 5, hi: lo + 10, hasNextPage: true, hasPreviousPage: true };
    const { pageCursors } = createPhoneWindow({ run, span }, 5, cursors, createPhoneEdges(false));
    expect(pageCursors?.around.find(({ isCurrent }) => isCurrent)?.pageNumber).toBe(2);
  });

  it('are none for a page of no rows', () => {
    const { cursors, run, span } = createFixture();
    const empty = { ...span, hi: 0 };
    expect(createPhoneWindow({ run, span: empty }, 0, cursors, createPhoneEdges(false))).toMatchObject({
      pageCursors: null,
      pageInfo: { startCursor: null, endCursor: null },
      totalCount: 10,
    });
  });
});
