import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ConnectionArguments, PhoneWindow } from '../../../src/phones/phones.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import {
  APP,
  accountsUpTo,
  createVendorList,
  openDirectory,
  type VendorList,
} from '../../support/vendor-list.ts';

function accountsOf(window: PhoneWindow): string[] {
  return window.nodes.map(({ account }) => account);
}

/** The connection by the letter of the Relay specification, over the whole list in hand. */
function modelOf(
  accounts: readonly string[],
  from: 'start' | 'end',
  size: number,
  after?: number,
  before?: number,
) {
  let edges = accounts.map((account, position) => ({ account, position }));
  if (after !== undefined) edges = edges.filter(({ position }) => position > after);
  const behind = edges;
  if (before !== undefined) edges = edges.filter(({ position }) => position < before);
  // A "before" at or ahead of "after" leaves an empty window behind the latter.
  const a = after === undefined ? 0 : after + 1;
  const b = Math.max(a, before ?? accounts.length);
  const rows = from === 'start' ? edges.slice(0, size) : edges.slice(Math.max(0, edges.length - size));
  const lo = rows[0]?.position ?? (from === 'start' ? a : b);
  const hi = lo + rows.length;
  const isEmpty = accounts.length === 0;
  return {
    accounts: rows.map(({ account }) => account),
    hasNextPage: !isEmpty && (from === 'start' ? hi < b : hi < accounts.length),
    hasPreviousPage: !isEmpty && (from === 'start' ? lo > 0 : lo > a),
    total: behind.length + a,
  };
}

async function walk(list: VendorList, keepMs: number, size: () => number, direction: 'forward' | 'backward') {
  const { open } = openDirectory(list, { keepMs });
  const rows: string[] = [];
  let requests = 0;
  let cursor: string | null = null;
  for (;;) {
    const args: ConnectionArguments =
      direction === 'forward' ? { first: size(), after: cursor } : { last: size(), before: cursor };
    const window = await open().loadWindow(APP, args, 'rows');
    requests++;
    if (direction === 'forward') rows.push(...accountsOf(window));
    else rows.unshift(...accountsOf(window));
    const { pageInfo } = window;
    if (direction === 'forward' ? !pageInfo.hasNextPage : !pageInfo.hasPreviousPage)
      return { rows, requests };
    const next: string | null = direction === 'forward' ? pageInfo.endCursor : pageInfo.startCursor;
    if (next === null || next === cursor) throw new Error('more was promised, and no way to it given');
    cursor = next;
  }
}

const totals = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 400 }));
const sizes = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 100 }));

