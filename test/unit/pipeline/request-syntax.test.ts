import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BadRequestError, CsrfPreventedError } from '../../../src/errors/request-errors.ts';
import { assertRequestSyntax } from '../../../src/pipeline/request-syntax.ts';

const LISTED = ['https://app.example.com', 'http://localhost:3000'];
const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0';

function check(method: string, headers: Readonly<Record<string, string>>): void {
  assertRequestSyntax(method, (name) => headers[name], LISTED);
}

describe('assertRequestSyntax', () => {
  it.each<[string, Record<string, string>]>([
    ['curl', { 'user-agent': 'curl/8.5.0', accept: '*/*' }],
    ['a program without a name', {}],
    ['urql on a server', { 'user-agent': 'node', accept: 'application/graphql-response+json' }],
    [
      'urql in a page of its own origin',
      { 'user-agent': CHROME, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' },
    ],
    [
      'urql in a page of a listed origin',
      { 'user-agent': CHROME, 'sec-fetch-site': 'cross-site', origin: 'https://app.example.com' },
    ],
    [
      'Apollo Client with useGETForQueries, over plain http',
      { 'user-agent': CHROME, 'content-type': 'application/json', origin: 'https://unlisted.example' },
    ],
    [
      'Apollo Kotlin',
      {
        'user-agent': 'okhttp/4.12.0',
        accept: 'multipart/mixed;deferSpec=20220824, application/graphql-response+json, application/json',
        'x-apollo-operation-name': 'Phones',
      },
    ],
    [
      'Apollo iOS',
      { 'user-agent': 'Phones/1 CFNetwork/1494.0.7 Darwin/23.4.0', 'x-apollo-operation-name': 'Phones' },
    ],
    ['someone who has typed the address', { 'user-agent': CHROME, 'sec-fetch-site': 'none' }],
    ['a page that shows a token', { 'user-agent': CHROME, origin: 'null', authorization: 'Bearer x' }],
    ['an old proof', { 'user-agent': CHROME, 'apollo-require-preflight': '' }],
    ['another', { 'user-agent': CHROME, 'sec-fetch-site': 'cross-site', 'graphql-require-preflight': '1' }],
  ])('takes a GET of %s', (_, headers) => {
    expect(() => check('GET', headers)).not.toThrow();
  });

  it.each<[string, Record<string, string>]>([
    ['an image in a foreign page', { 'user-agent': CHROME, 'sec-fetch-site': 'cross-site' }],
    ['a page of a neighbour', { 'user-agent': CHROME, 'sec-fetch-site': 'same-site' }],
    ['a browser that says nothing, over plain http', { 'user-agent': CHROME }],
    ['an unlisted origin', { origin: 'https://evil.example' }],
    ['a listed origin in other letters', { origin: 'HTTPS://APP.EXAMPLE.COM' }],
    ['a page without an origin', { origin: 'null' }],
    ['a form', { 'sec-fetch-site': 'cross-site', 'content-type': 'Text/Plain; charset=utf-8' }],
    ['two types in one', { origin: 'https://evil.example', 'content-type': 'text/plain,application/json' }],
    ['a type that is none', { origin: 'https://evil.example', 'content-type': 'text' }],
    ['a password that a browser keeps', { 'sec-fetch-site': 'cross-site', authorization: 'Basic eDp5' }],
  ])('refuses a GET of %s', (_, headers) => {
    expect(() => check('GET', headers)).toThrow(CsrfPreventedError);
  });

  it('refuses any GET that a page of another origin can cause unasked', () => {
    const simple = fc.record(
      {
        accept: fc.string(),
        'accept-language': fc.string(),
        'content-language': fc.string(),
        'content-type': fc.oneof(
          fc
            .tuple(
              fc.constantFrom('text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded'),
              fc.constantFrom('', ';charset=utf-8', ' ; a="application/json"'),
            )
            .map(([type, rest]) => type + rest),
          fc.constantFrom('', ';', 'application'),
        ),
        range: fc.constant('bytes=0-'),
        cookie: fc.string(),
        referer: fc.webUrl(),
      },
      { requiredKeys: [] },
    );
    const fromBrowser = fc.oneof(
      fc.record({ 'user-agent': fc.constant(CHROME) }),
      fc.record({ 'sec-fetch-site': fc.constantFrom('cross-site', 'same-site') }),
      fc.record({
        'sec-fetch-site': fc.constantFrom('cross-site', 'same-site'),
        origin: fc.webUrl({ authoritySettings: {} }),
      }),
      fc.record({ origin: fc.oneof(fc.webUrl(), fc.constant('null')) }),
    );
    fc.assert(
      fc.property(simple, fromBrowser, (sent, said) => {
        expect(() => check('GET', { ...sent, ...said })).toThrow(CsrfPreventedError);
      }),
    );
  });

  it.each(['HEAD', 'PUT', 'DELETE', 'OPTIONS', 'QUERY'])('refuses %s', (method) => {
    expect(() => check(method, { 'content-type': 'application/json' })).toThrow(BadRequestError);
  });

  it.each([
    {},
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/json; charset=latin1' },
    { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  ])('refuses a POST that says %j', (headers) => {
    expect(() => check('POST', headers as Record<string, string>)).toThrow(BadRequestError);
  });
});
