import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UpstreamInconsistentError, UpstreamUnavailableError } from '../../../src/errors/upstream-errors.ts';
import type { SipPage, SipQuery } from '../../../src/itnio/sip-page.ts';
import { sliceTiedRows } from '../../../src/sandbox/tied-order.ts';
import { clockAt } from '../../support/manual-clock.ts';
import {
  APP,
  accountsUpTo,
  createVendorList,
  openDirectory,
  type VendorList,
} from '../../support/vendor-list.ts';

/** Serves at most `max` rows a page, and echoes the size that it served. */
function clampTo(list: VendorList, max: number): void {
  list.distort = (page, { current, size }) => {
    if (size <= max) return page;
    const lo = (current - 1) * max;
    return {
      ...page,
      size: max,
      phones: list.accounts.slice(lo, lo + max).map((account) => ({
        appId: APP,
        account,
        phoneName: null,
        groupName: null,
        displayNum: null,
      })),
    };
  };
}

/** Answers page 1 where the page asked lies behind the end. */
function overflow(page: SipPage, { current, size }: SipQuery, first: SipPage): SipPage {
  return (current - 1) * size >= page.total ? { ...first, current: 1 } : page;
}

async function walk(list: VendorList, keepMs: number, size: number): Promise<string[]> {
  const { open } = openDirectory(list, { keepMs });
  const rows: string[] = [];
  let after: string | null = null;
  for (;;) {
    const window = await open().loadWindow(APP, { first: size, after }, 'rows');
    rows.push(...window.nodes.map(({ account }) => account));
    if (!window.pageInfo.hasNextPage) return rows;
    after = window.pageInfo.endCursor;
  }
}

describe('A vendor that serves smaller pages than asked', () => {
  it('is walked completely, with any cap of 10 or more', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 120 }),
        fc.integer({ min: 10, max: 60 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(0, 60_000),
        async (total, cap, size, keepMs) => {
          const list = createVendorList(accountsUpTo(total));
          clampTo(list, cap);
          expect(await walk(list, keepMs, size)).toEqual(list.accounts);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is asked for no larger pages once two answers have shown the cap', async () => {
    const list = createVendorList(accountsUpTo(500));
    clampTo(list, 30);
    const { open } = openDirectory(list, { keepMs: 60_000 });
    await open().loadWindow(APP, { first: 100 }, 'rows');
    list.calls.length = 0;
    await open().loadWindow(APP, { last: 100 }, 'rows');
    expect(Math.max(...list.calls.map((call) => Number(call.split('/')[1])))).toBeLessThanOrEqual(30);
  });

  it('is asked for full pages again ten minutes later', async () => {
    let now = 0;
    const list = createVendorList(accountsUpTo(500));
    clampTo(list, 30);
    const { open } = openDirectory(list, { keepMs: 1000, clock: clockAt(() => now) });
    await open().loadWindow(APP, { first: 100 }, 'rows');
    list.distort = (page) => page;
    list.calls.length = 0;
    now += 10 * 60_000 - 1;
    await open().loadWindow(APP, { first: 90 }, 'rows');
    expect(list.calls.length).toBeGreaterThan(1);
    list.calls.length = 0;
    now += 10_000;
    await open().loadWindow(APP, { first: 90 }, 'rows');
    expect(list.calls).toEqual(['1/100']);
  });
});

describe('A vendor that answers page 1 behind the end', () => {
  it('is walked to the end, once', async () => {
    const list = createVendorList(accountsUpTo(230));
    list.distort = (page, query) =>
      overflow(page, query, {
        ...page,
        phones: list.accounts.slice(0, query.size).map((account) => ({
          appId: APP,
          account,
          phoneName: null,
          groupName: null,
          displayNum: null,
        })),
      });
    expect(await walk(list, 0, 50)).toEqual(list.accounts);
    const { open } = openDirectory(list);
    const phones = open();
    await phones.loadWindow(APP, {}, 'count');
    list.accounts.length = 40;
    const tail = await open().loadWindow(APP, { last: 10 }, 'rows');
    expect(tail.nodes.map(({ account }) => account)).toEqual(accountsUpTo(40).slice(-10));
  });
});

describe('A vendor that answers one smaller page by mistake', () => {
  it('is not held to it, even if it happens again another day', async () => {
    const list = createVendorList(accountsUpTo(500));
    const { open } = openDirectory(list);
    for (let day = 0; day < 2; day++) {
      let isMistaken = true;
      list.distort = (page) => {
        if (!isMistaken) return page;
        isMistaken = false;
        return {
          ...page,
          size: 30,
          phones: page.phones.slice(0, 30),
          passwords: page.passwords.slice(0, 30),
        };
      };
      await open().loadWindow(APP, { first: 90 }, 'rows');
      await open().loadWindow(APP, { first: 95 }, 'rows');
    }
    list.calls.length = 0;
    await open().loadWindow(APP, { first: 90 }, 'rows');
    expect(list.calls).toHaveLength(1);
  });
});