describe('loadWindow', () => {
  it('answers every combination of arguments as the letter of the specification does', async () => {
    await fc.assert(
      fc.asyncProperty(
        totals,
        sizes,
        fc.constantFrom<'start' | 'end'>('start', 'end'),
        fc.option(fc.nat(), { nil: undefined }),
        fc.option(fc.nat(), { nil: undefined }),
        fc.constantFrom(0, 60_000),
        async (total, size, from, afterSeed, beforeSeed, keepMs) => {
          const list = createVendorList(accountsUpTo(total));
          const cursors = await cursorsOf(list);
          const after = total === 0 || afterSeed === undefined ? undefined : afterSeed % total;
          const before = total === 0 || beforeSeed === undefined ? undefined : beforeSeed % total;
          const window = await openDirectory(list, { keepMs })
            .open()
            .loadWindow(
              APP,
              {
                [from === 'start' ? 'first' : 'last']: size,
                after: after === undefined ? null : cursors[after],
                before: before === undefined ? '' : cursors[before],
              },
              'rows',
            );

          const model = modelOf(list.accounts, from, size, after, before);
          expect(accountsOf(window)).toEqual(model.accounts);
          expect(window.totalCount).toBe(total);
          expect({
            hasNextPage: window.pageInfo.hasNextPage,
            hasPreviousPage: window.pageInfo.hasPreviousPage,
          }).toEqual({ hasNextPage: model.hasNextPage, hasPreviousPage: model.hasPreviousPage });
          const expected = list.accounts.flatMap((account, at) =>
            model.accounts.includes(account) ? [cursors[at]] : [],
          );
          expect(window.edges.map(({ cursor }) => cursor)).toEqual(expected);
          expect(window.pageInfo.startCursor).toBe(expected[0] ?? null);
          expect(window.pageInfo.endCursor).toBe(expected.at(-1) ?? null);
        },
      ),
      { numRuns: 400 },
    );
  });

  it.each(['forward', 'backward'] as const)(
    'walks the whole list %s, with whatever sizes',
    async (direction) => {
      await fc.assert(
        fc.asyncProperty(
          totals,
          fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 5 }),
          fc.constantFrom(0, 60_000),
          async (total, walkSizes, keepMs) => {
            const list = createVendorList(accountsUpTo(total));
            let turn = 0;
            const { rows } = await walk(
              list,
              keepMs,
              () => walkSizes[turn++ % walkSizes.length] ?? 1,
              direction,
            );
            expect(rows).toEqual(list.accounts);
          },
        ),
        { numRuns: 100 },
      );
    },
  );

  it.each([1000, 2000, 10_000])(
    'scrolls through %i kept rows by 20 for at most 0.23 calls a request',
    async (total) => {
      const list = createVendorList(accountsUpTo(total));
      const { rows, requests } = await walk(list, 60_000, () => 20, 'forward');
      expect(rows).toEqual(list.accounts);
      expect(list.calls.length / requests).toBeLessThanOrEqual(0.23);
    },
  );

  it('scrolls backwards by 100 through kept rows for at most 1.2 calls a request', async () => {
    const list = createVendorList(accountsUpTo(5000));
    const { rows, requests } = await walk(list, 60_000, () => 100, 'backward');
    expect(rows).toEqual(list.accounts);
    expect(list.calls.length / requests).toBeLessThanOrEqual(1.2);
  });

  it('reads the count alone for a window of no rows', async () => {
    for (const args of [{ first: 0 }, { last: 0 }]) {
      const list = createVendorList(accountsUpTo(1000));
      await openDirectory(list).open().loadWindow(APP, args, 'rows');
      expect(list.calls).toEqual(['1/1']);
    }
  });

  it('reads the start of a list that was shorter when last seen by one call', async () => {
    const list = createVendorList([]);
    const { open } = openDirectory(list);
    await open().loadWindow(APP, {}, 'count');
    list.accounts = accountsUpTo(300);
    list.calls.length = 0;
    const window = await open().loadWindow(APP, { first: 20 }, 'rows');
    expect(window.nodes).toHaveLength(20);
    expect(list.calls).toHaveLength(1);
  });

  it('reads up to 48 rows after any cursor by exactly one call, with nothing kept', async () => {
    const list = createVendorList(accountsUpTo(700));
    const cursors = await cursorsOf(list);
    for (const first of [1, 20, 37, 48]) {
      for (let at = 0; at < 699; at += 13) {
        list.calls.length = 0;
        await openDirectory(list)
          .open()
          .loadWindow(APP, { first, after: cursors[at] ?? null }, 'rows');
        expect(list.calls).toHaveLength(1);
      }
    }
  });

  it('counts without reading rows', async () => {
    const list = createVendorList(accountsUpTo(300));
    const window = await openDirectory(list).open().loadWindow(APP, {}, 'count');
    expect(window.totalCount).toBe(300);
    expect(list.calls).toEqual(['1/1']);
  });

  it('makes no call for a selection that needs nothing of the vendor', async () => {
    const list = createVendorList(accountsUpTo(300));
    await openDirectory(list).open().loadWindow(APP, {}, 'nothing');
    expect(list.calls).toEqual([]);
  });

  it('reads identical windows of one request once', async () => {
    const list = createVendorList(accountsUpTo(300));
    const phones = openDirectory(list).open();
    await Promise.all([1, 2, 3].map(() => phones.loadWindow(APP, { first: 20 }, 'rows')));
    expect(list.calls).toHaveLength(1);
  });

  describe('for the last rows of a list of unknown length', () => {
    it.each([
      [0, 20, 1],
      [80, 20, 1],
      [100, 100, 1],
      [300, 20, 2],
      [300, 48, 2],
      [1037, 99, 3],
    ])('of %i rows, last: %i takes %i calls', async (total, last, calls) => {
      const list = createVendorList(accountsUpTo(total));
      const window = await openDirectory(list, { keepMs: 60_000 }).open().loadWindow(APP, { last }, 'rows');
      expect(accountsOf(window)).toEqual(list.accounts.slice(-last));
      expect(list.calls).toHaveLength(calls);
    });
  });

  it('reads the tail by the total of an earlier answer, and verifies it by what comes back', async () => {
    const list = createVendorList(accountsUpTo(300));
    const { open } = openDirectory(list);
    await open().loadWindow(APP, { first: 1 }, 'rows');
    list.accounts.push('row-300', 'row-301');
    list.calls.length = 0;
    const window = await open().loadWindow(APP, { last: 20 }, 'rows');
    expect(accountsOf(window)).toEqual(list.accounts.slice(-20));
    expect(list.calls.length).toBeLessThanOrEqual(2);
  });
});

