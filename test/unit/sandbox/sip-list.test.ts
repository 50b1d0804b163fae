import { describe, expect, it } from '@jest/globals';
import { createSipList, type SipList } from '../../../src/sandbox/sip-list.ts';

/** A list of phones named after their serial numbers, and how often one was made. */
function createNumbered(count: number): [SipList, () => number] {
  let made = 0;
  const list = createSipList(count, (serial) => {
    made += 1;
    return { account: String(serial) };
  });
  return [list, () => made];
}

function readAccounts(list: SipList): string {
  return list.rows.map(({ account }) => account).join(' ');
}

describe('createSipList', () => {
  it('makes its phones at the first look, and once', () => {
    const [list, countMade] = createNumbered(3);
    expect(countMade()).toBe(0);
    expect(readAccounts(list)).toBe('1 2 3');
    expect(readAccounts(list)).toBe('1 2 3');
    expect(countMade()).toBe(3);
  });

  it('takes the very phones it is given', () => {
    const given = [{ account: 'b' }, { account: 'a' }];
    const list = createSipList(given, (serial) => ({ account: `new${serial}` }));
    list.insert(1, 2);
    expect(readAccounts(list)).toBe('b a new1');
    expect(given).toHaveLength(2);
  });
});

describe('insert', () => {
  it.each([
    [undefined, '4 5 1 2 3'],
    [0, '4 5 1 2 3'],
    [2, '1 2 4 5 3'],
    [3, '1 2 3 4 5'],
    [99, '1 2 3 4 5'],
  ])('puts phones at index %j', (index, accounts) => {
    const [list] = createNumbered(3);
    expect(list.insert(2, index)).toEqual([{ account: '4' }, { account: '5' }]);
    expect(readAccounts(list)).toBe(accounts);
  });
});

describe('remove', () => {
  it.each([
    [{ accounts: ['2', '4', 'x'] }, '2 4', '1 3 5'],
    [{ index: 1 }, '2', '1 3 4 5'],
    [{ index: 3, count: 9 }, '4 5', '1 2 3'],
    [{ index: 5 }, '', '1 2 3 4 5'],
  ])('takes out %j', (departure, gone, left) => {
    const [list] = createNumbered(5);
    const removed = list.remove(departure);
    expect(removed.map(({ account }) => account).join(' ')).toBe(gone);
    expect(readAccounts(list)).toBe(left);
  });

  it('never brings an account back under a new phone', () => {
    const [list] = createNumbered(2);
    list.remove({ index: 1 });
    list.insert(1, 1);
    expect(readAccounts(list)).toBe('1 3');
  });
});

describe('reset', () => {
  it('puts the list back to what it was at first', () => {
    const [list] = createNumbered(2);
    list.remove({ index: 0 });
    list.insert(3);
    list.reset();
    expect(readAccounts(list)).toBe('1 2');
  });
});
