import { describe, expect, it } from '@jest/globals';
import { createCallerRegistry } from '../../../src/callers/registry.ts';
import { createToken, hashToken } from '../../../src/callers/token.ts';
import type { CallerEntry, Scope } from '../../../src/domain/caller.ts';
import { Secret } from '../../../src/domain/secret.ts';

const PHONES: ReadonlySet<Scope> = new Set(['phones:read']);
const web: CallerEntry = { name: 'web', scopes: PHONES, tokenSha256: hashToken('web-token') };
const ops: CallerEntry = {
  name: 'ops',
  scopes: new Set(['passwords:read']),
  tokenSha256: hashToken('ops-token'),
};

describe('createCallerRegistry', () => {
  const identify = (header: string | undefined, anonymous?: ReadonlySet<Scope>, entries = [web, ops]) =>
    createCallerRegistry(entries, anonymous).identify(header === undefined ? undefined : new Secret(header))
      .name;

  it.each(['Bearer web-token', 'bearer web-token', 'BEARER   web-token '])(
    'finds the holder of "%s"',
    (header) => {
      expect(identify(header)).toBe('web');
    },
  );

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
    'Bearer wrong',
    'Bearer web-token ops-token',
    'Bearer web-tokeN',
  ])('refuses %p', (header) => {
    expect(() => identify(header)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
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
