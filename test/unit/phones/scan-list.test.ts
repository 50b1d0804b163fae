import { describe, expect, it } from '@jest/globals';
import { LookupUnfinishedError } from '../../../src/errors/request-errors.ts';
import { UpstreamInconsistentError, UpstreamTimeoutError } from '../../../src/errors/upstream-errors.ts';
import { createWholePlan } from '../../../src/paging/whole-plan.ts';
import { type AccountSearch, createAccountSearch } from '../../../src/phones/account-search.ts';
import type { ListReader } from '../../../src/phones/list-reader.ts';
import { scanList } from '../../../src/phones/scan-list.ts';
import { createReaders, holdAnswers } from '../../support/open-reader.ts';
import { APP, accountsUpTo, createVendorList } from '../../support/vendor-list.ts';

const PLAN = createWholePlan();
const NAMES = Array.from({ length: 400 }, (_, index) => {
  const { current, size } = PLAN.pageAt(index);
  return `${current}/${size}`;
});

/** A list of `total`, of which its count alone is known. */
async function createFixture(total: number, options: Parameters<typeof createReaders>[1] = {}) {
  const list = createVendorList(accountsUpTo(total));
  const readers = createReaders(list, options);
  await readers.open().count(1);
  list.calls.length = 0;
  return { list, ...readers };
}

async function scan(reader: ListReader, ...accounts: readonly string[]): Promise<AccountSearch> {
  const search = createAccountSearch(reader, accounts, false);
  await scanList(search);
  return search;
}

const callsFor = (total: number) => PLAN.count(total, 1000);

describe('A scan for accounts of which none is missing', () => {
  it('makes no call, wherever an earlier one has stopped and whatever it has shown', async () => {
    const { list, open, memory } = await createFixture(500);
    memory.scanStart = 99;
    memory.noticeUnproved(new UpstreamInconsistentError('moves', { retryable: true }));
    expect((await scan(open())).found.size).toBe(0);
    expect(list.calls).toEqual([]);
    expect(memory.scanStart).toBe(99);
  });
});

describe('A list that fits into the calls of a request', () => {
  it('is proved by exactly as many; one less, and it is looked through as far as they go', async () => {
    const calls = callsFor(1000);
    const { list, open, memory } = await createFixture(1000);
    const proved = await scan(open({ calls }), 'nobody');
    expect(proved.found.size).toBe(0);
    expect([...proved.missing]).toEqual(['nobody']);
    expect(list.calls).toEqual(NAMES.slice(0, calls));
    expect(memory.scanStart).toBe(0);
    list.calls.length = 0;
    const unfinished = await scan(open({ calls: calls - 1 }), 'nobody');
    expect(unfinished.found.get('nobody')).toEqual(
      new LookupUnfinishedError(1000, PLAN.pageAt(calls - 1).lo),
    );
    expect(list.calls).toEqual(NAMES.slice(0, calls - 1));
    expect(memory.scanStart).toBe(PLAN.pageAt(calls - 1).lo);
  });

  it('takes no more calls where an earlier scan has stopped in its middle: what is read there counts', async () => {
    const calls = callsFor(1000);
    const { list, open, memory } = await createFixture(1000);
    memory.scanStart = PLAN.pageAt(6).lo;
    const search = await scan(open({ calls }), 'nobody');
    expect(search.found.size).toBe(0);
    expect(list.calls).toEqual(['1/100', ...NAMES.slice(5, calls), ...NAMES.slice(1, 5)]);
    expect(memory.scanStart).toBe(0);
  });

  it('is read on from where a call has failed, and from the page before: rows may have moved up', async () => {
    const { list, open, memory } = await createFixture(1000);
    list.beforeAnswer = () => {
      if (list.calls.length > 5) throw new UpstreamTimeoutError();
    };
    const failed = await scan(open(), 'row-990');
    expect(failed.found.get('row-990')).toBeInstanceOf(UpstreamTimeoutError);
    // Of the step of four pages that has failed none counts.
    expect(memory.scanStart).toBe(PLAN.pageAt(3).lo);
    list.beforeAnswer = () => undefined;
    list.calls.length = 0;
    expect((await scan(open(), 'row-290')).found.get('row-290')).toMatchObject({ account: 'row-290' });
    expect(list.calls).toEqual(['1/100', NAMES[2]]);
    expect(memory.scanStart).toBe(PLAN.pageAt(3).lo);
  });

  it.each([
    [2, [1, 2, 4, 8]],
    [3, [8, 8, 8, 8]],
  ])('is read by steps for %i accounts of %j pages', async (missing, steps) => {
    const { list, open, memory } = await createFixture(5000);
    for (const start of [0, PLAN.pageAt(6).lo]) {
      memory.scanStart = start;
      list.calls.length = 0;
      const { answerAll } = holdAnswers(list);
      // It is the scan that asks for no more, not the calls that it may have under way.
      const reader = open({ parallel: 100 });
      const scanning = scan(reader, ...['nobody', 'no-one', 'none'].slice(0, missing));
      const made: number[] = [];
      for (let step = 0; step < 50; step++) {
        await new Promise(setImmediate);
        if (list.calls.length > 0) made.push(list.calls.splice(0).length);
        await answerAll();
      }
      expect((await scanning).found.size).toBe(0);
      // The head alone, where the scan goes on behind it.
      expect(made.slice(0, 6)).toEqual([...(start > 0 ? [1] : []), ...steps, 8, 8].slice(0, 6));
      expect(Math.max(...made)).toBe(8);
    }
  });
});

