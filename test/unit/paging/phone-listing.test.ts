import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Phone } from '../../../src/domain/phone.ts';
import { spanOfOrdered } from '../../../src/paging/ordered-window.ts';
import { NO_FILTER, parsePhoneFilter } from '../../../src/paging/phone-filter.ts';
import { createPhoneListing } from '../../../src/paging/phone-listing.ts';
import { type PhoneOrder, placeOf } from '../../../src/paging/phone-order.ts';
import { runAtOnce } from '../../../src/paging/sort-in-slices.ts';
import { listByModel } from '../../support/ordered-model.ts';
import { randomFilter, randomOrder, randomPhones } from '../../support/random-phones.ts';

const ASCENDING: PhoneOrder = { field: 'phoneName', direction: 'asc' };

function phone(account: string, phoneName: string | null = null): Phone {
  return { appId: 'app', account, phoneName, groupName: null, displayNum: null };
}

function listOf(phones: readonly Phone[], order: PhoneOrder, filter = NO_FILTER) {
  return runAtOnce(createPhoneListing(phones).list(filter, order));
}

function accountsOf(list: { length: number; at(position: number): Phone | undefined }) {
  return Array.from({ length: list.length }, (_, position) => list.at(position)?.account);
}

describe('createPhoneListing', () => {
  it('lists what a model in a few lines lists, for any filter and order', () => {
    fc.assert(
      fc.property(randomPhones, randomFilter, randomOrder, (phones, filter, order) => {
        const listed = accountsOf(listOf(phones, order, parsePhoneFilter(filter)));
        expect(listed).toEqual(listByModel(phones, filter, order).map(({ account }) => account));
      }),
      { numRuns: 1000 },
    );
  });

  it('puts null last upwards and first downwards, with equal keys by account', () => {
    const phones = [phone('c'), phone('b', 'Sip-2'), phone('a'), phone('e', 'sip-02'), phone('d', 'sip-1')];
    expect(accountsOf(listOf(phones, ASCENDING))).toEqual(['d', 'b', 'e', 'a', 'c']);
    expect(accountsOf(listOf(phones, { field: 'phoneName', direction: 'desc' }))).toEqual([
      'c',
      'a',
      'e',
      'b',
      'd',
    ]);
  });

  it('sorts more rows than one slice', () => {
    const phones = Array.from({ length: 2501 }, (_, index) => phone(`a-${(index * 7919) % 2501}`));
    const order: PhoneOrder = { field: 'account', direction: 'asc' };
    const slices = createPhoneListing(phones).list(NO_FILTER, order);
    let count = 0;
    let step = slices.next();
    for (; step.done !== true; step = slices.next()) count++;
    expect(accountsOf(step.value)).toEqual(Array.from({ length: 2501 }, (_, index) => `a-${index}`));
    expect(count).toBeGreaterThan(10);
  });

  it('remembers an order and a filtered list', () => {
    const listing = createPhoneListing(Array.from({ length: 1200 }, (_, index) => phone(`a-${index}`)));
    const filter = parsePhoneFilter({ text: '7' });
    const first = runAtOnce(listing.list(filter, ASCENDING));
    expect(listing.list(filter, { ...ASCENDING, direction: 'desc' }).next().done).toBe(true);
    expect(first.length).toBe(309);
  });
});

describe('A text that is looked for', () => {
  const rows: readonly Phone[] = [
    { appId: 'app', account: 'ab', phoneName: 'cd', groupName: null, displayNum: '12' },
    { appId: 'app', account: 'x\0y', phoneName: null, groupName: '3', displayNum: null },
  ];
  const find = (text: string) =>
    accountsOf(listOf(rows, { field: 'account', direction: 'asc' }, parsePhoneFilter({ text })));

  it.each([
    ['bc', []],
    ['b\0c', []],
    ['\0', ['x\0y']],
    ['x\0y', ['x\0y']],
    ['d', ['ab']],
    ['123', []],
  ])('is found within one field: %j', (text, accounts) => expect(find(text)).toEqual(accounts));
});

describe('A display number', () => {
  it.each([
    ['+86 157', '+86 157', true],
    ['+86 157', '86-157', true],
    ['tel. +86 157', 'Tel. +86 157', true],
    ['tel. +86 157', '86157', false],
  ])('that is %s equals %s: %p', (displayNum, equals, isEqual) => {
    const list = listOf(
      [{ ...phone('a'), displayNum }],
      ASCENDING,
      parsePhoneFilter({ displayNum: { equals } }),
    );
    expect(list.length).toBe(isEqual ? 1 : 0);
  });
});

describe('spanOfOrdered', () => {
  it('resumes behind the place of a cursor, whatever came, left or changed elsewhere', () => {
    fc.assert(
      fc.property(randomPhones, randomPhones, randomOrder, fc.nat(29), (before, after, order, index) => {
        const place = before[index];
        fc.pre(place !== undefined);
        const list = listOf(after, order);
        const { lo } = spanOfOrdered(
          { from: 'start', size: 5, after: placeOf(place, order.field), before: undefined },
          list,
        );
        const both = listByModel(
          [place, ...after.filter(({ account }) => account !== place.account)],
          {},
          order,
        );
        const next = both.slice(both.indexOf(place) + 1).map(({ account }) => account);
        // The row itself is elsewhere where its key has changed.
        const listed = accountsOf(list).slice(lo);
        expect(listed.filter((account) => account !== place.account)).toEqual(next);
      }),
    );
  });

  it('meets itself from both ends, and tells exactly whether there is more', () => {
    fc.assert(
      fc.property(randomPhones, randomOrder, fc.integer({ min: 1, max: 7 }), (phones, order, size) => {
        const list = listOf(phones, order);
        const forwards: (string | undefined)[] = [];
        let after: ReturnType<typeof placeOf> | undefined;
        for (let isMore = list.length > 0; isMore; ) {
          const span = spanOfOrdered({ from: 'start', size, after, before: undefined }, list);
          forwards.push(...accountsOf(list).slice(span.lo, span.hi));
          const last = list.at(span.hi - 1);
          after = last && placeOf(last, order.field);
          isMore = span.hasNextPage;
        }
        const backwards: (string | undefined)[] = [];
        let before: ReturnType<typeof placeOf> | undefined;
        for (let isMore = list.length > 0; isMore; ) {
          const span = spanOfOrdered({ from: 'end', size, after: undefined, before }, list);
          backwards.unshift(...accountsOf(list).slice(span.lo, span.hi));
          const first = list.at(span.lo);
          before = first && placeOf(first, order.field);
          isMore = span.hasPreviousPage;
        }
        expect(forwards).toEqual(accountsOf(list));
        expect(backwards).toEqual(accountsOf(list));
      }),
    );
  });
});
