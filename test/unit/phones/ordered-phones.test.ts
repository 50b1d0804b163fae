import { describe, expect, it } from '@jest/globals';
import type { PhoneListArguments } from '../../../src/phones/phones.ts';
import { clockAt } from '../../support/manual-clock.ts';
import { APP, accountsUpTo, createVendorList, openDirectory } from '../../support/vendor-list.ts';

/** Turns of the event loop that others have while the work goes on. */
async function countTurnsOfOthers(work: () => unknown): Promise<number> {
  let turns = 0;
  let isDone = false;
  const beat = () => {
    if (isDone) return;
    turns++;
    setImmediate(beat);
  };
  setImmediate(beat);
  await work();
  isDone = true;
  return turns;
}

/** A list of 10,000 that was read before: what is counted is what its ordering takes. */
async function openKept(msOfEachLook: number) {
  const list = createVendorList(accountsUpTo(10_000));
  let now = 0;
  const { open } = openDirectory(list, {
    keepListMs: 60_000,
    clock: clockAt(() => {
      now += msOfEachLook;
      return now;
    }),
  });
  await open().loadWindow(APP, { first: 1, orderBy: { field: 'account', direction: 'asc' } }, 'rows');
  list.calls.length = 0;
  return { list, phones: open() };
}

describe('Ordering a long list', () => {
  it('lets others run every few milliseconds', async () => {
    const { list, phones } = await openKept(1);
    const orderBy = { field: 'phoneName', direction: 'asc' } as const;
    const turns = await countTurnsOfOthers(() => phones.loadWindow(APP, { first: 1, orderBy }, 'rows'));
    // Some 60 slices, each of a millisecond by this clock, and a turn after every four.
    expect(turns).toBeGreaterThan(10);
    expect(turns).toBeLessThan(30);
    expect(list.calls).toEqual([]);
  });

  it('is done at once where it takes no time', async () => {
    const { list, phones } = await openKept(0);
    const orderBy = { field: 'phoneName', direction: 'asc' } as const;
    const turns = await countTurnsOfOthers(() => phones.loadWindow(APP, { first: 1, orderBy }, 'rows'));
    expect(turns).toBe(0);
    expect(list.calls).toEqual([]);
  });
});

describe('A window of an ordered list', () => {
  /** `row-0` to `row-9`, the even ones in a group of their own. */
  function openTen() {
    const list = createVendorList(accountsUpTo(10));
    list.distort = (page) => ({
      ...page,
      phones: page.phones.map((phone) => ({
        ...phone,
        groupName: Number(phone.account.slice(4)) % 2 === 0 ? 'even' : null,
      })),
    });
    const { open } = openDirectory(list, { keepListMs: 60_000, clock: clockAt(() => 5000) });
    const phones = open();
    return { list, phones, read: (args: PhoneListArguments) => phones.loadWindow(APP, args, 'rows') };
  }
  const descending = { orderBy: { field: 'account', direction: 'desc' } } as const;

  it('has its rows, its count, its age and cursors that lead on in both directions', async () => {
    const { list, phones, read } = openTen();
    const first = await read({ first: 4, ...descending });
    expect(first.nodes.map(({ account }) => account)).toEqual(['row-9', 'row-8', 'row-7', 'row-6']);
    expect(first.edges.map(({ node }) => node)).toEqual(first.nodes);
    expect(first).toMatchObject({ totalCount: 10, asOf: '1970-01-01T00:00:05.000Z' });
    expect(first.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: first.edges[0]?.cursor,
      endCursor: first.edges[3]?.cursor,
    });
    const second = await read({ first: 4, after: first.pageInfo.endCursor, ...descending });
    expect(second.nodes.map(({ account }) => account)).toEqual(['row-5', 'row-4', 'row-3', 'row-2']);
    expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    const back = await read({ last: 3, before: second.pageInfo.startCursor, ...descending });
    expect(back.nodes.map(({ account }) => account)).toEqual(['row-8', 'row-7', 'row-6']);
    expect(phones.cost).toMatchObject({ calls: list.calls.length, rowsUsed: 4 + 4 + 3 });
  });

  it('has cursors to pages of its size, the first of which stands before all rows', async () => {
    const { read } = openTen();
    const { pageCursors } = await read({ first: 4, ...descending });
    expect(pageCursors?.around.map(({ pageNumber, isCurrent }) => [pageNumber, isCurrent])).toEqual([
      [1, true],
      [2, false],
      [3, false],
    ]);
    for (const [page, rows] of [
      [pageCursors?.first, ['row-9', 'row-8', 'row-7', 'row-6']],
      [pageCursors?.last, ['row-1', 'row-0']],
    ] as const) {
      const jumped = await read({ first: 4, after: page?.cursor ?? '', ...descending });
      expect(jumped.nodes.map(({ account }) => account)).toEqual(rows);
      expect(jumped.pageCursors?.around.find(({ isCurrent }) => isCurrent)?.pageNumber).toBe(
        page?.pageNumber,
      );
    }
  });

  it('has a page for each row where its size is 1', async () => {
    const { read } = openTen();
    const { pageCursors } = await read({ first: 1, ...descending });
    const pages = pageCursors?.around ?? [];
    const rows = await Promise.all(
      pages.map(
        async ({ cursor }) => (await read({ first: 1, after: cursor, ...descending })).nodes[0]?.account,
      ),
    );
    expect(rows).toEqual(['row-9', 'row-8', 'row-7', 'row-6', 'row-5']);
  });

  it('has no rows, no cursors and no pages for a size of 0', async () => {
    const { read } = openTen();
    const window = await read({ first: 0, ...descending });
    expect(window).toMatchObject({ totalCount: 10, nodes: [], edges: [], pageCursors: null });
    expect(window.pageInfo).toMatchObject({ startCursor: null, endCursor: null });
  });

  it('is of those that the filter lets pass, and counts them', async () => {
    const { read } = openTen();
    const window = await read({ first: 3, filter: { groupName: { equals: 'even' } } });
    expect(window.nodes.map(({ account }) => account)).toEqual(['row-0', 'row-2', 'row-4']);
    expect(window.totalCount).toBe(5);
  });

  it('costs nothing where nothing of it is asked for, but its arguments are checked', async () => {
    const { list, phones } = openTen();
    const window = await phones.loadWindow(APP, { first: 3, ...descending }, 'nothing');
    expect(window).toMatchObject({ totalCount: 0, nodes: [], pageCursors: null });
    await expect(phones.loadWindow(APP, { first: -1, ...descending }, 'nothing')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect(list.calls).toEqual([]);
  });

  it('stands beside the groups of the list, as many as are asked for, the phones in none last', async () => {
    const { phones, list } = openTen();
    const [even, none] = await phones.loadGroups(APP, 2);
    expect([even, none]).toEqual([
      { name: 'even', phoneCount: 5 },
      { name: null, phoneCount: 5 },
    ]);
    expect(await phones.loadGroups(APP, 1)).toEqual([even]);
    expect(await phones.loadGroups(APP, 0)).toEqual([]);
    const calls = list.calls.length;
    await expect(phones.loadGroups('other', 1001)).rejects.toMatchObject({ argument: 'first' });
    expect(list.calls).toHaveLength(calls);
  });
});
