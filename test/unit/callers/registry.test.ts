import { describe, expect, it } from '@jest/globals';
import { createCallerRegistry } from '../../../src/callers/registry.ts';
import { createToken, hashToken } from '../../../src/callers/token.ts';
import type { CallerEntry, Scope } from '../../../src/domain/caller.ts';
import { Secret } from '../../../src/domain/secret.ts';

const PHONES: ReadonlySet<Scope> = new Set(['phones:read']);
const web: CallerEntry = { name: 'web', scopes: PHONES, tokens: [{ sha256: hashToken('web-token') }] };
const ops: CallerEntry = {
  name: 'ops',
  scopes: new Set(['passwords:read']),
  tokens: [
    { sha256: hashToken('ops-token'), label: 'old', expiresAt: 1_000 },
    { sha256: hashToken('new-ops-token'), label: 'new' },
  ],
};

describe('createCallerRegistry', () => {
  const find = (header: string | undefined, anonymous?: ReadonlySet<Scope>, entries = [web, ops], now = 0) =>
    createCallerRegistry(entries, anonymous, { epochNow: () => now }).identify(
      header === undefined ? undefined : new Secret(header),
    );
  const identify = (...args: Parameters<typeof find>) => find(...args).name;

  it.each([
    'Bearer web-token',
    'bearer web-token',
    'BEARER   web-token ',
    'token web-token',
    'Token  web-token',
  ])('finds the holder of "%s"', (header) => {
    expect(identify(header)).toBe('web');
  });

  it('finds the holder wherever it stands in the list', () => {
    expect(identify('Bearer ops-token')).toBe('ops');
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'web-token',
    'Basic web-token',
    'token',
    'token wrong',
    'tokens web-token',
    'Bearer wrong',
    'Bearer web-token ops-token',
    'Bearer web-tokeN',
  ])('refuses %p', (header) => {
    expect(() => identify(header)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });

  it('takes an old and a new token for the same caller, and says which was shown', () => {
    expect(find('Bearer ops-token')).toMatchObject({ name: 'ops', tokenLabel: 'old', known: true });
    expect(find('Bearer new-ops-token')).toMatchObject({ name: 'ops', tokenLabel: 'new', known: true });
    expect(find('Bearer web-token')).toEqual({ name: 'web', scopes: PHONES, known: true });
  });

  it('knows no anonymous caller', () => {
    expect(find(undefined, PHONES)).toEqual({ name: 'anonymous', scopes: PHONES });
  });

  it('takes a token until the moment at which it expires, and the other ones after it', () => {
    expect(find('Bearer ops-token', undefined, [web, ops], 999).name).toBe('ops');
    expect(() => find('Bearer ops-token', undefined, [web, ops], 1_000)).toThrow('This token has expired.');
    expect(find('Bearer new-ops-token', undefined, [web, ops], 1_000).name).toBe('ops');
  });

  it('takes no expired token for an anonymous caller', () => {
    expect(() => find('Bearer ops-token', PHONES, [ops], 1_000)).toThrow('This token has expired.');
  });

  describe('with anonymous scopes', () => {
    it('lets a caller without a token in as anonymous', () => {
      expect(identify(undefined, PHONES)).toBe('anonymous');
    });

    it('refuses a wrong token all the same', () => {
      expect(() => identify('Bearer wrong', PHONES)).toThrow(
        expect.objectContaining({ code: 'UNAUTHENTICATED' }),
      );
    });
  });

  it('lets a stray header pass where nobody holds a token', () => {
    expect(identify('Bearer anything', PHONES, [])).toBe('anonymous');
  });
});

describe('createToken', () => {
  const { token, line } = createToken({ name: 'web', scopes: ['phones:read'], apps: ['a'] }, (size) =>
    Buffer.alloc(size, 7),
  );

  it('gives 32 random bytes as text that fits a header', () => {
    expect(token).toBe('BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc');
  });

  it('gives the line that admits its holder, without the token', () => {
    expect(JSON.parse(line)).toEqual({
      name: 'web',
      tokenSha256: hashToken(token).toString('hex'),
      scopes: ['phones:read'],
      apps: ['a'],
    });
    expect(line).not.toContain(token);
  });
});
