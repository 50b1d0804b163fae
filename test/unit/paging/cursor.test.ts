import { hkdfSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidCursorError } from '../../../src/errors/argument-errors.ts';
import { type AppCursors, type CursorCodec, createCursorCodec } from '../../../src/paging/cursor.ts';
import { parseSipHashKey, sipHash } from '../../../src/paging/sip-hash.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
const NEW_KEY = Uint8Array.from({ length: 32 }, (_, index) => 255 - index);
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const codec = createCursorCodec([KEY]);
const cursors = codec.forApp('4luaKsL2');

const account = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 128 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 600 }),
  fc.constantFrom('test_001', 'a:b', ':', '::', 'sip:7@example.com', '账号', '😀'.repeat(200)),
);
const position = fc.nat({ max: 0xffff_fffe });
const total = fc.nat({ max: 0xffff_ffff });

const invalid = expect.objectContaining({ code: 'INVALID_CURSOR', argument: 'after' });
const foreign = expect.objectContaining({ code: 'FOREIGN_CURSOR', argument: 'before' });

function decodeRow(text: string, from: AppCursors = cursors) {
  const cursor = from.decode(text, 'after');
  if (cursor.kind !== 'row') throw new Error('expected the cursor of a row');
  return cursor;
}

describe('createCursorCodec', () => {
  it('writes the same text in every process and every release', () => {
    expect(cursors.encodeRow(41, 437, 'test_042', 'test_041')).toBe(
      'Eb-togbF6AAAACoAAAG1dr16AOMRKqpr1KtVHPte8K5CcR3ERCVZ',
    );
    expect(cursors.encodePosition(719, 2000)).toBe('Er-togbF6AAAAtAAAAfQAAAAAAAAAAAAAAAAAAAAAN6ecAm-rAFH');
  });

  it('brings back position, total and row for any account', () => {
    fc.assert(
      fc.property(position, total, account, account, (at, of, row, predecessor) => {
        fc.pre(row !== predecessor);
        const cursor = decodeRow(cursors.encodeRow(at, of, row, at === 0 ? undefined : predecessor));
        expect(cursor).toMatchObject({ kind: 'row', position: at, total: of });
        expect(cursor.match(row)).toBe('row');
        expect(cursor.match(predecessor)).toBe(at === 0 ? undefined : 'predecessor');
      }),
    );
  });

  it('knows the row and the one before it, and nobody else', () => {
    fc.assert(
      fc.property(fc.uniqueArray(account, { minLength: 3, maxLength: 6 }), (accounts) => {
        const [row = '', predecessor, ...others] = accounts;
        const cursor = decodeRow(cursors.encodeRow(9, 20, row, predecessor));
        expect(others.map((other) => cursor.match(other))).toEqual(others.map(() => undefined));
      }),
    );
  });

  it.each(['x', 'é', '号'])('tells long accounts of "%s" apart by their last character', (character) => {
    for (const length of [50, 128, 129, 600]) {
      const account = character.repeat(length);
      const cursor = decodeRow(cursors.encodeRow(9, 20, `${account}1`, `${account}2`));
      expect(cursor.match(`${account}1`)).toBe('row');
      expect(cursor.match(`${account}2`)).toBe('predecessor');
      expect(cursor.match(`${account}3`)).toBeUndefined();
    }
    const cursor = decodeRow(cursors.encodeRow(3, 9, `${character.repeat(200)}号`, undefined));
    expect(cursor.match(`${character.repeat(200)}码`)).toBeUndefined();
  });

  it('knows no row before the first one', () => {
    const cursor = decodeRow(cursors.encodeRow(0, 3, 'test_001', undefined));
    expect(cursor.match('test_001')).toBe('row');
    expect(cursor.match('')).toBe(undefined);
    expect(cursor.match('test_000')).toBe(undefined);
  });

  it('knows the row before the second one', () => {
    const cursor = decodeRow(cursors.encodeRow(1, 3, 'test_002', 'test_001'));
    expect(cursor.match('test_001')).toBe('predecessor');
  });

  it('brings back a bare position, from -1 on', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 0xffff_fffe }), total, (at, of) => {
        const cursor = cursors.decode(cursors.encodePosition(at, of), 'after');
        expect(cursor).toEqual({ kind: 'position', position: at, total: of });
      }),
    );
  });

  it('tells the cursor of a row from that of its position', () => {
    expect(cursors.encodeRow(5, 10, 'test_006', 'test_005')).not.toBe(cursors.encodePosition(5, 10));
  });

  it('gives equal rows of equal lists equal cursors, whatever was encoded and decoded in between', () => {
    fc.assert(
      fc.property(position, total, account, account, (at, of, row, other) => {
        const before = cursors.encodeRow(at, of, row, 'test_001');
        cursors.decode(codec.forApp('4luaKsL2').encodeRow(at, of, other, row), 'after');
        expect(createCursorCodec([KEY]).forApp('4luaKsL2').encodeRow(at, of, row, 'test_001')).toBe(before);
      }),
    );
  });

  it('takes under 64 characters, all of them safe in an address', () => {
    fc.assert(
      fc.property(position, total, account, account, (at, of, row, predecessor) => {
        expect(cursors.encodeRow(at, of, row, predecessor)).toMatch(/^[\w-]{52}$/);
      }),
    );
  });

  it('gives each row of a list a cursor of its own', () => {
    const encoded = Array.from({ length: 10_000 }, (_, index) =>
      cursors.encodeRow(index, 10_000, `sip-${index}`, index === 0 ? undefined : `sip-${index - 1}`),
    );
    expect(new Set(encoded).size).toBe(10_000);
  });

  it('gives neighbours of one position different cursors when the rows differ', () => {
    const text = cursors.encodeRow(7, 10, 'test_008', 'test_007');
    expect(cursors.encodeRow(7, 10, 'test_009', 'test_007')).not.toBe(text);
    expect(cursors.encodeRow(7, 10, 'test_008', 'test_006')).not.toBe(text);
    expect(cursors.encodeRow(7, 11, 'test_008', 'test_007')).not.toBe(text);
    expect(cursors.encodeRow(8, 10, 'test_008', 'test_007')).not.toBe(text);
  });

  it('gives the same account another fingerprint in each app', () => {
    const here = Buffer.from(cursors.encodeRow(7, 10, 'test_008', 'test_007'), 'base64url');
    const there = Buffer.from(codec.forApp('other').encodeRow(7, 10, 'test_008', 'test_007'), 'base64url');
    expect(here.subarray(15, 23)).not.toEqual(there.subarray(15, 23));
  });

  it('shows no account in its bytes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-ascii', minLength: 4, maxLength: 20 }),
        fc.string({ unit: 'grapheme-ascii', minLength: 4, maxLength: 20 }),
        (row, predecessor) => {
          const bytes = Buffer.from(cursors.encodeRow(7, 10, row, predecessor), 'base64url');
          expect(bytes.includes(row)).toBe(false);
          expect(bytes.includes(predecessor)).toBe(false);
        },
      ),
    );
  });

  it('refuses to start without a key, or with one under 32 bytes', () => {
    expect(() => createCursorCodec([])).toThrow(RangeError);
    expect(() => createCursorCodec([KEY, KEY.subarray(0, 31)])).toThrow(
      new RangeError('A cursor key has at least 32 bytes, not 31.'),
    );
  });
});

