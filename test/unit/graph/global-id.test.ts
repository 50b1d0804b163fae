import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeGlobalId, encodeGlobalId } from '../../../src/graph/global-id.ts';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom('', ':', '3:a', 'App:1:a'));

describe('a global id', () => {
  it('stays the same from one version to the next', () => {
    expect(encodeGlobalId('4luaKsL2')).toBe('QXBwOjg6NGx1YUtzTDI');
    expect(encodeGlobalId('4luaKsL2', 'test_001')).toBe('U2lwUGhvbmU6ODo0bHVhS3NMMnRlc3RfMDAx');
  });

  it('gives back the app it was made of', () => {
    fc.assert(
      fc.property(text, (appId) => {
        expect(decodeGlobalId(encodeGlobalId(appId))).toEqual({ type: 'App', appId });
      }),
    );
  });

  it('gives back the phone it was made of, whatever characters its account has', () => {
    fc.assert(
      fc.property(text, text, (appId, account) => {
        expect(decodeGlobalId(encodeGlobalId(appId, account))).toEqual({ type: 'SipPhone', appId, account });
      }),
    );
  });

  it('is different for different phones', () => {
    fc.assert(
      fc.property(text, text, text, text, (app1, account1, app2, account2) => {
        fc.pre(app1 !== app2 || account1 !== account2);
        expect(encodeGlobalId(app1, account1)).not.toBe(encodeGlobalId(app2, account2));
      }),
    );
  });

  it('is nobody’s when a character is changed, unless it then is exactly the id of another', () => {
    const id = encodeGlobalId('4luaKsL2', 'test_001');
    fc.assert(
      fc.property(fc.nat(id.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        const changed = id.slice(0, at) + character + id.slice(at + 1);
        const key = decodeGlobalId(changed);
        if (key === undefined) return;
        expect(encodeGlobalId(key.appId, key.type === 'SipPhone' ? key.account : undefined)).toBe(changed);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['nothing', ''],
    ['what is no base64url', 'not an id'],
    ['another type', Buffer.from('User:1:a').toString('base64url')],
    ['another type that ends like ours', Buffer.from('NotApp:1:a').toString('base64url')],
    ['an app id that is cut off', Buffer.from('App:9:short').toString('base64url')],
    ['an app with something after it', Buffer.from('App:1:ab').toString('base64url')],
    ['a length with a leading zero', Buffer.from('App:01:a').toString('base64url')],
    ['a length without end', Buffer.from(`App:${'9'.repeat(400)}:a`).toString('base64url')],
    ['bytes that are no UTF-8', Buffer.from('QXBwOjE6/w', 'base64').toString('base64url')],
    ['padding', `${encodeGlobalId('4luaKsL2')}=`],
    ['base64 instead of base64url', Buffer.from('App:4:a??>').toString('base64')],
  ])('is not made of %s', (_what, id) => {
    expect(decodeGlobalId(id)).toBeUndefined();
  });
});
