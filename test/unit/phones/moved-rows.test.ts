import { describe, expect, it } from '@jest/globals';
import type { ConnectionArguments, PhoneWindow } from '../../../src/phones/phones.ts';
import { APP, accountsUpTo, createVendorList, openDirectory, SILENT } from '../../support/vendor-list.ts';

function newRows(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `new-${index}`);
}

function accountsOf(window: PhoneWindow): string[] {
  return window.nodes.map(({ account }) => account);
}

/** A client that has read 20 rows from `row-400` on, in a list of `total`. */
async function readUpTo420(total = 5000, warn: (evidence: object) => void = SILENT.warn) {
  const list = createVendorList(accountsUpTo(total));
  const { open } = openDirectory(list, { log: { ...SILENT, warn } });
  const first = await open().loadWindow(APP, { first: 1 }, 'rows');
  const jump = first.pageCursors?.first?.cursor ?? null;
  let cursor = jump;
  for (let at = 0; at < 420; at += 70) {
    cursor = (await open().loadWindow(APP, { first: 70, after: cursor }, 'rows')).pageInfo.endCursor;
  }
  list.calls.length = 0;
  return { list, open, after: cursor };
}

describe('The row of an `after` cursor', () => {
  it.each([
    ['by 10 rows', 10, 2],
    ['by 300 rows, as the total tells', 300, 2],
  ])('is found where it has moved %s', async (_, inserted, calls) => {
    const { list, open, after } = await readUpTo420();
    list.accounts.unshift(...newRows(inserted));
    const phones = open();
    const window = await phones.loadWindow(APP, { first: 20, after }, 'rows');
    expect(accountsOf(window)).toEqual(accountsUpTo(440).slice(420));
    expect(list.calls.length).toBeLessThanOrEqual(calls);
    expect(phones.cost.driftRepairs).toBe(1);
  });

  it('is found outward where the total does not tell that it has moved', async () => {
    const { list, open, after } = await readUpTo420();
    list.accounts.unshift(...newRows(150));
    list.accounts.splice(-150, 150);
    const window = await open().loadWindow(APP, { first: 20, after }, 'rows');
    expect(accountsOf(window)).toEqual(accountsUpTo(440).slice(420));
    // One more tells that the list has moved, and that its order is stable.
    expect(list.calls.length).toBeLessThanOrEqual(1 + 4 + 1);
  });

  it('is resumed after the row before when it is gone', async () => {
    const { list, open, after } = await readUpTo420();
    list.accounts.splice(419, 1);
    const window = await open().loadWindow(APP, { first: 48, after }, 'rows');
    expect(accountsOf(window)).toEqual(accountsUpTo(468).slice(420));
    expect(list.calls).toHaveLength(1);
  });

  it('is looked for behind up to 24 new rows before it is called gone', async () => {
    const { list, open, after } = await readUpTo420();
    list.accounts.splice(419, 0, ...newRows(24));
    const window = await open().loadWindow(APP, { first: 2, after }, 'rows');
    expect(accountsOf(window)).toEqual(['row-420', 'row-421']);
  });

  it('comes again, and none is lost, when more than 25 new rows stand exactly before it', async () => {
    const { list, open, after } = await readUpTo420();
    list.accounts.splice(419, 0, ...newRows(60));
    const rows: string[] = [];
    let cursor = after;
    for (let windows = 0; windows < 4; windows++) {
      const window = await open().loadWindow(APP, { first: 20, after: cursor }, 'rows');
      rows.push(...accountsOf(window));
      cursor = window.pageInfo.endCursor;
    }
    expect(rows).toEqual([...newRows(60), ...accountsUpTo(439).slice(419)]);
  });

  it('expires the cursor when the row before is gone as well, after at most four more calls', async () => {
    const { list, open, after } = await readUpTo420();
    list.accounts.splice(418, 2);
    await expect(open().loadWindow(APP, { first: 20, after }, 'rows')).rejects.toMatchObject({
      code: 'CURSOR_EXPIRED',
      argument: 'after',
    });
    expect(list.calls.length).toBeLessThanOrEqual(1 + 4);
  });

  it('that was the first of a list read whole is resumed at the start when it is gone', async () => {
    const list = createVendorList(accountsUpTo(150));
    const { open } = openDirectory(list);
    const { pageInfo } = await open().loadWindow(APP, { first: 1 }, 'rows');
    list.accounts.shift();
    const window = await open().loadWindow(APP, { first: 2, after: pageInfo.endCursor }, 'rows');
    expect(accountsOf(window)).toEqual(['row-1', 'row-2']);
  });

  it('expires the cursor when it was the first of a list too long to be read whole', async () => {
    const list = createVendorList(accountsUpTo(5000));
    const { open } = openDirectory(list);
    const { pageInfo } = await open().loadWindow(APP, { first: 1 }, 'rows');
    list.accounts.shift();
    const reading = open().loadWindow(APP, { first: 2, after: pageInfo.endCursor }, 'rows');
    await expect(reading).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
  });

  it('is an error when the row before it now stands behind it', async () => {
    const { list, open, after } = await readUpTo420();
    list.accounts.splice(418, 2, 'row-419', 'row-418');
    await expect(open().loadWindow(APP, { first: 20, after }, 'rows')).rejects.toMatchObject({
      code: 'UPSTREAM_INCONSISTENT',
      retryable: false,
    });
  });
});