/** Signs what was changed in a cursor, as one who has the key could. */
function sign(bytes: Buffer): string {
  const macKey = parseSipHashKey(new Uint8Array(hkdfSync('sha256', KEY, '', 'cursors', 32)));
  const mac = new Uint32Array(2);
  sipHash(macKey, bytes, 31, mac);
  bytes.writeUInt32BE(mac[1] ?? 0, 31);
  bytes.writeUInt32BE(mac[0] ?? 0, 35);
  return bytes.toString('base64url');
}

describe('decode', () => {
  const texts = [
    cursors.encodeRow(41, 437, 'test_042', 'test_041'),
    cursors.encodeRow(0, 1, 'test_001', undefined),
    cursors.encodePosition(-1, 0),
  ];
  const isInvalid = (text: string) => {
    try {
      cursors.decode(text, 'after');
      return false;
    } catch (error) {
      return error instanceof InvalidCursorError && error.argument === 'after';
    }
  };
  const refusesAll = (candidates: readonly string[]) => {
    expect(candidates.filter((text) => !isInvalid(text))).toEqual([]);
  };

  it.each(texts)('refuses %s with any one byte changed', (text) => {
    const bytes = Buffer.from(text, 'base64url');
    const changed = [...bytes.keys()].flatMap((at) =>
      [1, 2, 4, 8, 16, 32, 64, 128, 255].map((bits) => {
        const copy = Buffer.from(bytes);
        copy[at] = (copy[at] ?? 0) ^ bits;
        return copy.toString('base64url');
      }),
    );
    refusesAll(changed);
  });

  it.each(texts)('refuses %s with any one character exchanged for another', (text) => {
    const others = `${BASE64URL}+/= \n.%é😀`;
    const changed = [...text].flatMap((own, at) =>
      [...others]
        .filter((other) => other !== own)
        .map((other) => text.slice(0, at) + other + text.slice(at + 1)),
    );
    refusesAll(changed);
  });

  it.each(texts)('refuses %s cut anywhere, at either end', (text) => {
    refusesAll([...text].flatMap((_, at) => [text.slice(0, at), text.slice(at + 1)]));
  });

  it.each(texts)('refuses %s with anything before or behind it', (text) => {
    const additions = ['A', '=', '==', ' ', '\n', '\t', '\0', '.', 'AAAA', '\ufeff', text];
    refusesAll(additions.flatMap((addition) => [addition + text, text + addition]));
  });

  it('refuses the standard alphabet of base64', () => {
    const signs = Array.from({ length: 200 }, (_, index) => cursors.encodePosition(index, 200)).filter(
      (text) => /[-_]/.test(text),
    );
    expect(signs.length).toBeGreaterThan(20);
    refusesAll(signs.map((text) => text.replaceAll('-', '+').replaceAll('_', '/')));
  });

  it('refuses any other text, of any length', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary', minLength: 52, maxLength: 52 }),
          fc.string({ unit: fc.constantFrom(...BASE64URL), minLength: 52, maxLength: 52 }),
        ),
        (text) => refusesAll([text]),
      ),
    );
  });

  it('names the argument that the cursor came from', () => {
    expect(() => cursors.decode('garbage', 'before')).toThrow(
      'Argument "before" is not a cursor of this gateway. Pass one exactly as it was received.',
    );
  });

  it('refuses a format that it does not know, even one that is signed', () => {
    const bytes = Buffer.from(cursors.encodePosition(5, 10), 'base64url');
    expect(cursors.decode(sign(bytes), 'after')).toMatchObject({ kind: 'position', position: 5 });
    bytes[0] = 0x21;
    refusesAll([sign(bytes)]);
  });

  it.each([
    ['a row', (app: AppCursors) => app.encodeRow(5, 10, 'test_006', 'test_005')],
    ['a position', (app: AppCursors) => app.encodePosition(5, 10)],
  ])("says so when the cursor of %s is another app's", (_, encode) => {
    const apps = ['other', '4luaKsL', '4luaKsL22', '4LUAKSL2', ''];
    for (const appId of apps) {
      expect(() => cursors.decode(encode(codec.forApp(appId)), 'before')).toThrow(foreign);
    }
  });
});

