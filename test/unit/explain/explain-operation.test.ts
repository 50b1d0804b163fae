import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { type ExplainedRequest, explainOperation } from '../../../src/explain/explain-operation.ts';

const APPS = ['4luaKsL2', 'Empty000'].map((appId) => ({ appId, name: null }));

function explain(request: Partial<ExplainedRequest>, variables: Readonly<Record<string, string>> = {}) {
  const config = parseConfig(variables, () => new Uint8Array());
  // Nobody listens there: a call would fail the query.
  const upstream = {
    baseUrl: 'http://127.0.0.1:9',
    apiKey: new Secret('key'),
    apiSecret: new Secret('secret'),
    apps: APPS,
  };
  return explainOperation({ query: '', variables: {}, ...request }, config, upstream);
}

function repeat(count: number, part: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => part(index)).join(' ');
}

/** @param selection of an app. */
const ofApp = (selection: string) => `{ app(appId: "4luaKsL2") { ${selection} } }`;
/** A document of 8 tokens for each operation. */
const operations = (count: number, last = '') =>
  repeat(count, (index) => `query Q${index} { apps { appId${index === count - 1 ? last : ''} } }`);
const insideEachOther = (leaf: string) =>
  ofApp(
    `phones(first: 66) { nodes { app { phones(first: 4) { nodes { app { phones(first: $size) { nodes { ${leaf} } } } } } } } }`,
  );
/** 2 + 66 * (3 + 4 * (3 + 2 * size)) objects: a page and its phone for each. */
const sized = `query ($size: Int) ${insideEachOther('account').replace(/^{/, '{ other: app(appId: "Empty000") { name }')}`;
const narrow = (leaf: string) => insideEachOther(leaf).replace(/66|4(?=\))|\$size/g, '1');

/** @param bytes of the body that it makes. */
function padded(bytes: number): string {
  const query = '{ apps { appId } }';
  return query + ' '.repeat(bytes - JSON.stringify({ query, variables: {} }).length);
}

describe('a query at a limit of the gateway', () => {
  it.each<[string, Partial<ExplainedRequest>]>([
    ['10,000 tokens', { query: operations(1250), operationName: 'Q0' }],
    ['10 levels', { query: narrow('account') }],
    ['15 aliases', { query: ofApp(repeat(15, (index) => `a${index}: name`)) }],
    ['5 root fields', { query: `{ ${repeat(5, (index) => `a${index}: apps { appId }`)} }` }],
    ['9 directives', { query: ofApp(repeat(9, () => 'name @include(if: true)')) }],
    ['20,000 objects', { query: sized, variables: { size: 36 } }],
    ['a body of 1 MiB', { query: padded(1024 * 1024) }],
  ])('is explained: %s', async (_limit, request) => {
    expect(await explain(request)).toEqual({ plan: expect.any(String), errors: [], anonymousErrors: [] });
  });

  it.each<[string, string, Partial<ExplainedRequest>]>([
    ['10,001 tokens', 'QUERY_TOO_COMPLEX', { query: operations(1250, ' name'), operationName: 'Q0' }],
    ['11 levels', 'QUERY_TOO_DEEP', { query: narrow('app { appId }') }],
    ['16 aliases', 'QUERY_TOO_MANY_ALIASES', { query: ofApp(repeat(16, (index) => `a${index}: name`)) }],
    [
      '6 root fields',
      'QUERY_TOO_MANY_ROOT_FIELDS',
      { query: `{ ${repeat(6, (index) => `a${index}: apps { appId }`)} }` },
    ],
    ['10 directives', 'QUERY_TOO_COMPLEX', { query: ofApp(repeat(10, () => 'name @include(if: true)')) }],
    ['20,528 objects', 'QUERY_TOO_COMPLEX', { query: sized, variables: { size: 37 } }],
    ['a byte over 1 MiB', 'REQUEST_ENTITY_TOO_LARGE', { query: padded(1024 * 1024 + 1) }],
    ['two operations, none named', 'OPERATION_RESOLUTION_FAILURE', { query: operations(2) }],
    ['a name of none', 'OPERATION_RESOLUTION_FAILURE', { query: operations(2), operationName: 'Q2' }],
    ['a variable of another type', 'BAD_USER_INPUT', { query: sized, variables: { size: 'many' } }],
    ['a field that is not there', 'GRAPHQL_VALIDATION_FAILED', { query: '{ telephones }' }],
    ['an empty file', 'BAD_REQUEST', { query: '' }],
  ])('is refused beyond it, without a plan: %s', async (_excess, code, request) => {
    expect(await explain(request)).toEqual({
      plan: undefined,
      errors: [expect.stringContaining(`(${code}`)],
      anonymousErrors: [],
    });
  });
});

describe('what callers without a token are refused', () => {
  const account = {
    ITNIO_API_KEY: 'key',
    ITNIO_API_SECRET: 'secret',
    ITNIO_APPS: '4luaKsL2,Empty000',
    CALLERS: `[{"name": "web", "tokenSha256": "${'0'.repeat(64)}", "scopes": ["phones:read"]}]`,
  };
  const open = { ...account, ANONYMOUS_SCOPES: 'phones:read' };
  const query = { query: operations(125, ' name'), operationName: 'Q0' };

  it('is told beside the plan', async () => {
    expect(await explain(query, open)).toEqual({
      plan: expect.any(String),
      errors: [],
      anonymousErrors: ['The document has too many tokens; up to 1000 are allowed. (QUERY_TOO_COMPLEX)'],
    });
  });

  it.each<[string, Parameters<typeof explain>]>([
    ['within their limits', [{ query: operations(125), operationName: 'Q0' }, open]],
    ['where they get no answer at all', [query, account]],
    ['in the sandbox, where they are trusted', [query]],
  ])('is not told %s', async (_where, request) => {
    expect(await explain(...request)).toMatchObject({ errors: [], anonymousErrors: [] });
  });
});

describe('the apps of a plan', () => {
  it('are those that are served', async () => {
    const { plan } = await explain({ query: '{ apps { phones { totalCount } } }' });
    expect(plan?.match(/^App .*$/gm)).toEqual(['App 4luaKsL2', 'App Empty000']);
  });

  it('are without one that is not: it is null, and costs nothing', async () => {
    const query = '{ app(appId: "Unknown1") { phones { totalCount } phone(account: "a") { account } } }';
    expect(await explain({ query })).toEqual({
      plan: 'No call: what is asked for is known without the vendor, or is of apps that are not served.',
      errors: [],
      anonymousErrors: [],
    });
  });
});