describe('The row of a `before` cursor', () => {
  async function readDownTo420() {
    const { list, open, after } = await readUpTo420();
    const window = await open().loadWindow(APP, { first: 1, after }, 'rows');
    list.calls.length = 0;
    return { list, open, before: window.pageInfo.startCursor };
  }

  it('is found where it has moved', async () => {
    const { list, open, before } = await readDownTo420();
    list.accounts.unshift(...newRows(300));
    const window = await open().loadWindow(APP, { last: 20, before }, 'rows');
    expect(accountsOf(window)).toEqual(accountsUpTo(420).slice(400));
    expect(list.calls.length).toBeLessThanOrEqual(3);
  });

  it('ends the window with the row before when it is gone', async () => {
    const { list, open, before } = await readDownTo420();
    list.accounts.splice(420, 1);
    const window = await open().loadWindow(APP, { last: 20, before }, 'rows');
    expect(accountsOf(window)).toEqual(accountsUpTo(420).slice(400));
    expect(list.calls).toHaveLength(1);
  });

  it('expires the cursor when the row before is gone as well', async () => {
    const { list, open, before } = await readDownTo420();
    list.accounts.splice(419, 2);
    await expect(open().loadWindow(APP, { last: 20, before }, 'rows')).rejects.toMatchObject({
      code: 'CURSOR_EXPIRED',
      argument: 'before',
    });
  });
});

describe('A seam between two pages', () => {
  /** Reads `row-0` to `row-199` as two windows, by three calls; rows leave before the page of that start is answered. */
  async function readAcross(changedPageStart: number, deleted: number) {
    const list = createVendorList(accountsUpTo(1000));
    const { open } = openDirectory(list);
    const { pageCursors } = await open().loadWindow(APP, { first: 100 }, 'rows');
    list.calls.length = 0;
    let isChanged = false;
    list.beforeAnswer = async ({ current, size }) => {
      if ((current - 1) * size !== changedPageStart || isChanged) return;
      isChanged = true;
      await new Promise(setImmediate);
      list.accounts.splice(0, deleted);
    };
    const phones = open();
    const after = pageCursors?.next?.cursor ?? null;
    const windows = await Promise.all([
      phones.loadWindow(APP, { first: 100 }, 'rows'),
      phones.loadWindow(APP, { first: 100, after }, 'rows'),
    ]);
    for (const window of windows) {
      const at = Number(window.nodes[0]?.account.split('-')[1]);
      expect(accountsOf(window)).toEqual(accountsUpTo(at + 100).slice(at));
    }
    return list.calls.slice(3);
  }

  it.each([
    ['a few rows have left before it: by one call', 10, 1],
    ['up to 59 rows have left before it: by two calls', 50, 2],
    ['more rows have left before it: by reading anew', 150, 4],
  ])('is repaired when %s', async (_, deleted, calls) => {
    expect((await readAcross(196, deleted)).length).toBeLessThanOrEqual(calls);
  });

  it('to a page that was read before rows left is repaired by reading that page again', async () => {
    expect(await readAcross(99, 10)).toHaveLength(1);
  });

  it('that never holds ends in an error that another try may repair', async () => {
    const list = createVendorList(accountsUpTo(1000));
    const { open } = openDirectory(list);
    const { pageCursors } = await open().loadWindow(APP, { first: 100 }, 'rows');
    let turn = 0;
    list.distort = (page) => {
      turn++;
      return {
        ...page,
        phones: page.phones.map((phone) => ({ ...phone, account: `${phone.account}-${turn}` })),
      };
    };
    const reading = open().loadWindow(APP, { first: 100, after: pageCursors?.next?.cursor ?? null }, 'rows');
    await expect(reading).rejects.toMatchObject({ code: 'UPSTREAM_INCONSISTENT', retryable: true });
  });
});

describe('A window between two cursors', () => {
  it.each(['first', 'last'] as const)(
    'holds what lies between them when rows leave between its two reads: %s',
    async (side) => {
      const list = createVendorList([...newRows(30), ...accountsUpTo(1000)]);
      const calm = await cursorsOf(accountsUpTo(1000));
      let isChanged = false;
      list.beforeAnswer = async ({ current }) => {
        if (current === 1 || isChanged) return;
        isChanged = true;
        await new Promise(setImmediate);
        list.accounts.splice(0, 60);
      };
      const args = { [side]: 1, after: calm[500], before: calm[530] };
      const window = await openDirectory(list).open().loadWindow(APP, args, 'rows');
      expect(accountsOf(window)).toEqual([side === 'first' ? 'row-501' : 'row-529']);
      expect(window.pageInfo).toMatchObject({ hasNextPage: true });
    },
  );

  it('is found at the end of the list though the row after which it may start is gone', async () => {
    const calm = await cursorsOf(accountsUpTo(1000));
    const list = createVendorList(accountsUpTo(1000));
    list.accounts.splice(90, 1);
    const window = await openDirectory(list).open().loadWindow(APP, { last: 5, after: calm[90] }, 'rows');
    expect(accountsOf(window)).toEqual(accountsUpTo(1000).slice(-5));
    expect(window.pageInfo.hasPreviousPage).toBe(true);
  });
});

