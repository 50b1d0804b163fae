import { describe, expect, it } from '@jest/globals';
import { UpstreamTimeoutError } from '../../../src/errors/upstream-errors.ts';
import { createWholePlan } from '../../../src/paging/whole-plan.ts';
import type { ListReader } from '../../../src/phones/list-reader.ts';
import { loadAccounts, loadPasswords } from '../../../src/phones/load-accounts.ts';
import { createReaders } from '../../support/open-reader.ts';
import { accountsUpTo, createVendorList, passwordOf } from '../../support/vendor-list.ts';

const PLAN = createWholePlan();
const callsFor = (total: number) => PLAN.count(total, 1000);

/** A list of `total`; `known` accounts stand where they were last seen. */
async function createFixture(
  total: number,
  known: readonly string[],
  options: Parameters<typeof createReaders>[1] = {},
) {
  const list = createVendorList(accountsUpTo(total));
  const { open, memory } = createReaders(list, options);
  if (known.length === 0) await open().count(1);
  for (const account of known) {
    const at = Number(account.slice(4));
    await open().read(at, at + 1, { isFresh: false, readAhead: 'none', goesOn: false });
  }
  list.calls.length = 0;
  const find = async (reader: ListReader, ...accounts: readonly string[]) => {
    list.calls.length = 0;
    const found = await loadAccounts(reader, accounts);
    return accounts.map((account) => {
      const phone = found.get(account);
      return phone instanceof Error ? phone : (phone?.account ?? null);
    });
  };
  return { list, open, memory, find };
}

describe('Accounts of which some were seen and some were not', () => {
  const known = ['row-150', 'row-450', 'row-750'];
  const scanCalls = callsFor(1000);

  it('are looked for where they were seen, before all of the list, where there are calls for both', async () => {
    const { list, open, find } = await createFixture(1000, known);
    expect(await find(open({ calls: scanCalls + 3 }), ...known, 'nobody')).toEqual([...known, null]);
    expect(list.calls).toHaveLength(3 + scanCalls);
    expect(await find(open({ calls: scanCalls + 2 }), ...known, 'nobody')).toEqual([...known, null]);
    expect(list.calls).toHaveLength(scanCalls);
    expect(await find(open({ calls: scanCalls }), ...known, 'nobody')).toEqual([...known, null]);
    expect(list.calls).toHaveLength(scanCalls);
  });

  it('are found where they were seen though there are not calls to read all of the list for the others', async () => {
    const { list, open, find } = await createFixture(5000, ['row-4750']);
    const [far, unknown] = await find(open({ calls: scanCalls }), 'row-4750', 'nobody');
    expect(far).toBe('row-4750');
    expect(unknown).toMatchObject({ code: 'QUERY_TOO_COMPLEX', retryable: true });
    expect(list.calls).toHaveLength(scanCalls);
  });

  it('are found where they were seen, by as many calls, beside one that is known to be absent', async () => {
    const { list, open, find } = await createFixture(1000, known, { listed: true });
    expect(await find(open(), 'nobody')).toEqual([null]);
    expect(await find(open({ calls: scanCalls }), ...known, 'nobody')).toEqual([...known, null]);
    // The total that their pages have shown is that of the list that was read whole.
    expect(list.calls).toHaveLength(3);
  });

  it('are looked for where they were seen by one page where they stand together', async () => {
    const { list, open, find } = await createFixture(1000, ['row-150', 'row-224']);
    expect(await find(open({ calls: scanCalls + 1 }), 'row-150', 'row-224', 'nobody')).toEqual([
      'row-150',
      'row-224',
      null,
    ]);
    expect(list.calls).toHaveLength(1 + scanCalls);
  });
});

describe('An account that is not where it was seen', () => {
  it('is not looked for before the first row, however many rows have left', async () => {
    const { list, open, find } = await createFixture(1000, ['row-150', 'row-450']);
    list.accounts.splice(100, 60);
    list.accounts.splice(-300);
    expect(await find(open(), 'row-150', 'row-450')).toEqual([null, 'row-450']);
  });

  it('is not looked for twice at the same place', async () => {
    const { list, open, find } = await createFixture(1000, ['row-150', 'row-450']);
    list.accounts.splice(450, 1, 'new');
    expect(await find(open(), 'row-150', 'row-450')).toEqual(['row-150', null]);
    const around = list.calls.length - callsFor(1000);
    expect(around).toBe(2);
  });
});

