import { describe, expect, it } from '@jest/globals';
import { createSipLists, DEFAULT_APPS } from '../../../src/sandbox/apps.ts';
import type { SipRecord } from '../../../src/sandbox/sip-record.ts';

function createAll(seed = 'itnio'): SipRecord[] {
  return [...createSipLists(DEFAULT_APPS, seed).values()].flatMap(({ rows }) => rows);
}

function countDistinct(values: readonly unknown[]): number {
  return new Set(values).size;
}

describe('createSipLists', () => {
  it.each([
    ['4luaKsL2', 437],
    ['Empty000', 0],
    ['Single01', 1],
    ['Full0100', 100],
    ['Over0101', 101],
    ['Large10k', 10_000],
  ])('gives %s %i phones', (appId, count) => {
    expect(createSipLists(DEFAULT_APPS, 'itnio').get(appId)?.rows).toHaveLength(count);
  });

  it("puts the vendor's sample phone first in the vendor's sample app, whatever the seed", () => {
    for (const seed of ['itnio', 'other']) {
      expect(createSipLists(DEFAULT_APPS, seed).get('4luaKsL2')?.rows[0]).toEqual({
        groupName: 'sipGroup',
        phoneName: 'sip-1',
        account: 'test_001',
        password: 'LX9FZdF2',
        displayNum: '861000000',
      });
    }
  });

  it('makes accounts and passwords that are unique among all apps', () => {
    const records = createAll();
    expect(countDistinct(records.map(({ account }) => account))).toBe(10_639);
    expect(countDistinct(records.map(({ password }) => password))).toBe(10_639);
  });

  it('makes phone names that are unique within an app, in a few groups', () => {
    const rows = createSipLists(DEFAULT_APPS, 'itnio').get('4luaKsL2')?.rows ?? [];
    expect(countDistinct(rows.map(({ phoneName }) => phoneName))).toBe(437);
    expect(countDistinct(rows.map(({ groupName }) => groupName))).toBe(6);
  });

  it('leaves out a display number in each of the three ways', () => {
    const rows = createSipLists(DEFAULT_APPS, 'itnio').get('4luaKsL2')?.rows ?? [];
    expect(rows.some(({ displayNum }) => displayNum === null)).toBe(true);
    expect(rows.some(({ displayNum }) => displayNum === '')).toBe(true);
    expect(rows.some((record) => !('displayNum' in record))).toBe(true);
    expect(rows.filter(({ displayNum }) => /^861\d{6}$/.test(displayNum ?? '')).length).toBeGreaterThan(350);
  });

  it('makes the same phones from the same seed, and others from another', () => {
    expect(createAll('a')).toEqual(createAll('a'));
    expect(createAll('a')).not.toEqual(createAll('b'));
  });
});
