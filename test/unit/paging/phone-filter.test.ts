import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_FILTER, type PhoneFilterInput, parsePhoneFilter } from '../../../src/paging/phone-filter.ts';
import { randomFilter } from '../../support/random-phones.ts';

const input = (argument: string) => expect.objectContaining({ code: 'BAD_USER_INPUT', argument });

describe('parsePhoneFilter', () => {
  it.each<PhoneFilterInput | null>([
    null,
    {},
    { text: '' },
    { text: '  ' },
    { text: null, account: null, groupName: {}, phoneName: { equals: null, in: null, isNull: null } },
  ])('lets all pass by %j', (filter) => expect(parsePhoneFilter(filter)).toBe(NO_FILTER));

  it.each<[PhoneFilterInput, string]>([
    [{ account: { in: [] } }, 'filter.account.in'],
    [{ groupName: { in: Array.from({ length: 101 }, String) } }, 'filter.groupName.in'],
    [{ groupName: { in: ['a'.repeat(8193)] } }, 'filter.groupName.in'],
    [{ text: 'a'.repeat(8193) }, 'filter.text'],
    [{ phoneName: { equals: 'a'.repeat(8193) } }, 'filter.phoneName.equals'],
    [{ phoneName: { contains: 'a'.repeat(8193) } }, 'filter.phoneName.contains'],
    [{ displayNum: { startsWith: 'a'.repeat(8193) } }, 'filter.displayNum.startsWith'],
  ])('refuses %#, and names the argument', (filter, argument) => {
    expect(() => parsePhoneFilter(filter)).toThrow(input(argument));
  });

  it('takes 100 texts as long as an account can be', () => {
    const texts = Array.from({ length: 100 }, (_, index) => String(index).padStart(8192, 'x'));
    expect(() => parsePhoneFilter({ account: { in: texts } })).not.toThrow();
  });

  it.each<[PhoneFilterInput, PhoneFilterInput]>([
    [{ groupName: { equals: 'Sales' } }, { groupName: { in: ['SÁLES', 'sales'] } }],
    [{ text: ' 86 157' }, { text: '+86157' }],
    [{ account: { in: ['b', 'a', 'b'] } }, { account: { in: ['a', 'b'] } }],
    [
      { account: { isNull: false }, text: null },
      { text: '', account: { isNull: false, contains: null } },
    ],
  ])('gives filters that say the same one normal form: %j and %j', (a, b) => {
    expect(parsePhoneFilter(a).normalForm).toBe(parsePhoneFilter(b).normalForm);
  });

  it.each<[PhoneFilterInput, PhoneFilterInput]>([
    [{ account: { equals: 'a' } }, { account: { equals: 'A' } }],
    [{ account: { contains: 'a' } }, { phoneName: { contains: 'a' } }],
    [{ account: { contains: 'a' } }, { account: { startsWith: 'a' } }],
    [{ account: { in: ['a,b'] } }, { account: { in: ['a', 'b'] } }],
    [{ phoneName: { startsWith: '+1' } }, { phoneName: { startsWith: '1' } }],
  ])('tells filters apart that do not: %j and %j', (a, b) => {
    expect(parsePhoneFilter(a).normalForm).not.toBe(parsePhoneFilter(b).normalForm);
  });

  it('gives many long texts a short normal form, of their own', () => {
    const texts = Array.from({ length: 100 }, (_, index) => String(index).padStart(8192, 'x'));
    const { normalForm } = parsePhoneFilter({ account: { in: texts } });
    expect(normalForm.length).toBeLessThan(100);
    expect(parsePhoneFilter({ account: { in: texts.slice(1) } }).normalForm).not.toBe(normalForm);
  });

  it('gives no filter the normal form of none unless it is none', () => {
    fc.assert(
      fc.property(randomFilter, (filter) => {
        const parsed = parsePhoneFilter(filter);
        expect(parsed.normalForm === '').toBe(parsed === NO_FILTER);
      }),
    );
  });
});
