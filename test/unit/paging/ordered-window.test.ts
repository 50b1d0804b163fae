import { describe, expect, it } from '@jest/globals';
import { createCursorCodec } from '../../../src/paging/cursor.ts';
import {
  DEFAULT_ORDER,
  type PhoneListArguments,
  parseOrderedWindow,
} from '../../../src/paging/ordered-window.ts';
import { parseGroupCount } from '../../../src/paging/phone-listing.ts';
import type { PhoneOrder } from '../../../src/paging/phone-order.ts';
import { createValueCursorCodec } from '../../../src/paging/value-cursor.ts';
import { APP } from '../../support/vendor-list.ts';

describe('The arguments of a connection', () => {
  const keys = [new Uint8Array(32).fill(7)];
  const codec = createCursorCodec(keys);
  const valueCodec = createValueCursorCodec(keys);
  const codecs = { cursorCodec: () => codec, valueCursorCodec: () => valueCodec };
  const parse = (args: PhoneListArguments) => parseOrderedWindow(APP, args, codecs);
  const ofVendor = codec.forApp(APP).encodeRow(5, 10, 'row-5', 'row-4');
  const ofAccounts = valueCodec.forList({ appId: APP, order: DEFAULT_ORDER, filter: '' }).encode('start');
  const byName: PhoneOrder = { field: 'phoneName', direction: 'desc' };

  it.each<PhoneListArguments>([
    {},
    { first: 3, filter: null, orderBy: null, after: null, before: null },
    { filter: {} },
    { filter: { text: ' ' }, after: ofVendor },
    { before: ofVendor },
    { after: '', before: '' },
  ])("are of the vendor's order where nothing asks for another: %j", (args) => {
    expect(parse(args)).toBeUndefined();
  });

  it.each<[string, PhoneListArguments, PhoneOrder]>([
    ['an order', { orderBy: byName }, byName],
    ['a filter', { filter: { text: 'a' } }, DEFAULT_ORDER],
    ['a filter and an order', { filter: { text: 'a' }, orderBy: byName }, byName],
    ['a cursor of an ordered list to start after', { after: ofAccounts }, DEFAULT_ORDER],
    ['a cursor of an ordered list to end before', { before: ofAccounts }, DEFAULT_ORDER],
    ['such a cursor and an empty filter', { filter: {}, after: ofAccounts }, DEFAULT_ORDER],
  ])('ask for the whole list by %s', (_, args, order) => {
    const parsed = parse(args);
    expect(parsed?.order).toEqual(order);
    expect(parsed?.filter.normalForm === '').toBe(!args.filter?.text);
    expect(parsed?.window.after).toBe(args.after == null ? undefined : 'start');
    expect(parsed?.window.before).toBe(args.before == null ? undefined : 'start');
  });

  it.each<[string, PhoneListArguments, string, string]>([
    ["of the vendor's order", { orderBy: byName, after: ofVendor }, 'FOREIGN_CURSOR', 'after'],
    [
      "of the vendor's order beside one of its own",
      { after: ofAccounts, before: ofVendor },
      'FOREIGN_CURSOR',
      'before',
    ],
    ['of another order', { orderBy: byName, before: ofAccounts }, 'FOREIGN_CURSOR', 'before'],
    ['that is none', { orderBy: byName, after: 'none' }, 'INVALID_CURSOR', 'after'],
  ])('refuse for an ordered list a cursor %s', (_, args, code, argument) => {
    expect(() => parse(args)).toThrow(expect.objectContaining({ code, argument }));
  });

  it('name 0 to 1,000 groups', () => {
    expect([0, 1000].map(parseGroupCount)).toEqual([0, 1000]);
    for (const first of [-1, 1001])
      expect(() => parseGroupCount(first)).toThrow(
        expect.objectContaining({ code: 'BAD_USER_INPUT', argument: 'first' }),
      );
  });
});