describe('keys that change', () => {
  const encode = (from: CursorCodec) => from.forApp('4luaKsL2').encodeRow(5, 10, 'test_006', 'test_005');
  const both = createCursorCodec([NEW_KEY, KEY]);

  it('signs with the first', () => {
    expect(encode(both)).toBe(encode(createCursorCodec([NEW_KEY])));
    expect(encode(both)).not.toBe(encode(codec));
  });

  it('still reads what an older one has signed, fingerprints too', () => {
    const cursor = decodeRow(encode(codec), both.forApp('4luaKsL2'));
    expect(cursor).toMatchObject({ position: 5, total: 10 });
    expect(cursor.match('test_006')).toBe('row');
    expect(cursor.match('test_005')).toBe('predecessor');
    expect(cursor.match('test_004')).toBe(undefined);
  });

  it("knows another app's cursor of an older one as foreign", () => {
    const text = codec.forApp('other').encodePosition(5, 10);
    expect(() => both.forApp('4luaKsL2').decode(text, 'before')).toThrow(foreign);
  });

  it('refuses what an unknown one has signed', () => {
    expect(() => cursors.decode(encode(both), 'after')).toThrow(invalid);
  });

  it('depends on every byte of a key, however long it is', () => {
    const long = Uint8Array.from({ length: 48 }, (_, index) => index);
    const texts = Array.from(long, (byte, at) => encode(createCursorCodec([long.with(at, byte ^ 1)])));
    expect(new Set([encode(createCursorCodec([long])), ...texts]).size).toBe(49);
  });
});
