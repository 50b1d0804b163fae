import { describe, expect, it } from '@jest/globals';
import { UpstreamInconsistentError, UpstreamTimeoutError } from '../../../src/errors/upstream-errors.ts';
import { createAccountSearch } from '../../../src/phones/account-search.ts';
import { createReaders } from '../../support/open-reader.ts';
import { accountsUpTo, createVendorList } from '../../support/vendor-list.ts';

function createFixture(total: number, keepMs = 0) {
  const list = createVendorList(accountsUpTo(total));
  const { open, memory } = createReaders(list, { keepMs });
  return { list, open, memory };
}

const PAGE_1 = { current: 1, size: 100 };
const PAGE_2 = { current: 2, size: 100 };
const PAGE_3 = { current: 3, size: 100 };

describe('The pages that a search reads', () => {
  it('show all accounts that are on them, and are not read twice', async () => {
    const { list, open } = createFixture(300);
    const search = createAccountSearch(open(), ['row-5', 'row-250', 'nobody'], false);
    await search.readAll([PAGE_1, PAGE_2]);
    expect([...search.found.keys()]).toEqual(['row-5']);
    expect([...search.missing]).toEqual(['row-250', 'nobody']);
    await search.readAll([PAGE_1, PAGE_3]);
    expect(search.found.get('row-250')).toMatchObject({ account: 'row-250' });
    expect(list.calls).toEqual(['1/100', '2/100', '3/100']);
    expect(search.pagesRead).toBe(3);
    expect(search.findAnswer(PAGE_3)).toMatchObject({ total: 300, lo: 200 });
    expect(search.findAnswer({ current: 3, size: 99 })).toBeUndefined();
  });

  it('are read anew where they are wanted again, though they are kept', async () => {
    const { list, open } = createFixture(300, 60_000);
    const search = createAccountSearch(open(), ['new'], false);
    await search.readAll([PAGE_1, PAGE_2]);
    list.accounts.unshift('new');
    await search.readAll([PAGE_1, PAGE_2], ({ current }) => current === 1);
    expect([...search.found.keys()]).toEqual(['new']);
    expect(search.findAnswer(PAGE_1)).toMatchObject({ total: 301 });
    expect(search.findAnswer(PAGE_2)).toMatchObject({ total: 300 });
    expect(list.calls).toEqual(['1/100', '2/100', '1/100']);
  });

  it('are those that are kept, row by row, unless they must be fresh', async () => {
    const { list, open } = createFixture(350, 60_000);
    await open().read(100, 200, { isFresh: false, readAhead: 'none', goesOn: false });
    await open().read(199, 300, { isFresh: false, readAhead: 'none', goesOn: false });
    list.calls.length = 0;
    const search = createAccountSearch(open(), ['row-150', 'row-250', 'row-299'], false);
    await search.readAll([PAGE_2]);
    expect([...search.found.keys()]).toEqual(['row-150']);
    expect(search.findAnswer(PAGE_2)?.rows.map(({ account }) => account)).toEqual(
      accountsUpTo(200).slice(100),
    );
    expect(search.findAnswer(PAGE_2)).toMatchObject({ total: 350, lo: 100 });
    expect(list.calls).toEqual([]);
    const fresh = createAccountSearch(open(), ['row-150'], true);
    await fresh.readAll([PAGE_2]);
    expect(list.calls).toEqual(['2/100']);
  });

  it('are not those that are kept of a list without an order', async () => {
    const { list, open, memory } = createFixture(300, 60_000);
    await open().read(0, 100, { isFresh: false, readAhead: 'none', goesOn: false });
    memory.notice('disorder');
    await createAccountSearch(open(), ['row-5'], false).readAll([PAGE_1]);
    expect(list.calls).toEqual(['1/100', '1/100']);
  });

  it('are asked for behind the end of what is kept: the list may have grown', async () => {
    const { list, open } = createFixture(100, 60_000);
    await open().read(0, 100, { isFresh: false, readAhead: 'none', goesOn: false });
    list.accounts.push('new');
    const search = createAccountSearch(open(), ['new'], false);
    await search.readAll([PAGE_2]);
    expect([...search.found.keys()]).toEqual(['new']);
    expect(search.findAnswer(PAGE_2)).toMatchObject({ total: 101, lo: 100 });
  });

  it('have no place where they lie behind the end', async () => {
    const { open } = createFixture(100);
    const search = createAccountSearch(open(), ['new'], false);
    await search.readAll([PAGE_2]);
    const answer = search.findAnswer(PAGE_2);
    expect(answer).toEqual({ total: 100, lo: undefined, rows: [], readAt: expect.any(Number) });
    expect(answer?.readAt).toBeGreaterThan(0);
  });

  it('show what is on them though another call fails', async () => {
    const { list, open } = createFixture(300);
    list.beforeAnswer = ({ current }) => {
      if (current === 2) throw new UpstreamTimeoutError();
    };
    const search = createAccountSearch(open(), ['row-5', 'row-150'], false);
    await expect(search.readAll([PAGE_2, PAGE_1])).rejects.toThrow(UpstreamTimeoutError);
    expect([...search.found.keys()]).toEqual(['row-5']);
    expect(search.fault).toBeUndefined();
  });

  it('prove what they show though they do not fit into the list, and the first such fault is told', async () => {
    const { list, open } = createFixture(300);
    list.distort = (page, { current }) =>
      current < 3 ? { ...page, phones: page.phones.slice(1), passwords: page.passwords.slice(1) } : page;
    const search = createAccountSearch(open(), ['row-5', 'row-150', 'row-250', 'row-100'], false);
    await search.readAll([PAGE_1, PAGE_3]);
    const { fault } = search;
    expect(fault).toBeInstanceOf(UpstreamInconsistentError);
    await search.readAll([PAGE_2]);
    expect([...search.found.keys()]).toEqual(['row-5', 'row-250', 'row-150']);
    expect(search.fault).toBe(fault);
    expect(search.pagesRead).toBe(1);
  });
});

