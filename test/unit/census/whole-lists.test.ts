import { describe, expect, it } from '@jest/globals';
import { RateLimitedError } from '../../../src/errors/request-errors.ts';
import { UpstreamUnavailableError } from '../../../src/errors/upstream-errors.ts';
import type { PhoneDirectory, RequestPhones } from '../../../src/phones/phones.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { createRequester } from '../../support/requester.ts';
import { createTiedOrder } from '../../support/tied-list.ts';
import {
  APP,
  accountsUpTo,
  createVendorList,
  openDirectory,
  type VendorList,
} from '../../support/vendor-list.ts';

const BY_ACCOUNT = { orderBy: { field: 'account', direction: 'asc' } } as const;
const NEVER = Number.POSITIVE_INFINITY;

/** Moments at which a call is let go. */
function createGate(list: VendorList) {
  const waiting: (() => void)[] = [];
  list.beforeAnswer = () => new Promise<void>((resolve) => waiting.push(resolve));
  return {
    waiting,
    /** Lets answers go until no call waits. */
    async openAll() {
      list.beforeAnswer = () => undefined;
      for (;;) {
        await settle();
        if (waiting.length === 0) return;
        for (const go of waiting.splice(0)) go();
      }
    },
  };
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function countOf(phones: RequestPhones): Promise<number> {
  return (await phones.loadWindow(APP, BY_ACCOUNT, 'rows')).totalCount;
}

function openFor(directory: PhoneDirectory, deadlineAt = NEVER, signal?: AbortSignal): RequestPhones {
  return directory.open({ deadlineAt, signal, requester: createRequester() });
}

describe('A whole list', () => {
  it('is read once for a hundred requests of which 99 leave', async () => {
    const list = createVendorList(accountsUpTo(437));
    const gate = createGate(list);
    const { directory } = openDirectory(list, { keepListMs: 1000 });
    const leaving = Array.from({ length: 99 }, () => new AbortController());
    const left = Promise.allSettled(leaving.map(({ signal }) => countOf(openFor(directory, NEVER, signal))));
    const staying = countOf(openFor(directory));
    await settle();
    for (const controller of leaving) controller.abort(new Error('gone'));
    const ends = await left;
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    await gate.openAll();
    expect(await staying).toBe(437);
    expect(list.calls).toHaveLength(5);
  });

  it('is charged to who has waited longest, call by call', async () => {
    const list = createVendorList(accountsUpTo(437));
    const gate = createGate(list);
    const { directory } = openDirectory(list);
    const leaving = new AbortController();
    const [first, second, third] = [
      openFor(directory, NEVER, leaving.signal),
      openFor(directory),
      openFor(directory),
    ];
    const answers = Promise.allSettled([first, second, third].map(countOf));
    await settle();
    leaving.abort(new Error('gone'));
    await gate.openAll();
    await answers;
    expect([first, second, third].map(({ cost }) => cost.calls)).toEqual([1, 4, 0]);
  });

  it('goes on for a second when the last has left, and from there for who comes next', async () => {
    const list = createVendorList(accountsUpTo(1000));
    const clock = createManualClock();
    const { directory } = openDirectory(list, { clock });
    const leaving = new AbortController();
    let calls = 0;
    const aborted: boolean[] = [];
    list.beforeAnswer = (_, { signal }) =>
      ++calls <= 4
        ? undefined
        : new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => {
              aborted.push(true);
              reject(signal.reason);
            });
          });
    const first = Promise.allSettled([countOf(openFor(directory, NEVER, leaving.signal))]);
    await settle();
    leaving.abort(new Error('gone'));
    expect(await first).toMatchObject([{ status: 'rejected' }]);
    await clock.advance(999);
    await settle();
    expect(aborted).toEqual([]);
    await clock.advance(1);
    await settle();
    expect(aborted.length).toBeGreaterThan(0);

    list.beforeAnswer = () => undefined;
    const before = list.calls.length;
    expect(await countOf(openFor(directory))).toBe(1000);
    expect(list.calls.length - before).toBe(11 - 4);
  });

  it('goes on for who comes at the moment its calls are given up', async () => {
    const list = createVendorList(accountsUpTo(1000));
    const clock = createManualClock();
    const { directory } = openDirectory(list, { clock });
    const leaving = new AbortController();
    let next: Promise<number> | undefined;
    list.beforeAnswer = (_, { signal }) =>
      list.calls.length === 1
        ? undefined
        : new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => {
              list.beforeAnswer = () => undefined;
              next ??= countOf(openFor(directory));
              reject(signal.reason);
            });
          });
    const first = Promise.allSettled([countOf(openFor(directory, NEVER, leaving.signal))]);
    await settle();
    leaving.abort(new Error('gone'));
    await first;
    await clock.advance(1000);
    await settle();
    expect(await next).toBe(1000);
  });

  it('begins anew where its pages are older than a minute', async () => {
    const list = createVendorList(accountsUpTo(1000));
    const clock = createManualClock();
    const { directory } = openDirectory(list, { clock });
    list.beforeAnswer = () => {
      if (list.calls.length === 5) throw new UpstreamUnavailableError();
    };
    await expect(countOf(openFor(directory))).rejects.toThrow(UpstreamUnavailableError);
    await settle();
    await clock.advance(60_001);
    const before = list.calls.length;
    await countOf(openFor(directory));
    expect(list.calls.length - before).toBe(11);
  });

  it('fails with the call that failed, and keeps what was read', async () => {
    const list = createVendorList(accountsUpTo(437));
    const { directory } = openDirectory(list);
    list.beforeAnswer = ({ current }) => {
      if (current === 3) throw new UpstreamUnavailableError();
    };
    await expect(countOf(openFor(directory))).rejects.toThrow(UpstreamUnavailableError);
    await settle();
    list.beforeAnswer = () => undefined;
    const before = list.calls.length;
    expect(await countOf(openFor(directory))).toBe(437);
    expect(list.calls.length - before).toBe(1);
  });

  it('goes on for the others when it is charged to one who may make no more calls', async () => {
    const list = createVendorList(accountsUpTo(437));
    const { directory } = openDirectory(list);
    const [limited, other] = [createRequester(), createRequester()];
    list.beforeAnswer = (_, { waiters }) => {
      if (waiters.starter === limited) throw new RateLimitedError('Calls to the voice API', 1000);
    };
    const answers = await Promise.allSettled(
      [limited, other].map((requester) => countOf(directory.open({ deadlineAt: NEVER, requester }))),
    );
    expect(answers).toMatchObject([
      { status: 'rejected', reason: { code: 'RATE_LIMITED' } },
      { status: 'fulfilled', value: 437 },
    ]);
  });

  it('says how far it has come when the time of a request is up', async () => {
    const list = createVendorList(accountsUpTo(437));
    const clock = createManualClock();
    const { directory } = openDirectory(list, { clock });
    list.beforeAnswer = ({ current }) => (current > 2 ? new Promise(() => undefined) : undefined);
    const answer = countOf(openFor(directory, 8000));
    await settle();
    await clock.advance(8000);
    await expect(answer).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      message: expect.stringContaining('2 of 5 pages'),
    });
    // Calls that nobody waits for are broken off.
    await clock.advance(1000);
  });

  it('is kept from when it was proved, for as long as it may, and as old as its oldest page', async () => {
    const list = createVendorList(accountsUpTo(437));
    const clock = createManualClock();
    const { directory } = openDirectory(list, { clock, keepListMs: 1000 });
    list.beforeAnswer = async () => {
      await settle();
      await clock.advance(100);
    };
    const read = () => openFor(directory).loadWindow(APP, BY_ACCOUNT, 'rows');
    const { asOf } = await read();
    expect(asOf).toBe('1970-01-01T00:00:00.000Z');
    await clock.advance(999);
    expect((await read()).asOf).toBe(asOf);
    expect(list.calls).toHaveLength(5);
    await clock.advance(1);
    await read();
    expect(list.calls).toHaveLength(10);
  });

  it('that could not be proved is not tried again for a minute', async () => {
    const list = createVendorList(accountsUpTo(437));
    const clock = createManualClock();
    const { directory } = openDirectory(list, { clock });
    let serial = 0;
    list.distort = (page) => ({
      ...page,
      phones: page.phones.map((phone) => ({ ...phone, account: `new-${serial++}` })),
    });
    await expect(countOf(openFor(directory))).rejects.toMatchObject({
      code: 'UPSTREAM_INCONSISTENT',
      retryable: true,
    });
    const { length } = list.calls;
    await clock.advance(10_000);
    await expect(countOf(openFor(directory))).rejects.toMatchObject({ retryAfterMs: 50_000 });
    expect(list.calls).toHaveLength(length);
    await clock.advance(50_001);
    list.distort = (page) => page;
    expect(await countOf(openFor(directory))).toBe(437);
  });

  it('whose order does not hold is read whole all the same, and logged once', async () => {
    const list = createVendorList(accountsUpTo(437));
    list.order = createTiedOrder(30);
    const warnings: unknown[] = [];
    const log = { debug() {}, info() {}, error() {}, warn: (evidence: object) => warnings.push(evidence) };
    const { directory } = openDirectory(list, { log });
    expect(await countOf(openFor(directory))).toBe(437);
    expect(await countOf(openFor(directory))).toBe(437);
    expect(warnings).toEqual([expect.objectContaining({ appId: APP })]);
  });

  it('is read with the largest page that the vendor serves', async () => {
    const list = createVendorList(accountsUpTo(437));
    list.distort = (page, query) => {
      const size = Math.min(query.size, 50);
      const lo = (query.current - 1) * size;
      const accounts = list.accounts.slice(lo, lo + size);
      const phones = accounts.map((account) => ({
        appId: APP,
        account,
        phoneName: null,
        groupName: null,
        displayNum: null,
      }));
      return { ...page, size, phones, passwords: phones.map(() => null) };
    };
    const { directory } = openDirectory(list);
    expect(await countOf(openFor(directory))).toBe(437);
  });

  it('holds no password', async () => {
    const list = createVendorList(accountsUpTo(101));
    const { directory } = openDirectory(list, { keepListMs: 1000 });
    const { nodes } = await openFor(directory).loadWindow(APP, BY_ACCOUNT, 'rows');
    expect(JSON.stringify(nodes)).not.toContain('secret');
    expect(Object.keys(nodes[0] ?? {}).sort()).toEqual([
      'account',
      'appId',
      'displayNum',
      'groupName',
      'phoneName',
    ]);
  });

  it('is the same, and so are its cursors, on two replicas that go on from each other', async () => {
    const list = createVendorList(accountsUpTo(300));
    const replicas = [openDirectory(list).directory, openDirectory(list).directory];
    const walk = async (offset: number) => {
      const accounts: string[] = [];
      const cursors: string[] = [];
      let after: string | null = null;
      for (let turn = offset; ; turn++) {
        const directory = replicas[turn % 2];
        if (directory === undefined) throw new Error('There are two.');
        const window = await openFor(directory).loadWindow(APP, { first: 40, after, ...BY_ACCOUNT }, 'rows');
        accounts.push(...window.nodes.map(({ account }) => account));
        cursors.push(...window.edges.map(({ cursor }) => cursor));
        if (!window.pageInfo.hasNextPage) return { accounts, cursors };
        after = window.pageInfo.endCursor;
      }
    };
    const [one, other] = [await walk(0), await walk(1)];
    expect(one).toEqual(other);
    expect(new Set(one.accounts).size).toBe(300);
  });
});