describe('A window with a cursor beside it', () => {
  it('has its cursor looked for though its rows are in hand, by one call', async () => {
    const list = createVendorList(accountsUpTo(1000));
    const cursors = await cursorsOf(list);
    const phones = openDirectory(list).open();
    await phones.loadWindow(APP, { last: 5 }, 'rows');
    list.calls.length = 0;
    const after = await phones.loadWindow(APP, { last: 5, after: cursors[300] }, 'rows');
    expect(accountsOf(after)).toEqual(list.accounts.slice(-5));
    expect(list.calls).toHaveLength(1);
    list.calls.length = 0;
    await phones.loadWindow(APP, { first: 3 }, 'rows');
    const before = await phones.loadWindow(APP, { first: 3, before: cursors[600] }, 'rows');
    expect(accountsOf(before)).toEqual(['row-0', 'row-1', 'row-2']);
    expect(list.calls).toHaveLength(1);
  });

  it('needs no call where its cursor is in hand as well', async () => {
    const list = createVendorList(accountsUpTo(400));
    const cursors = await cursorsOf(list);
    const phones = openDirectory(list).open();
    await phones.loadWindow(APP, { first: 50 }, 'rows');
    await phones.loadWindow(APP, { last: 50 }, 'rows');
    list.calls.length = 0;
    const before = await phones.loadWindow(APP, { first: 20, before: cursors[370] }, 'rows');
    const after = await phones.loadWindow(APP, { last: 20, after: cursors[30] }, 'rows');
    expect([accountsOf(before), accountsOf(after)]).toEqual([
      list.accounts.slice(0, 20),
      list.accounts.slice(-20),
    ]);
    expect(list.calls).toEqual([]);
  });
});

