import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createToken } from '../../../src/callers/token.ts';
import { parseTokenRequest, type TokenRequest } from '../../../src/callers/token-request.ts';
import { parseCallerList } from '../../../src/config/caller-list.ts';

/** What the command prints for a caller's configuration. */
const printLine = (request: TokenRequest) => createToken(request, (size) => Buffer.alloc(size, 7)).line;

describe('parseTokenRequest', () => {
  it('asks for reading phones where no scope is named', () => {
    expect(parseTokenRequest({ name: 'web' })).toEqual({
      name: 'web',
      scopes: ['phones:read'],
      apps: undefined,
      expiresAt: undefined,
    });
  });

  it('takes each scope and app once, in order', () => {
    const scopes = 'passwords:read, phones:read,passwords:read';
    expect(
      parseTokenRequest({ name: 'ops', scopes, apps: 'b,a,b', 'expires-at': '2027-01-31T00:00:00Z' }),
    ).toEqual({
      name: 'ops',
      scopes: ['passwords:read', 'phones:read'],
      apps: ['b', 'a'],
      expiresAt: '2027-01-31T00:00:00Z',
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ['no name', {}, '--name is missing.'],
    ['an empty name', { name: '' }, '--name must not be empty.'],
    [
      'the name that anonymous callers have',
      { name: 'Anonymous' },
      '--name must not be what callers without a token are called.',
    ],
    ['a long name', { name: 'x'.repeat(129) }, '--name must not be longer than 128 characters.'],
    ['an unknown scope', { name: 'web', scopes: 'phones:write' }, 'There is no scope "phones:write".'],
    ['no scope', { name: 'web', scopes: ',' }, '--scopes names none.'],
    ['no app', { name: 'web', apps: '' }, '--apps names none.'],
    [
      'an app id that cannot be one',
      { name: 'web', apps: `a,${'x'.repeat(129)}` },
      '--apps: an app id must not be longer than 128 characters.',
    ],
    [
      'a date without its zone',
      { name: 'web', 'expires-at': '2027-01-31' },
      '--expires-at: expected a date, a time and a zone, such as 2027-01-31T00:00:00Z.',
    ],
  ])('refuses %s', (_, args, message) => {
    expect(() => parseTokenRequest(args)).toThrow(new TypeError(message));
  });

  it('asks for nothing that the configuration refuses', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom('anonymous', ' ANONYMOUS'),
    );
    fc.assert(
      fc.property(text, text, (name, apps) => {
        let request: TokenRequest;
        try {
          request = parseTokenRequest({ name, apps });
        } catch {
          return;
        }
        expect(parseCallerList(`[${printLine(request)}]`, undefined).faults).toEqual([]);
      }),
    );
  });
});
