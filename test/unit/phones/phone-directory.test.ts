import { describe, expect, it } from '@jest/globals';
import { UpstreamTimeoutError } from '../../../src/errors/upstream-errors.ts';
import { createCursorCodec } from '../../../src/paging/cursor.ts';
import type { WindowNeed } from '../../../src/phones/phones.ts';
import { clockAt } from '../../support/manual-clock.ts';
import { createTiedOrder } from '../../support/tied-list.ts';
import { APP, accountsUpTo, createVendorList, openDirectory } from '../../support/vendor-list.ts';

describe('A directory', () => {
  it('knows how many phones an app had when it was last read, and nothing of other apps', async () => {
    const list = createVendorList(accountsUpTo(30));
    const { open, directory } = openDirectory(list);
    expect(directory.findTotal(APP)).toBeUndefined();
    await open().loadWindow(APP, { first: 3 }, 'rows');
    expect(directory.findTotal(APP)).toBe(30);
    list.accounts.pop();
    await open().loadPhone(APP, 'row-3');
    expect(directory.findTotal(APP)).toBe(29);
    expect(directory.findTotal('other')).toBeUndefined();
  });

  it('has one view of an app for a request: what it has read answers all that it asks later', async () => {
    const list = createVendorList(accountsUpTo(30));
    const phones = openDirectory(list).open();
    const first = await phones.loadWindow(APP, { first: 40 }, 'rows');
    const again = await phones.loadWindow(APP, { last: 3 }, 'rows');
    await phones.loadWindow(APP, {}, 'count');
    expect(await phones.loadPhone(APP, 'row-7')).toMatchObject({ account: 'row-7' });
    const [phone] = first.nodes;
    expect(phone && (await phones.loadPassword(phone))?.reveal()).toBe('secret of row-0');
    expect(again.nodes.map(({ account }) => account)).toEqual(['row-27', 'row-28', 'row-29']);
    expect(list.calls).toEqual(['1/40']);
    expect(phones.cost).toEqual({
      calls: 1,
      rowsRead: 30,
      rowsUsed: 30 + 3 + 1,
      rowsKept: 0,
      shared: 0,
      driftRepairs: 0,
    });
    await phones.loadWindow('other', { first: 3 }, 'rows');
    expect(list.calls).toEqual(['1/40', '1/3']);
  });

  it('answers what is in hand without a promise, and every failure by one', async () => {
    const { open } = openDirectory(createVendorList(accountsUpTo(30)), { keepMs: 60_000 });
    const cold = open().loadWindow(APP, {}, 'count');
    expect(cold).toBeInstanceOf(Promise);
    await cold;
    await open().loadWindow(APP, { first: 3 }, 'rows');
    expect(open().loadWindow(APP, {}, 'count')).toMatchObject({ totalCount: 30, nodes: [] });
    expect(open().loadWindow(APP, { first: 3 }, 'rows')).toMatchObject({ totalCount: 30 });
    expect(open().loadWindow(APP, {}, 'nothing')).toMatchObject({ totalCount: 0, asOf: null });
    for (const need of ['rows', 'count', 'nothing'] as const) {
      const failing = open().loadWindow(APP, { first: -1 }, need);
      expect(failing).toBeInstanceOf(Promise);
      await expect(failing).rejects.toMatchObject({ code: 'BAD_USER_INPUT', argument: 'first' });
    }
  });

  it.each<[WindowNeed, object]>([
    ['count', { totalCount: 30 }],
    ['nothing', { totalCount: 0 }],
  ])('gives a window of which only %s is asked no rows and no cursors', async (need, expected) => {
    const { open } = openDirectory(createVendorList(accountsUpTo(30)));
    const window = await open().loadWindow(APP, { first: 3 }, need);
    expect(window).toEqual({
      nodes: [],
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
      pageCursors: null,
      asOf: null,
      ...expected,
    });
  });

  it.each([
    ['kept', 1, 1],
    ['not kept', 0, 2],
  ])(
    'makes the cursor of a row whose page is %s in %i ms as often as %i times for two requests',
    async (_, keepMs, times) => {
      const codec = createCursorCodec([new Uint8Array(32).fill(7)]);
      const ofApp = codec.forApp(APP);
      let made = 0;
      const counting = {
        ...ofApp,
        encodeRow(...row: Parameters<typeof ofApp.encodeRow>) {
          made++;
          return ofApp.encodeRow(...row);
        },
      };
      const list = createVendorList(accountsUpTo(30));
      // Rows that are not known to come again.
      list.distort = (page) => ({ ...page, phones: [...page.phones] });
      const { open } = openDirectory(list, {
        clock: clockAt(() => 0),
        keepMs,
        cursorCodec: () => ({ ...codec, forApp: () => counting }),
      });
      for (let request = 0; request < 2; request++) {
        const window = await open().loadWindow(APP, { first: 3 }, 'rows');
        // More than is needed only for those who may come for it.
        expect(list.calls[0]).toBe(keepMs > 0 ? '1/100' : '1/3');
        expect(window.edges[1]?.cursor).toBe(window.edges[1]?.cursor);
      }
      expect(made).toBe(times);
    },
  );

  it('lets a request make 120 calls, 8 at a time, each of at most 8 seconds', async () => {
    const now = 1000;
    const list = createVendorList(accountsUpTo(15_000));
    const { open } = openDirectory(list, { clock: clockAt(() => now) });
    await open().loadWindow(APP, {}, 'count');
    list.calls.length = 0;
    let underWay = 0;
    let most = 0;
    const deadlines = new Set<number>();
    list.beforeAnswer = async (_, { deadlineAt }) => {
      deadlines.add(deadlineAt);
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
    };
    await expect(open().loadPhone(APP, 'nobody')).rejects.toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
    expect(list.calls).toHaveLength(120);
    // Where 60 of them were seen is known: none waits for another.
    const phones = open();
    const seen = Array.from({ length: 60 }, (_, index) => `row-${150 * index}`);
    await Promise.all(seen.map((account) => phones.loadPhone(APP, account)));
    expect(list.calls.length).toBeGreaterThan(150);
    expect(most).toBe(8);
    expect([...deadlines]).toEqual([now + 8000]);
  });

  it.each([
    [10_584, 120],
    [10_585, 1],
  ])('reads a list of %i whole by %i calls, since it may be planned to take 120', async (total, calls) => {
    const list = createVendorList(accountsUpTo(total));
    const { open } = openDirectory(list);
    await open().loadWindow(APP, {}, 'count');
    list.calls.length = 0;
    const orderBy = { field: 'account', direction: 'asc' } as const;
    const reading = open().loadWindow(APP, { first: 1, orderBy }, 'rows');
    if (calls > 1) expect((await reading).totalCount).toBe(total);
    else await expect(reading).rejects.toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
    expect(list.calls).toHaveLength(calls);
  });

  it('makes as many calls for a request, and as many at a time, as it is told to', async () => {
    const list = createVendorList(accountsUpTo(3000));
    const { open } = openDirectory(list, { callBudget: 9, parallelCalls: 2, callTimeoutMs: () => 5 });
    let underWay = 0;
    let most = 0;
    list.beforeAnswer = async () => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
    };
    await expect(open().loadPhone(APP, 'nobody')).rejects.toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
    expect(list.calls).toHaveLength(9);
    expect(most).toBe(2);
  });
});

