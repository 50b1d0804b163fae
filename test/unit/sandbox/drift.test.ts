import { describe, expect, it } from '@jest/globals';
import { createDrift } from '../../../src/sandbox/drift.ts';
import { NO_QUIRKS } from '../../../src/sandbox/quirks.ts';
import { createRandom } from '../../../src/sandbox/random.ts';
import { createSipList, type SipList } from '../../../src/sandbox/sip-list.ts';
import { createSipRecordFactory } from '../../../src/sandbox/sip-record.ts';

function createList(phones = 100): SipList {
  return createSipList(phones, createSipRecordFactory('seed', 'app', 'a'));
}

function accountsOf(list: SipList): string[] {
  return list.rows.map(({ account }) => account);
}

describe('createDrift', () => {
  it('changes nothing unless a quirk says so', () => {
    const list = createList();
    const before = accountsOf(list);
    createDrift(createRandom(1), () => 0).run(list, NO_QUIRKS);
    expect(accountsOf(list)).toEqual(before);
  });

  it('swaps a phone before each call where the list is restless', () => {
    const list = createList();
    const drift = createDrift(createRandom(1), () => 0);
    for (let call = 1; call <= 20; call++) {
      const before = new Set(accountsOf(list));
      drift.run(list, { ...NO_QUIRKS, restless: true });
      expect(list.rows).toHaveLength(100);
      expect(accountsOf(list).filter((account) => !before.has(account))).toHaveLength(1);
    }
  });

  it('makes as many changes as the time that has passed is worth, from when it was switched on', () => {
    let time = 1_000_000;
    const list = createList();
    const drift = createDrift(createRandom(1), () => time);
    const quirks = { ...NO_QUIRKS, drift: { perMinute: 60 } };
    const before = accountsOf(list);
    drift.run(list, quirks);
    expect(accountsOf(list)).toEqual(before);
    time += 999;
    drift.run(list, quirks);
    expect(
      list.rows.filter(({ groupName }) => groupName === 'edited').length + Math.abs(list.rows.length - 100),
    ).toBe(0);
    time += 30_001;
    drift.run(list, quirks);
    const gone = before.filter((account) => !accountsOf(list).includes(account)).length;
    const come = accountsOf(list).filter((account) => !before.includes(account)).length;
    const edited = list.rows.filter(({ groupName }) => groupName === 'edited').length;
    expect(gone + come + edited).toBeGreaterThan(15);
    expect(gone + come + edited).toBeLessThanOrEqual(31);
  });

  it('does not make up for a night in which nobody asked', () => {
    let time = 0;
    const list = createList(5000);
    const drift = createDrift(createRandom(1), () => time);
    const quirks = { ...NO_QUIRKS, drift: { perMinute: 6000 } };
    drift.run(list, quirks);
    time += 24 * 60 * 60_000;
    drift.run(list, quirks);
    expect(Math.abs(list.rows.length - 5000)).toBeLessThanOrEqual(1000);
  });
});

describe('an edit', () => {
  it('leaves a phone in its place, or moves it to the top of a list by time of update', () => {
    const list = createList(10);
    const [first, , third] = accountsOf(list);
    list.edit({ accounts: [third ?? ''] }, { phoneName: 'new' }, false);
    expect(list.rows[2]).toMatchObject({ account: third, phoneName: 'new' });
    list.edit({ accounts: [third ?? ''] }, { phoneName: 'newer' }, true);
    expect(list.rows[0]).toMatchObject({ account: third, phoneName: 'newer' });
    expect(list.rows[1]?.account).toBe(first);
    expect(list.rows).toHaveLength(10);
  });
});