describe('An answer that is not what was asked', () => {
  const distortions: readonly [string, (page: SipPage) => SipPage][] = [
    ['another page', (page) => ({ ...page, current: page.current + 1 })],
    ['a larger page size', (page) => ({ ...page, size: page.size + 1 })],
    ['an account twice', (page) => ({ ...page, phones: page.phones.map(() => page.phones[0] ?? fail()) })],
    ['more rows than the page has', (page) => ({ ...page, phones: [...page.phones, ...manyPhones()] })],
  ];
  it.each(distortions)('is refused: %s', async (_, distort) => {
    const list = createVendorList(accountsUpTo(300));
    list.distort = distort;
    const reading = openDirectory(list).open().loadWindow(APP, { first: 20 }, 'rows');
    await expect(reading).rejects.toMatchObject({ code: 'UPSTREAM_INCONSISTENT', retryable: false });
    expect(list.calls).toHaveLength(1);
  });

  it('is asked for again when only its total disagrees with its rows', async () => {
    const list = createVendorList(accountsUpTo(300));
    list.distort = (page) => (list.calls.length === 1 ? { ...page, total: 12 } : page);
    const window = await openDirectory(list).open().loadWindow(APP, { first: 20 }, 'rows');
    expect(window.totalCount).toBe(300);
    expect(list.calls).toHaveLength(2);
  });

  it('is believed by its rows where a total stays untrue on the last page', async () => {
    const list = createVendorList(accountsUpTo(30));
    list.distort = (page) => ({ ...page, total: 31 });
    const window = await openDirectory(list, { keepMs: 1000 }).open().loadWindow(APP, { first: 40 }, 'rows');
    expect(window.totalCount).toBe(30);
    expect(window.pageInfo.hasNextPage).toBe(false);
  });

  it('is an error where a total stays untrue before the last page', async () => {
    const list = createVendorList(accountsUpTo(300));
    list.distort = (page) => ({ ...page, phones: page.phones.slice(1), passwords: page.passwords.slice(1) });
    const reading = openDirectory(list).open().loadWindow(APP, { first: 20 }, 'rows');
    await expect(reading).rejects.toMatchObject({ code: 'UPSTREAM_INCONSISTENT', retryable: true });
  });
});

describe('A call that fails', () => {
  it('fails the windows that need its page, and no others of the request', async () => {
    const list = createVendorList(accountsUpTo(5000));
    const { open } = openDirectory(list);
    const far = await open().loadWindow(APP, { first: 1 }, 'rows');
    const jump = far.pageCursors?.last?.cursor ?? null;
    list.beforeAnswer = ({ current, size }) => {
      if (current * size > 4000) throw new UpstreamUnavailableError();
    };
    const phones = open();
    const [near, broken] = await Promise.allSettled([
      phones.loadWindow(APP, { first: 20 }, 'rows'),
      phones.loadWindow(APP, { first: 20, after: jump }, 'rows'),
    ]);
    expect(near.status).toBe('fulfilled');
    expect(broken).toMatchObject({ status: 'rejected', reason: { code: 'UPSTREAM_UNAVAILABLE' } });
  });

  it('does not fail the windows of another app', async () => {
    const list = createVendorList(accountsUpTo(50));
    list.beforeAnswer = ({ appId }) => {
      if (appId === 'other') throw new UpstreamUnavailableError();
    };
    const phones = openDirectory(list).open();
    const [own, other] = await Promise.allSettled([
      phones.loadWindow(APP, { first: 20 }, 'rows'),
      phones.loadWindow('other', { first: 20 }, 'rows'),
    ]);
    expect([own.status, other.status]).toEqual(['fulfilled', 'rejected']);
  });
});

describe('A list whose order does not hold', () => {
  it('gives no account twice in one window of two small pages', async () => {
    const list = createVendorList(accountsUpTo(1000));
    const { open } = openDirectory(list);
    const { pageCursors } = await open().loadWindow(APP, { first: 51 }, 'rows');
    // One row stands on two pages, in the place of another, as far as one answer shows.
    list.order = (accounts, { current, size }) => {
      const onPage = (account: string) => {
        const at = accounts.indexOf(account);
        return at >= (current - 1) * size && at < current * size;
      };
      const isShown = onPage('row-108') && !onPage('row-55');
      return isShown ? accounts.map((account) => (account === 'row-108' ? 'row-55' : account)) : accounts;
    };
    const reading = open().loadWindow(APP, { first: 60, after: pageCursors?.next?.cursor ?? null }, 'rows');
    await expect(reading).rejects.toMatchObject({ code: 'UPSTREAM_INCONSISTENT' });
  });

  it.each([7, 30, 37])(
    'created in batches of %i, ends in an error and never in a wrong list',
    async (batch) => {
      for (const keepMs of [0, 60_000]) {
        const list = createVendorList(accountsUpTo(1000));
        list.order = (accounts, { current, size }) => {
          const lo = (current - 1) * size;
          const rows = accounts.map((account) => ({
            account,
            password: '',
            groupName: '',
            phoneName: '',
            displayNum: '',
          }));
          const page = sliceTiedRows(rows, batch, lo, size).map(({ account }) => account);
          return [...accounts.slice(0, lo), ...page];
        };
        await expect(walk(list, keepMs, 20)).rejects.toThrow(UpstreamInconsistentError);
      }
    },
  );
});

function manyPhones() {
  return accountsUpTo(200).map((account) => ({
    appId: APP,
    account: `more-${account}`,
    phoneName: null,
    groupName: null,
    displayNum: null,
  }));
}

function fail(): never {
  throw new Error('a row was expected');
}
