import { describe, expect, it } from '@jest/globals';
import { UpstreamTimeoutError } from '../../../src/errors/upstream-errors.ts';
import type { PhoneListArguments, PhoneWindow, WindowNeed } from '../../../src/phones/phones.ts';
import { createEndTiedOrder } from '../../support/end-tied-list.ts';
import { clockAt } from '../../support/manual-clock.ts';
import { createRandom, type Scroll, scroll } from '../../support/scroll.ts';
import { createTiedOrder } from '../../support/tied-list.ts';
import { APP, accountsUpTo, createVendorList, openDirectory } from '../../support/vendor-list.ts';

/** Rows, phones of one creation time, rows of a window, direction. */
const SHAPES = [
  [180, 30, 100, 'forward'],
  [137, 137, 50, 'forward'],
  [137, 137, 50, 'backward'],
  [120, 120, 100, 'forward'],
  [260, 260, 50, 'forward'],
  [400, 400, 100, 'forward'],
  [437, 437, 50, 'backward'],
] as const;

describe('A list in which equal creation times have no order of their own', () => {
  it.each(SHAPES)(
    'of %i rows in batches of %i, read by %i %s with pauses, ends in an error or right',
    async (total, batch, size, direction) => {
      for (const order of [createTiedOrder(batch), createEndTiedOrder(batch)]) {
        const scrolls: Scroll[] = [];
        for (let seed = 1; seed <= 20; seed++) {
          const random = createRandom(seed);
          const firstSize = 1 + Math.floor(random() * size);
          const calm = { changeRate: 0, changes: [], keepMs: 2000, pauseMs: 5000 };
          scrolls.push(await scroll({ total, size, firstSize, direction, order, random, ...calm }));
        }
        const wrong = scrolls.filter(
          ({ end, duplicates, misses }) => end === 'complete' && duplicates + misses > 0,
        );
        expect(wrong).toEqual([]);
      }
    },
  );

  it('shows where a row stands twice by reading both pages again, and says so once', async () => {
    const warnings: object[] = [];
    let now = 0;
    const list = createVendorList(accountsUpTo(400));
    list.order = createTiedOrder(400);
    const log = {
      debug() {},
      info() {},
      error() {},
      warn: (evidence: object) => void warnings.push(evidence),
    };
    const { open } = openDirectory(list, { keepMs: 2000, clock: clockAt(() => now), log });
    const read = async (first: number, after: string | null) => {
      now += 5000;
      return (await open().loadWindow(APP, { first, after }, 'rows')).pageInfo.endCursor;
    };
    const third = await read(100, await read(100, await read(37, null)));
    list.calls.length = 0;
    await expect(read(100, third)).rejects.toMatchObject({ code: 'UPSTREAM_INCONSISTENT', retryable: false });
    expect(list.calls).toEqual(['4/78', '4/100', '1/100', '4/100', '1/100', '4/100']);
    expect(warnings).toEqual([{ appId: APP, anomaly: 'disorder', anomalies: { disorder: 1 } }]);
  });

  it('is read in account order once that is known, where it is short, and pages on in it', async () => {
    let now = 0;
    const list = createVendorList(accountsUpTo(400));
    list.order = createTiedOrder(30);
    const { open } = openDirectory(list, { keepMs: 2000, clock: clockAt(() => now) });
    const read = async (first: number, after: string | null) => {
      now += 5000;
      return open().loadWindow(APP, { first, after }, 'rows');
    };
    let inVendorOrder = (await read(37, null)).pageInfo.endCursor;
    const readOn = async () => {
      for (;;) inVendorOrder = (await read(100, inVendorOrder)).pageInfo.endCursor;
    };
    await expect(readOn()).rejects.toThrow('Ask for them with "orderBy"');

    const rows: string[] = [];
    let after: string | null = null;
    do {
      const window: PhoneWindow = await read(90, after);
      rows.push(...window.nodes.map(({ account }) => account));
      expect(window.totalCount).toBe(400);
      after = window.pageInfo.hasNextPage ? window.pageInfo.endCursor : null;
    } while (after !== null);
    expect(rows).toHaveLength(400);
    expect([...rows].sort()).toEqual(accountsUpTo(400).sort());

    now += 10 * 60_000;
    // Its cursors are those of the vendor's order again.
    expect((await read(3, null)).pageInfo.endCursor).toHaveLength(52);
  });

  it.each([
    [102, 51, 51, 'forward'],
    [110, 2, 33, 'forward'],
    [137, 137, 50, 'backward'],
    [101, 50, 37, 'backward'],
  ] as const)(
    'of %i rows in batches of %i, read by %i %s, each window by another gateway, is noticed four times in five',
    async (total, batch, size, direction) => {
      const order = createEndTiedOrder(batch);
      let wrong = 0;
      for (let seed = 1; seed <= 30; seed++) {
        const random = createRandom(seed);
        const firstSize = 1 + Math.floor(random() * size);
        const calm = { changeRate: 0, changes: [], keepMs: 2000, pauseMs: 5000, changesReplica: true };
        const result = await scroll({ total, size, firstSize, direction, order, random, ...calm });
        if (result.end === 'complete' && result.duplicates + result.misses > 0) wrong++;
      }
      // Without the page that ends elsewhere it is 8 to 18 of 30.
      expect(wrong).toBeLessThanOrEqual(6);
    },
  );

  it('has every phone found that exists, and every other one shown not to', async () => {
    for (const [total, batch] of [
      [180, 30],
      [437, 30],
      [1000, 7],
    ] as const) {
      let now = 0;
      const list = createVendorList(accountsUpTo(total));
      list.order = createTiedOrder(batch);
      const { open } = openDirectory(list, { keepMs: 2000, clock: clockAt(() => now) });
      for (let row = 3; row < total; row += 41) {
        now += 5000;
        expect((await open().loadPhone(APP, `row-${row}`))?.account).toBe(`row-${row}`);
      }
      expect(await open().loadPhone(APP, 'nobody')).toBeNull();
    }
  });
});