describe('A page cursor of a list that has shrunk', () => {
  it('gives what a cursor behind the end gives: nothing after it, the end before it', async () => {
    const long = createVendorList(accountsUpTo(203));
    const { open } = openDirectory(long);
    const { pageCursors } = await open().loadWindow(APP, { first: 62 }, 'rows');
    const cursor = pageCursors?.next?.cursor ?? null;
    long.accounts.length = 30;
    const window = (args: ConnectionArguments) => open().loadWindow(APP, args, 'rows');
    expect(accountsOf(await window({ last: 5, before: cursor }))).toEqual(accountsUpTo(30).slice(-5));
    const all = await window({ first: 50, before: cursor });
    expect(accountsOf(all)).toEqual(accountsUpTo(30));
    expect(all.pageInfo.hasNextPage).toBe(false);
    const none = await window({ first: 20, after: cursor });
    expect(accountsOf(none)).toEqual([]);
    expect(none.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });
});

describe('A window of up to 48 rows whose anchor has moved', () => {
  it.each([400, 1000, 3000])(
    'takes at most 2 calls for every shift from -95 to 130, of %i rows',
    async (total) => {
      const calm = accountsUpTo(total);
      const position = Math.floor(total * 0.45);
      const cursor = (await cursorsOf(calm))[position] ?? '';
      for (let shift = -95; shift <= 130; shift++) {
        for (const size of shift % 10 === 0 ? [1, 20, 48] : [48]) {
          const list = createVendorList(calm);
          if (shift < 0) list.accounts.splice(position - 180 < 0 ? 0 : position - 180, -shift);
          else list.accounts.splice(50, 0, ...newRows(shift));
          const at = list.accounts.indexOf(`row-${position}`);
          const after = await openDirectory(list)
            .open()
            .loadWindow(APP, { first: size, after: cursor }, 'rows');
          expect(accountsOf(after)).toEqual(list.accounts.slice(at + 1, at + 1 + size));
          expect(list.calls.length).toBeLessThanOrEqual(2);
          list.calls.length = 0;
          const before = await openDirectory(list)
            .open()
            .loadWindow(APP, { last: size, before: cursor }, 'rows');
          expect(accountsOf(before)).toEqual(list.accounts.slice(at - size, at));
          expect(list.calls.length).toBeLessThanOrEqual(2);
        }
      }
    },
  );

  it.each([5, -5, 20])('is found %i rows from where it was though 300 came at the end', async (by) => {
    for (const total of [400, 1000, 3000]) {
      const [cursor] = (await cursorsOf(accountsUpTo(total))).slice(179);
      const list = createVendorList(accountsUpTo(total));
      if (by > 0) list.accounts.splice(10, 0, ...newRows(by));
      else list.accounts.splice(10, -by);
      list.accounts.push(...Array.from({ length: 300 }, (_, index) => `end-${index}`));
      const window = await openDirectory(list).open().loadWindow(APP, { first: 20, after: cursor }, 'rows');
      expect(accountsOf(window)).toEqual(accountsUpTo(200).slice(180));
      expect(list.calls.length).toBeLessThanOrEqual(3);
    }
  });
});

/** The cursor of each row of a calm list. */
async function cursorsOf(accounts: readonly string[]): Promise<string[]> {
  const { open } = openDirectory(createVendorList(accounts), { keepMs: 60_000 });
  const cursors: string[] = [];
  while (cursors.length < accounts.length) {
    const window = await open().loadWindow(APP, { first: 100, after: cursors.at(-1) ?? null }, 'rows');
    cursors.push(...window.edges.map(({ cursor }) => cursor));
  }
  return cursors;
}

describe('A row that has moved from one page of a window to the next', () => {
  const SAID = { appId: APP, anomaly: 'seam-moved', anomalies: { 'seam-moved': 1 } };

  it.each([
    ['which the total explains', false, []],
    ['which no total explains, and is told the operator', true, [SAID]],
  ])('comes once, and is counted as a move %s', async (_, isTotalSame, told) => {
    const warnings: object[] = [];
    const { list, open, after } = await readUpTo420(5000, (evidence) => void warnings.push(evidence));
    list.beforeAnswer = async () => {
      if (list.calls.length !== 2) return;
      // The page before is answered meanwhile.
      await new Promise(setImmediate);
      list.accounts.unshift('new');
      if (isTotalSame) list.accounts.pop();
    };
    const phones = open();
    const window = await phones.loadWindow(APP, { first: 100, after }, 'rows');
    expect(accountsOf(window)).toEqual(accountsUpTo(520).slice(420));
    // The row of the cursor has moved as well.
    expect(phones.cost.driftRepairs).toBe(2);
    expect(warnings).toEqual(told);
  });
});