describe('A list that takes more calls than a request may make', () => {
  it.each([12, 10, 11])(
    'is looked through to its end by %i calls a request, and from its head again',
    async (calls) => {
      const { list, open, memory } = await createFixture(5000);
      const pages = callsFor(5000);
      // From the second request on: the head, the last page of the request before, and as many as are left.
      let next = calls;
      let wraps = 0;
      for (let request = 0; request < 12; request++) {
        if (request > 0) {
          const left = calls - 1 - (pages - (next - 1));
          // What is left at the end goes on behind the head, which was read.
          if (left >= 0) wraps++;
          next = left >= 0 ? left + 1 : next - 1 + calls - 1;
        }
        list.calls.length = 0;
        const search = await scan(open({ calls }), 'nobody');
        expect(search.found.get('nobody')).toEqual(new LookupUnfinishedError(5000, PLAN.pageAt(next).lo));
        expect(memory.scanStart).toBe(PLAN.pageAt(next).lo);
        expect(list.calls).toHaveLength(calls);
        expect(new Set(list.calls).size).toBe(calls);
      }
      expect(wraps).toBeGreaterThan(0);
    },
  );

  it.each([
    [0, [8, 8, 4]],
    [7, [1, 8, 8, 3]],
  ])(
    'is read eight pages at a time from page %i of the plan on, the head before them: %j',
    async (page, steps) => {
      const { list, open, memory } = await createFixture(5000);
      memory.scanStart = PLAN.pageAt(page).lo;
      const { answerAll } = holdAnswers(list);
      const scanning = scan(open({ calls: 20 }), 'nobody');
      const made: number[] = [];
      for (let step = 0; step < 6; step++) {
        await new Promise(setImmediate);
        if (list.calls.length > 0) made.push(list.calls.splice(0).length);
        await answerAll();
      }
      await scanning;
      expect(made).toEqual(steps);
    },
  );

  it('has its head read by the last call', async () => {
    const { list, open, memory } = await createFixture(5000);
    memory.scanStart = PLAN.pageAt(7).lo;
    const { found } = await scan(open({ calls: 1 }), 'nobody');
    expect(found.get('nobody')).toEqual(new LookupUnfinishedError(5000, PLAN.pageAt(7).lo));
    expect(list.calls).toEqual(['1/100']);
  });

  it('says how far it was looked through where no call is left for it', async () => {
    const { list, open, memory } = await createFixture(5000);
    memory.scanStart = PLAN.pageAt(7).lo;
    const { found } = await scan(open({ calls: 0 }), 'nobody');
    expect(found.get('nobody')).toEqual(new LookupUnfinishedError(5000, PLAN.pageAt(7).lo));
    expect(list.calls).toEqual([]);
  });

  it('says that the next request begins at its head, where this one has come to its end', async () => {
    const calls = 20;
    const { list, open, memory } = await createFixture(1900);
    const pages = callsFor(1900);
    expect(pages).toBeGreaterThan(calls);
    // One for the head, and one for the last page of the request before.
    memory.scanStart = PLAN.pageAt(pages - (calls - 2)).lo;
    const { found } = await scan(open({ calls }), 'nobody');
    expect(found.get('nobody')).toMatchObject({
      retryable: true,
      message:
        'This app has 1900 phones, more than one request may look through. The next try begins at the head of the list.',
    });
    expect(list.calls).toHaveLength(calls);
    expect(memory.scanStart).toBe(0);
  });

  it('has a phone found wherever it is, by as many requests as its pages take', async () => {
    for (const [account, requests] of [
      ['row-39900', 4],
      ['row-30000', 3],
      ['row-21000', 3],
    ] as const) {
      const { list, open } = await createFixture(40_000);
      let found: unknown;
      for (let request = 0; request < requests; request++) {
        list.calls.length = 0;
        found = (await scan(open(), account)).found.get(account);
        expect(found instanceof LookupUnfinishedError).toBe(request < requests - 1);
        expect(list.calls.length).toBeLessThanOrEqual(120);
      }
      expect(found).toMatchObject({ account });
    }
  });
});

