import { describe, expect, it } from '@jest/globals';
import { createExplainer } from '../../../src/explain/explainer.ts';
import type { ConnectionArguments } from '../../../src/phones/phones.ts';
import { APP, accountsUpTo, createVendorList, openDirectory } from '../../support/vendor-list.ts';

const KEYS = [new Uint8Array(32).fill(7)];

function pagesIn(report: string): string[] {
  return [...report.matchAll(/page (\d+) of size (\d+)/g)].map(([, current, size]) => `${current}/${size}`);
}

describe('createExplainer', () => {
  it('names the very calls that the directory then makes', async () => {
    const list = createVendorList(accountsUpTo(2000));
    const { pageInfo, pageCursors } = await openDirectory(list, { keepMs: 1000 })
      .open()
      .loadWindow(APP, { first: 90 }, 'rows');
    const asks: readonly ConnectionArguments[] = [
      { first: 48 },
      { first: 100, after: pageInfo.endCursor },
      { last: 30, before: pageInfo.endCursor },
      { first: 20, after: pageCursors?.last?.cursor },
    ];
    const explainer = createExplainer(KEYS, 120);
    await Promise.all(asks.map((args) => explainer.phones.loadWindow(APP, args, 'rows')));

    list.calls.length = 0;
    const phones = openDirectory(list, { keepMs: 1000 }).open();
    await Promise.all(asks.map((args) => phones.loadWindow(APP, args, 'rows')));
    expect(pagesIn(explainer.report())).toEqual(list.calls);
  });

  it('says in words what it plans', async () => {
    const { phones, report } = createExplainer(KEYS, 120);
    await phones.loadWindow('4luaKsL2', { first: 20 }, 'rows');
    await phones.loadWindow('4luaKsL2', { last: 20 }, 'rows');
    await phones.loadPhone('4luaKsL2', 'test_001');
    await phones.loadWindow('Empty000', {}, 'count');
    expect(report()).toBe(
      [
        'App 4luaKsL2',
        '  first: 20: rows 0 to 19',
        '  last: 20: the rows at the end, by another call or two once the total is known',
        '  → 1 call, where nothing is kept',
        '    page 1 of size 100: rows 0 to 99',
        '  1 phone by account: no call where kept, a call for each page where last seen, else a scan until all are found',
        '',
        'App Empty000',
        '  the count alone',
        '  → 1 call, where nothing is kept',
        '    page 1, for its total',
      ].join('\n'),
    );
  });

  it('says of a whole list at which length it is refused', async () => {
    const { phones, report } = createExplainer(KEYS, 113);
    await phones.loadGroups('4luaKsL2', 100);
    expect(report()).toMatch(
      /, 11 for 1000 phones, 114 for 10000 phones, more than the 113 of LIST_MAX_CALLS$/,
    );
    const enough = createExplainer(KEYS, 114);
    await enough.phones.loadGroups('4luaKsL2', 100);
    expect(enough.report()).toMatch(/, 114 for 10000 phones$/);
  });

  it('says so when nothing is asked of the vendor', async () => {
    const { phones, report } = createExplainer(KEYS, 120);
    await phones.loadWindow('4luaKsL2', {}, 'nothing');
    expect(report()).toBe(
      'No call: what is asked for is known without the vendor, or is of apps that are not served.',
    );
  });

  it('refuses arguments as the gateway does', async () => {
    const { phones } = createExplainer(KEYS, 120);
    await expect(phones.loadWindow('4luaKsL2', { first: 101 }, 'rows')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'first',
    });
  });
});