describe('A cursor whose row has moved though the total is the same', () => {
  it.each([
    [2, 2, 1],
    [1, 1, 1],
  ])(
    'is held against another page where %i calls may be made, by %i, and counts as moved',
    async (callBudget, calls, repairs) => {
      const list = createVendorList(accountsUpTo(1000));
      const cursors = await cursorsOf(list);
      list.accounts.splice(10, 0, 'new');
      list.accounts.pop();
      const phones = openDirectory(list, { callBudget }).open();
      const window = await phones.loadWindow(APP, { first: 20, after: cursors[300] }, 'rows');
      expect(accountsOf(window)).toEqual(accountsUpTo(321).slice(301));
      expect(list.calls).toHaveLength(calls);
      expect(phones.cost.driftRepairs).toBe(repairs);
    },
  );

  it('is held against a page that shows its row, not another of the window', async () => {
    const list = createVendorList(accountsUpTo(1000));
    const cursors = await cursorsOf(list);
    list.accounts.splice(10, 0, 'new');
    list.accounts.pop();
    const window = await openDirectory(list)
      .open()
      .loadWindow(APP, { last: 20, before: cursors[302] }, 'rows');
    expect(accountsOf(window)).toEqual(accountsUpTo(302).slice(282));
    expect(list.calls).toHaveLength(2);
    // It stands at 303 now; the first rows of the window are on the page before.
    expect(list.calls[1]).toBe('4/100');
  });

  it('is counted for the operator once for each of its two cursors', async () => {
    const warnings: object[] = [];
    const list = createVendorList(accountsUpTo(1000));
    const cursors = await cursorsOf(list);
    list.accounts.splice(10, 0, 'new');
    list.accounts.pop();
    const clock = createManualClock();
    const log = {
      debug() {},
      info() {},
      error() {},
      warn: (evidence: object) => void warnings.push(evidence),
    };
    const { open } = openDirectory(list, { clock, log });
    const read = () =>
      open().loadWindow(APP, { first: 50, after: cursors[300], before: cursors[320] }, 'rows');
    expect(accountsOf(await read())).toEqual(accountsUpTo(320).slice(301));
    await clock.advance(60_000);
    await read();
    expect(warnings).toEqual([
      { appId: APP, anomaly: 'anchor-moved', anomalies: { 'anchor-moved': 1 } },
      { appId: APP, anomaly: 'anchor-moved', anomalies: { 'anchor-moved': 3 } },
    ]);
  });

  it('is no anomaly where the total explains it', async () => {
    const warnings: object[] = [];
    const list = createVendorList(accountsUpTo(1000));
    const cursors = await cursorsOf(list);
    list.accounts.splice(10, 0, 'new');
    const log = {
      debug() {},
      info() {},
      error() {},
      warn: (evidence: object) => void warnings.push(evidence),
    };
    const phones = openDirectory(list, { log }).open();
    await phones.loadWindow(APP, { first: 20, after: cursors[300] }, 'rows');
    expect(phones.cost).toMatchObject({ calls: 1, driftRepairs: 1 });
    expect(warnings).toEqual([]);
  });
});

describe('Rows that are read ahead', () => {
  it.each([
    [{ first: 10, after: 250 }, 'forward'],
    [{ last: 10, before: 260 }, 'backward'],
  ] as const)(
    'are those that a client comes to next: %j',
    async ({
      after,
      before,
      ...size
    }: { first?: number; last?: number; after?: number; before?: number }, direction) => {
      const list = createVendorList(accountsUpTo(1000));
      const cursors = await cursorsOf(list);
      const { open } = openDirectory(list, { keepMs: 60_000 });
      const cursorOf = (at: number | undefined) => (at === undefined ? null : cursors[at]);
      await open().loadWindow(APP, { ...size, after: cursorOf(after), before: cursorOf(before) }, 'rows');
      const [current = 0, rows = 0] = (list.calls[0] ?? '').split('/').map(Number);
      const [ahead, behind] = [current * rows - 261, 250 - (current - 1) * rows];
      expect(direction === 'forward' ? ahead : behind).toBeGreaterThan(60);
      expect(list.calls).toHaveLength(1);
    },
  );

  it('are none where rows are not kept', async () => {
    const list = createVendorList(accountsUpTo(1000));
    const cursors = await cursorsOf(list);
    await openDirectory(list).open().loadWindow(APP, { first: 10, after: cursors[250] }, 'rows');
    const [, rows] = (list.calls[0] ?? '').split('/').map(Number);
    expect(rows).toBeLessThan(20);
  });
});

/** The cursor of each row, as the gateway gives it. */
async function cursorsOf(list: VendorList): Promise<string[]> {
  const { open } = openDirectory(list, { keepMs: 60_000 });
  const cursors: string[] = [];
  while (cursors.length < list.accounts.length) {
    const window = await open().loadWindow(APP, { first: 100, after: cursors.at(-1) ?? null }, 'rows');
    cursors.push(...window.edges.map(({ cursor }) => cursor));
  }
  list.calls.length = 0;
  return cursors;
}
