import { describe, expect, it } from '@jest/globals';
import type { PhoneDirectoryOptions } from '../../../src/phones/phone-directory.ts';
import { clockAt } from '../../support/manual-clock.ts';
import { createTiedOrder } from '../../support/tied-list.ts';
import { APP, accountsUpTo, createVendorList, openDirectory } from '../../support/vendor-list.ts';

/** A list of which `row-250` is on no page, and `row-1` on two. */
function openHiding(total: number, options: Partial<PhoneDirectoryOptions> = {}) {
  const clock = { now: 0 };
  const list = createVendorList(accountsUpTo(total));
  list.order = (rows) => rows.map((row) => (row === 'row-250' ? 'row-1' : row));
  const { open } = openDirectory(list, { clock: clockAt(() => clock.now), ...options });
  const find = async (account: string) => {
    list.calls.length = 0;
    return open().loadPhone(APP, account);
  };
  return { clock, list, find };
}

describe('A list that could not be proved', () => {
  it('is read through again after a minute, and is proved once it can be', async () => {
    const { clock, list, find } = openHiding(437);
    await expect(find('nobody')).rejects.toMatchObject({ code: 'UPSTREAM_INCONSISTENT' });
    list.order = (rows) => rows;
    clock.now = 59_999;
    await expect(find('nobody')).rejects.toMatchObject({ code: 'UPSTREAM_INCONSISTENT', retryAfterMs: 1 });
    expect(list.calls).toHaveLength(2);
    clock.now = 60_000;
    expect(await find('nobody')).toBeNull();
    // It has shown disorder, so each page is read twice.
    expect(list.calls).toHaveLength(10);
  });

  it.each([
    ['head', 0],
    ['end', 437],
  ])('has a phone found meanwhile that has come at its %s', async (_, at) => {
    const { list, find } = openHiding(437);
    await expect(find('new')).rejects.toMatchObject({ code: 'UPSTREAM_INCONSISTENT' });
    list.accounts.splice(at, 0, 'new');
    expect((await find('new'))?.account).toBe('new');
    expect(list.calls.length).toBeLessThanOrEqual(2);
  });

  it.each([
    ['takes all calls', 12],
    ['would take more calls than the pages of its plan', 5],
  ])(
    'is one, and no question that is too complex, where looking for what it hides %s of a request',
    async (_, callBudget) => {
      const { list, find } = openHiding(437, { callBudget });
      await expect(find('nobody')).rejects.toMatchObject({ code: 'UPSTREAM_INCONSISTENT', retryable: true });
      expect(list.calls.length).toBeLessThanOrEqual(callBudget);
      await expect(find('nobody')).rejects.toMatchObject({ code: 'UPSTREAM_INCONSISTENT' });
      expect(list.calls.length).toBeLessThanOrEqual(2);
    },
  );
});

describe('A list that takes more calls than a request may make', () => {
  it('is looked through behind a page that comes short, try by try', async () => {
    const list = createVendorList(accountsUpTo(12_000));
    list.distort = (page, { current, size }) => {
      const isShort = (current - 1) * size <= 5000 && current * size > 5000;
      return isShort
        ? { ...page, phones: page.phones.filter(({ account }) => account !== 'row-5000') }
        : page;
    };
    const { open } = openDirectory(list);
    await expect(open().loadPhone(APP, 'row-11900')).rejects.toMatchObject({
      code: 'QUERY_TOO_COMPLEX',
      retryable: true,
    });
    expect((await open().loadPhone(APP, 'row-11900'))?.account).toBe('row-11900');
    expect(list.calls.length).toBeLessThanOrEqual(240);
  });
});

describe('A list without an order', () => {
  it.each([
    [5, '1970-01-01T00:00:00.000Z', 5],
    [4, null, 1],
  ])(
    'of 437 rows is read in account order where a whole list may take %i calls as of %p',
    async (calls, asOf, taken) => {
      const list = createVendorList(accountsUpTo(437));
      list.order = createTiedOrder(30);
      const { open } = openDirectory(list, { listMaxCalls: () => calls, clock: clockAt(() => 0) });
      expect(await open().loadPhone(APP, 'nobody')).toBeNull();
      list.calls.length = 0;
      expect((await open().loadWindow(APP, { first: 3 }, 'rows')).asOf).toBe(asOf);
      expect(list.calls.length).toBeGreaterThanOrEqual(taken);
      if (asOf === null) expect(list.calls).toHaveLength(taken);
    },
  );

  it('is answered in its own order where it has grown beyond what a whole list may take', async () => {
    const list = createVendorList(accountsUpTo(437));
    list.order = createTiedOrder(30);
    const { open } = openDirectory(list, { listMaxCalls: () => 5, clock: clockAt(() => 0) });
    expect(await open().loadPhone(APP, 'nobody')).toBeNull();
    list.accounts.push(...Array.from({ length: 100 }, (_, index) => `new-${index}`));
    const window = await open().loadWindow(APP, { first: 3 }, 'rows');
    expect(window).toMatchObject({ asOf: null, totalCount: 537 });
  });
});