describe('An account that a list did not have when it was read whole', () => {
  async function createRead(total: number) {
    const fixture = await createFixture(total, [], { listed: true });
    expect(await fixture.find(fixture.open(), 'nobody')).toEqual([null]);
    return fixture;
  }

  it('is absent by one call of one row while the total is the same, and by none after a call that tells it', async () => {
    const { list, open, find } = await createRead(1000);
    const reader = open();
    expect(await find(reader, 'nobody')).toEqual([null]);
    expect(list.calls).toEqual(['1/1']);
    expect(await find(reader, 'no-one', 'nobody')).toEqual([null, null]);
    expect(list.calls).toEqual([]);
  });

  it('has its total asked for only where it may be absent', async () => {
    const { list, open, memory, find } = await createRead(1000);
    memory.forget('row-5');
    expect(await find(open(), 'row-5')).toEqual(['row-5']);
    expect(list.calls).toEqual(['1/100']);
  });

  it('is absent by the ends of the list where what came there explains another total, which is known from then on', async () => {
    const { list, open, find } = await createRead(1000);
    list.accounts.unshift('at-head');
    list.accounts.push('at-end');
    expect(await find(open(), 'nobody')).toEqual([null]);
    expect(list.calls).toEqual(['1/1', '1/100', '11/99']);
    expect(await find(open(), 'nobody')).toEqual([null]);
    expect(list.calls).toEqual(['1/1']);
    expect(await find(open(), 'at-head', 'at-end', 'nobody')).toEqual(['at-head', 'at-end', null]);
  });

  it('is looked for through all of the list where the ends do not explain another total', async () => {
    const { list, open, find } = await createRead(1000);
    list.accounts.splice(500, 0, 'nobody');
    expect(await find(open(), 'nobody')).toEqual(['nobody']);
    expect(list.calls.slice(0, 1)).toEqual(['1/1']);
  });

  it('is looked for through all of the list where it changes between the calls that would explain it', async () => {
    const { list, open, find } = await createRead(1000);
    list.accounts.unshift('at-head');
    list.beforeAnswer = async ({ current }) => {
      if (current !== 11) return;
      // The head is answered meanwhile.
      await new Promise(setImmediate);
      list.accounts.splice(500, 2, 'nobody');
    };
    expect(await find(open(), 'nobody')).toEqual(['nobody']);
  });

  it('is looked for where one of those calls fails, and is not absent where the others fail as well', async () => {
    const { list, open, find } = await createRead(1000);
    list.accounts.unshift('at-head');
    list.beforeAnswer = ({ current }) => {
      if (current === 11) throw new UpstreamTimeoutError();
    };
    expect((await find(open(), 'nobody'))[0]).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    list.beforeAnswer = () => undefined;
    expect(await find(open(), 'nobody')).toEqual([null]);
  });
});

describe('Passwords', () => {
  it('are read at the places of their phones, once a request, and never from rows that are kept', async () => {
    const { list, open } = await createFixture(1000, ['row-150', 'row-450'], { keepMs: 60_000 });
    const reader = open();
    const read = async (...accounts: readonly string[]) =>
      (await loadPasswords(reader, accounts)).map((secret) =>
        secret instanceof Error ? secret : (secret?.reveal() ?? null),
      );
    const asked = ['row-450', 'row-150'];
    expect(await read(...asked)).toEqual(asked.map(passwordOf));
    expect(list.calls).toHaveLength(2);
    expect(await read('row-150', 'row-450', 'row-150')).toEqual(
      ['row-150', 'row-450', 'row-150'].map(passwordOf),
    );
    expect(list.calls).toHaveLength(2);
    expect(reader.list.cost.rowsKept).toBe(0);
  });

  it('are an error where their page cannot be read, null where the vendor sends none, and the others are there', async () => {
    const { list, open } = await createFixture(1000, ['row-150', 'row-450', 'row-750']);
    list.distort = (page) => ({
      ...page,
      passwords: page.passwords.map((secret, at) => (page.phones[at]?.account === 'row-150' ? null : secret)),
    });
    list.beforeAnswer = ({ current, size }) => {
      if (current * size > 700) throw new UpstreamTimeoutError();
    };
    const [none, there, failed] = await loadPasswords(open(), ['row-150', 'row-450', 'row-750']);
    expect(none).toBeNull();
    expect(there instanceof Error || there?.reveal()).toBe(passwordOf('row-450'));
    expect(failed).toBeInstanceOf(UpstreamTimeoutError);
  });
});
