import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Phone } from '../../../src/domain/phone.ts';
import { createCursorCodec } from '../../../src/paging/cursor.ts';
import { PHONE_FIELDS, placeOf } from '../../../src/paging/phone-order.ts';
import {
  createValueCursorCodec,
  type ListIdentity,
  looksLikeValueCursor,
  MAX_VALUE_CURSOR_LENGTH,
} from '../../../src/paging/value-cursor.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
const NEW_KEY = Uint8Array.from({ length: 32 }, (_, index) => 255 - index);
const LIST: ListIdentity = { appId: '4luaKsL2', order: { field: 'phoneName', direction: 'asc' }, filter: '' };
const PHONE: Phone = {
  appId: '4luaKsL2',
  account: 'test_001',
  phoneName: 'Reception-12',
  groupName: null,
  displayNum: null,
};

const cursors = createValueCursorCodec([KEY]).forList(LIST);
const invalid = expect.objectContaining({ code: 'INVALID_CURSOR', argument: 'after' });
const foreign = expect.objectContaining({ code: 'FOREIGN_CURSOR', argument: 'before' });

const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
  fc.constantFrom('sip-1', '😀'.repeat(90), '\ud83d', '账号'.repeat(64), 'ﷺ'.repeat(128)),
);
const place = fc
  .record({
    appId: fc.constant('4luaKsL2'),
    account: text.map((account) => account.slice(0, 128)),
    phoneName: fc.option(text),
    groupName: fc.option(text),
    displayNum: fc.option(text),
    field: fc.constantFrom(...PHONE_FIELDS),
  })
  .map(({ field, ...phone }) => placeOf(phone, field));

describe('createValueCursorCodec', () => {
  it('writes the same text in every process and every release', () => {
    expect(cursors.encode(placeOf(PHONE, 'phoneName'))).toBe(
      'IeGIY_NtKOopm5CZuHLg5PKnAgNxAZVtITdTD75MVUe7J_Kb8nir6d5SsrlOhvoRYxZRUvSKPbECLFnKs61V4kuCc5EmK-wfc5-fCXkqyE4YgF5xCCgy0RQuhjcPqaStkOG_lbY-mgHugJzX0HUYvbj0nuc8SMxFdDwVMAG0',
    );
  });

  it('brings back any place, in at most 640 characters', () => {
    expect(MAX_VALUE_CURSOR_LENGTH).toBeLessThanOrEqual(640);
    fc.assert(
      fc.property(fc.oneof(place, fc.constant('start' as const)), (at) => {
        const cursor = cursors.encode(at);
        expect(cursor.length).toBeLessThanOrEqual(MAX_VALUE_CURSOR_LENGTH);
        expect(cursors.decode(cursor, 'after')).toEqual(at);
        expect(looksLikeValueCursor(cursor)).toBe(true);
      }),
    );
  });

  it('shows nothing of a name or an account, and little of their lengths', () => {
    const [long, short] = ['Reception', 'Bob'].map((phoneName) =>
      cursors.encode(placeOf({ ...PHONE, phoneName }, 'phoneName')),
    );
    expect(long?.length).toBe(short?.length);
    const bytes = Buffer.from(long ?? '', 'base64url');
    for (const encoding of ['latin1', 'utf16le'] as const)
      expect(bytes.toString(encoding).toLowerCase()).not.toMatch(/reception|test/);
  });

  it('refuses a cursor of which any bit was changed', () => {
    const bytes = Buffer.from(cursors.encode(placeOf(PHONE, 'phoneName')), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => cursors.decode(changed.toString('base64url'), 'after')).toThrow(invalid);
    }
  });

  it('refuses what was cut, prolonged or is written in another way', () => {
    const cursor = cursors.encode(placeOf(PHONE, 'phoneName'));
    for (let length = 0; length < cursor.length; length++)
      expect(() => cursors.decode(cursor.slice(0, length), 'after')).toThrow(invalid);
    for (const other of [`${cursor}A`, `${cursor}AAAA`, ` ${cursor}`, `${cursor}=`, 'I'.repeat(1_000_000)])
      expect(() => cursors.decode(other, 'after')).toThrow(invalid);
    fc.assert(
      fc.property(fc.string({ maxLength: 700 }), (garbage) => {
        expect(() => cursors.decode(garbage, 'after')).toThrow(invalid);
      }),
    );
  });

  it.each<[string, Partial<ListIdentity>]>([
    ['app', { appId: 'another' }],
    ['field', { order: { field: 'account', direction: 'asc' } }],
    ['direction', { order: { field: 'phoneName', direction: 'desc' } }],
    ['filter', { filter: '[["text","a"]]' }],
  ])('calls a cursor of another %s foreign', (_, difference) => {
    const other = createValueCursorCodec([KEY]).forList({ ...LIST, ...difference });
    expect(() => other.decode(cursors.encode('start'), 'before')).toThrow(foreign);
  });

  it('opens the cursors of every key, and seals with the first', () => {
    const both = createValueCursorCodec([NEW_KEY, KEY]).forList(LIST);
    const own = createValueCursorCodec([NEW_KEY]).forList(LIST);
    expect(both.decode(cursors.encode(placeOf(PHONE, 'phoneName')), 'after')).toEqual(
      placeOf(PHONE, 'phoneName'),
    );
    expect(both.encode('start')).toBe(own.encode('start'));
    expect(() => own.decode(cursors.encode('start'), 'after')).toThrow(invalid);
  });

  it('is refused, and not read, where a cursor of the vendor’s order is expected, and the other way round', () => {
    const vendors = createCursorCodec([KEY]).forApp('4luaKsL2');
    expect(() => vendors.decode(cursors.encode('start'), 'after')).toThrow(invalid);
    expect(() => cursors.decode(vendors.encodePosition(3, 9), 'after')).toThrow(invalid);
    expect(looksLikeValueCursor(vendors.encodeRow(3, 9, 'a', 'b'))).toBe(false);
  });

  it('is told from others by its first byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 3, maxLength: 9 }), (bytes) => {
        const [own = 0] = Buffer.from(cursors.encode('start'), 'base64url');
        const text = (first: number) => Buffer.from([first, ...bytes.subarray(1)]).toString('base64url');
        for (let first = 0; first < 256; first++)
          expect(looksLikeValueCursor(text(first))).toBe(first === own);
      }),
      { numRuns: 5 },
    );
    for (const text of ['', 'I', '?R', 'I?', '😀']) expect(looksLikeValueCursor(text)).toBe(false);
  });

  it('needs a key of at least 32 bytes', () => {
    expect(() => createValueCursorCodec([])).toThrow(RangeError);
    expect(() => createValueCursorCodec([new Uint8Array(31)])).toThrow(RangeError);
  });
});