describe('A list that is known to have no order', () => {
  async function openKnown(options: Parameters<typeof openDirectory>[1] = {}) {
    const list = createVendorList(accountsUpTo(400));
    list.order = createTiedOrder(30);
    const { open } = openDirectory(list, { clock: clockAt(() => 0), keepListMs: 30_000, ...options });
    expect(await open().loadPhone(APP, 'nobody')).toBeNull();
    list.calls.length = 0;
    return { list, open };
  }

  it('is read in account order, and the cost counts its rows', async () => {
    const { open } = await openKnown();
    const phones = open();
    const window = await phones.loadWindow(APP, { first: 7 }, 'rows');
    expect(window.nodes.map(({ account }) => account)).toEqual(accountsUpTo(7));
    expect(window.asOf).not.toBeNull();
    expect(phones.cost.rowsUsed).toBe(7);
  });

  it.each([{ after: '' }, { before: '' }, { after: null, before: null }])(
    'is so where a cursor is absent: %j',
    async (args) => {
      const { open } = await openKnown();
      expect((await open().loadWindow(APP, { first: 3, ...args }, 'rows')).asOf).not.toBeNull();
    },
  );

  it('is read in an order that is asked for, and fails as that does', async () => {
    const { list, open } = await openKnown({ listMaxCalls: () => 1 });
    const orderBy = { field: 'account', direction: 'desc' } as const;
    await expect(open().loadWindow(APP, { first: 3, orderBy }, 'rows')).rejects.toMatchObject({
      code: 'QUERY_TOO_COMPLEX',
    });
    list.beforeAnswer = () => {
      throw new UpstreamTimeoutError();
    };
    await expect(open().loadWindow(APP, { first: 3 }, 'rows')).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
    });
  });
});