describe('What is in hand', () => {
  it('needs no call: rows of this request, kept rows, and the proof of a kept list that an account is absent', async () => {
    const { list, open } = createFixture(90, 60_000);
    const reader = open();
    await open().readPage(PAGE_1, false, false);
    const search = createAccountSearch(reader, ['row-5', 'nobody'], false);
    search.lookInRows();
    expect([...search.found.keys()]).toEqual(['row-5']);
    expect(search.missing.size).toBe(0);
    expect(reader.list.cost.rowsKept).toBe(1);
    expect(list.calls).toEqual(['1/100']);

    const other = createAccountSearch(reader, ['row-6'], true);
    other.lookInRows();
    expect([...other.missing]).toEqual(['row-6']);
    await reader.readPage(PAGE_1, true, false);
    other.lookInRows();
    expect([...other.found.keys()]).toEqual(['row-6']);
    expect(reader.list.cost.rowsKept).toBe(1);
  });

  it('tells nothing of an account that no kept row shows, where not all are kept', async () => {
    const { open } = createFixture(190, 60_000);
    await open().readPage(PAGE_2, false, false);
    const reader = open();
    const search = createAccountSearch(reader, ['row-5', 'row-150'], false);
    search.lookInRows();
    expect([...search.missing]).toEqual(['row-5']);
    expect([...search.found.keys()]).toEqual(['row-150']);
    expect(reader.list.cost.rowsKept).toBe(1);
  });
});

describe('The rows around where accounts are believed to stand', () => {
  it('are read together, and what is not there stays missing', async () => {
    const { list, open } = createFixture(1000);
    const search = createAccountSearch(open(), ['row-500', 'row-510', 'row-900', 'row-7'], false);
    await search.readAround(
      new Map([
        ['row-500', 500],
        ['row-510', 510],
        ['row-900', 100],
      ]),
    );
    expect([...search.found.keys()].sort()).toEqual(['row-500', 'row-510']);
    expect([...search.missing].sort()).toEqual(['row-7', 'row-900']);
    expect(list.calls).toHaveLength(2);
  });

  it('fail the account that stands there, and no other; a page that shows it proves it whatever is wrong', async () => {
    const { list, open } = createFixture(1000);
    list.distort = (page, { current, size }) => {
      const isBroken = (current - 1) * size <= 300 && current * size > 300;
      return isBroken
        ? { ...page, phones: page.phones.filter(({ account }) => account !== 'row-300') }
        : page;
    };
    list.beforeAnswer = ({ current, size }) => {
      if (current * size > 900) throw new UpstreamTimeoutError();
    };
    const asked = ['row-300', 'row-301', 'row-600', 'row-950'];
    const search = createAccountSearch(open(), asked, false);
    await search.readAround(new Map(asked.map((account) => [account, Number(account.slice(4))])));
    expect(search.found.get('row-301')).toMatchObject({ account: 'row-301' });
    expect(search.found.get('row-600')).toMatchObject({ account: 'row-600' });
    expect(search.found.get('row-300')).toBeInstanceOf(UpstreamInconsistentError);
    expect(search.found.get('row-950')).toBeInstanceOf(UpstreamTimeoutError);
  });
});

describe('A search that fails', () => {
  it('fails those that are missing, and takes nothing from those that were found', async () => {
    const { open } = createFixture(300);
    const search = createAccountSearch(open(), ['row-5', 'row-250', 'absent'], false);
    await search.readAll([PAGE_1]);
    search.dismiss(['absent']);
    const error = new UpstreamTimeoutError();
    search.fail(['row-5', 'row-250', 'absent'], error);
    expect(search.found.get('row-5')).toMatchObject({ account: 'row-5' });
    expect(search.found.get('row-250')).toBe(error);
    expect(search.found.has('absent')).toBe(false);
    expect(() => search.fail([], 'no error')).toThrow('no error');
  });

  it('fails all that are missing where it is given them themselves', () => {
    const { open } = createFixture(300);
    const search = createAccountSearch(open(), ['row-5', 'row-250', 'row-251'], false);
    search.fail(search.missing, new UpstreamTimeoutError());
    expect(search.missing.size).toBe(0);
    expect(search.found.size).toBe(3);
  });
});