describe('A list one page of which comes short of a row', () => {
  /** The page of `row-350`, the fourth of the plan, of 2,100 rows. */
  async function createShort() {
    const fixture = await createFixture(2100);
    fixture.list.distort = (page) => ({
      ...page,
      phones: page.phones.filter(({ account }) => account !== 'row-350'),
    });
    return fixture;
  }
  const calls = callsFor(2100);
  /** It is asked for a second time, at once. */
  const byStep = [...NAMES.slice(0, 7), NAMES[3]];

  it('has each other page read once: a phone that is on any of them is there, and the rest is not proved', async () => {
    const { list, open, memory } = await createShort();
    const { found } = await scan(open({ calls }), 'row-2090', 'nobody');
    expect(found.get('row-2090')).toMatchObject({ account: 'row-2090' });
    const error = found.get('nobody');
    expect(error).toMatchObject({ code: 'UPSTREAM_INCONSISTENT', retryable: true });
    // By eight, by eight, and one.
    expect(calls).toBe(24);
    expect(list.calls).toEqual([...byStep, ...NAMES.slice(7, calls)]);
    expect(memory.findUnproved()).toMatchObject({ message: error instanceof Error && error.message });
    expect(memory.scanStart).toBe(0);
  });

  it('has its other pages read eight at a time, and no more once all are found', async () => {
    const { list, open, memory } = await createShort();
    const { found } = await scan(open(), 'row-1000', 'row-1010');
    expect([...found.keys()]).toEqual(['row-1000', 'row-1010']);
    expect(list.calls).toEqual([...byStep, ...NAMES.slice(7, 15)]);
    expect(memory.findUnproved()).toBeUndefined();
  });

  it('is read at its head and its end alone for a minute, for what has come there since', async () => {
    const { list, open } = await createShort();
    await scan(open(), 'nobody');
    list.calls.length = 0;
    list.accounts.push('new');
    const { found } = await scan(open(), 'new', 'nobody');
    expect(found.get('new')).toMatchObject({ account: 'new' });
    expect(found.get('nobody')).toMatchObject({
      code: 'UPSTREAM_INCONSISTENT',
      retryAfterMs: expect.any(Number),
    });
    expect(list.calls).toEqual(['1/100', NAMES[callsFor(2101) - 1]]);
  });

  it('has as many of its other pages read as the request has calls left', async () => {
    const { list, open } = await createFixture(2100);
    // It has grown, as its first page tells that cannot be put into the list.
    list.accounts.push(...Array.from({ length: 500 }, (_, index) => `new-${index}`));
    list.distort = (page) => ({ ...page, phones: page.phones.filter(({ account }) => account !== 'row-5') });
    const reader = open({ calls });
    const { found } = await scan(reader, 'nobody');
    expect(found.get('nobody')).toMatchObject({ code: 'UPSTREAM_INCONSISTENT' });
    expect(reader.list.budget.left).toBe(0);
    expect(list.calls).toEqual(['1/100', ...NAMES.slice(0, calls)]);
  });
});

describe('A vendor that turns out to serve smaller pages than asked', () => {
  /** It serves 40 rows at most: 801 of them take 25 calls where 9 were expected. */
  async function createCapped(total: number) {
    const fixture = await createFixture(total);
    const { list } = fixture;
    list.distort = (page, { current, size }) => {
      if (size <= 40) return page;
      const rows = list.accounts.slice((current - 1) * 40, current * 40);
      return { ...page, size: 40, phones: list.phonesOf(rows, APP), passwords: rows.map(() => null) };
    };
    return fixture;
  }

  it('has a list that no longer fits looked through by the calls that are left, and then to its end', async () => {
    const { list, open, memory } = await createCapped(801);
    const { found } = await scan(open({ calls: 20 }), 'row-790');
    expect(found.get('row-790')).toBeInstanceOf(LookupUnfinishedError);
    expect(found.get('row-790')).toMatchObject({ retryable: true });
    expect(new Set(list.calls.slice(3)).size).toBe(17);
    expect(list.calls.slice(3).every((call) => Number(call.split('/')[1]) <= 40)).toBe(true);
    expect(memory.findUnproved()).toBeUndefined();
    expect((await scan(open({ calls: 20 }), 'row-790')).found.get('row-790')).toMatchObject({
      account: 'row-790',
    });
  });

  it('has a list proved all the same where there are calls for it', async () => {
    const { list, open } = await createCapped(801);
    const { found } = await scan(open({ calls: 30 }), 'nobody');
    expect(found.size).toBe(0);
    expect(list.calls.length).toBeLessThanOrEqual(30);
  });

  it('has no row passed over by a scan that began with larger pages', async () => {
    for (const account of ['row-50', 'row-150', 'row-500', 'row-3990']) {
      const { open } = await createCapped(4000);
      let found: unknown;
      for (let request = 0; request < 4 && !(found instanceof Object && 'account' in found); request++)
        found = (await scan(open({ calls: 50 }), account)).found.get(account);
      expect(found).toMatchObject({ account });
    }
  });

  it.each([211, 801])(
    'has %i rows proved, or calls that are too few for its plan told by how far they went',
    async (total) => {
      let proved = 0;
      for (let calls = 3; calls < 40; calls++) {
        const { open } = await createCapped(total);
        const { found } = await scan(open({ calls }), 'nobody');
        if (found.size === 0) proved++;
        else expect(found.get('nobody')).toBeInstanceOf(LookupUnfinishedError);
      }
      expect(proved).toBeGreaterThan(5);
    },
  );
});