describe('A list that is known to have no order', () => {
  const NOW = 1_000;
  /** A lookup of a phone that does not exist has shown it. */
  async function openKnown(total: number) {
    const list = createVendorList(accountsUpTo(total));
    list.order = createTiedOrder(30);
    const { open } = openDirectory(list, { keepListMs: 30_000, clock: clockAt(() => NOW) });
    expect(await open().loadPhone(APP, 'nobody')).toBeNull();
    list.calls.length = 0;
    const read = (args: PhoneListArguments, need: WindowNeed = 'rows') => open().loadWindow(APP, args, need);
    return { list, read };
  }

  it.each([
    [744, '8 calls', new Date(NOW).toISOString()],
    [745, '9 calls', null],
  ])(
    'of %i rows, which takes %s to read whole, is read in account order as of %p',
    async (total, _, asOf) => {
      const { read } = await openKnown(total);
      expect((await read({ first: 3 })).asOf).toBe(asOf);
    },
  );

  it('is not read whole for its count, nor after a cursor of its own order', async () => {
    const { list, read } = await openKnown(400);
    expect(await read({ first: 3 }, 'count')).toMatchObject({ totalCount: 400, asOf: null });
    expect(list.calls).toHaveLength(1);
    list.order = (rows) => rows;
    const { open } = openDirectory(list);
    const { endCursor } = (await open().loadWindow(APP, { first: 3 }, 'rows')).pageInfo;
    expect(await read({ first: 3, after: endCursor })).toMatchObject({
      asOf: null,
      nodes: [{ account: 'row-3' }, { account: 'row-4' }, { account: 'row-5' }],
    });
  });

  it('is answered in its own order while it cannot be read whole, and is not read again for that', async () => {
    const { list, read } = await openKnown(400);
    // One row is on no page, and another one stands in its place.
    const ordered = list.order;
    list.order = (rows, query) => ordered(rows, query).map((row) => (row === 'row-250' ? 'row-1' : row));
    const first = await read({ first: 3 });
    expect(first).toMatchObject({ asOf: null, totalCount: 400 });
    expect(first.nodes).toHaveLength(3);
    list.calls.length = 0;
    expect((await read({ first: 3 })).nodes).toEqual(first.nodes);
    expect(list.calls).toHaveLength(1);
  });

  it('fails as the vendor does while it is read whole, without a call beyond', async () => {
    const { list, read } = await openKnown(400);
    list.beforeAnswer = () => {
      throw new UpstreamTimeoutError();
    };
    await expect(read({ first: 3 })).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(new Set(list.calls).size).toBe(list.calls.length);
    expect(list.calls).not.toContain('1/3');
  });
});

describe('A list whose rows move though its total stays', () => {
  /** Reads 100 rows, then changes the list, waits, and goes on. */
  async function goOnAfter(change: (accounts: string[]) => void, isNewReplica = false) {
    let now = 0;
    const list = createVendorList(accountsUpTo(1000));
    const openReplica = () => openDirectory(list, { keepMs: 2000, clock: clockAt(() => now) });
    const { open } = openReplica();
    const first = await open().loadWindow(APP, { first: 90 }, 'rows');
    change(list.accounts);
    now = 5000;
    list.calls.length = 0;
    const { open: goOn } = isNewReplica ? openReplica() : { open };
    const second = await goOn().loadWindow(APP, { first: 20, after: first.pageInfo.endCursor }, 'rows');
    return { list, rows: second.nodes.map(({ account }) => account) };
  }

  it('is taken for what it is, by one more call: the page that showed it elsewhere has moved too', async () => {
    const { list, rows } = await goOnAfter((accounts) => {
      accounts.unshift('new');
      accounts.pop();
    });
    expect(rows).toEqual(accountsUpTo(110).slice(90));
    expect(list.calls).toHaveLength(2);
  });

  it('is taken for what it is by a gateway that has read nothing of it, by a page that ends elsewhere', async () => {
    const { list, rows } = await goOnAfter((accounts) => {
      accounts.unshift('new');
      accounts.pop();
    }, true);
    expect(rows).toEqual(accountsUpTo(110).slice(90));
    expect(list.calls).toHaveLength(2);
    expect(new Set(list.calls).size).toBe(2);
  });

  it('costs nothing where the row of the cursor stands where it stood', async () => {
    const { list, rows } = await goOnAfter((accounts) => {
      accounts.splice(500, 1);
      accounts.push('new');
    }, true);
    expect(rows).toEqual(accountsUpTo(110).slice(90));
    expect(list.calls).toHaveLength(1);
  });

  it('costs nothing where nothing that is read again has moved', async () => {
    const { list, rows } = await goOnAfter((accounts) => {
      accounts.splice(500, 1);
      accounts.push('new');
    });
    expect(rows).toEqual(accountsUpTo(110).slice(90));
    expect(list.calls).toHaveLength(1);
  });

  it('costs a calm scroll nothing: a call a window', async () => {
    const calm = { total: 1000, size: 20, changeRate: 0, changes: [], keepMs: 2000, pauseMs: 5000 };
    const end = await scroll({ ...calm, direction: 'forward', random: createRandom(1) });
    expect(end).toMatchObject({ end: 'complete', requests: 50, calls: 50, duplicates: 0, misses: 0 });
  });
});
