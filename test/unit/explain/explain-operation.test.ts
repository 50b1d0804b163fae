import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../../src/config/parse-config.ts';
import type { App } from '../../../src/domain/app.ts';
import { type Caller, SCOPES, type Scope } from '../../../src/domain/caller.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { type ExplainedRequest, explainOperation } from '../../../src/explain/explain-operation.ts';

const APPS = ['4luaKsL2', 'Empty000'].map((appId) => ({ appId, name: null }));

function explain(
  request: Partial<ExplainedRequest>,
  variables: Readonly<Record<string, string>> = {},
  apps: readonly App[] = APPS,
) {
  const config = parseConfig(variables, () => new Uint8Array());
  // Nobody listens there: a call would fail the query.
  const upstream = {
    baseUrl: 'http://127.0.0.1:9',
    apiKey: new Secret('key'),
    apiSecret: new Secret('secret'),
    apps,
  };
  return explainOperation({ query: '', variables: {}, ...request }, config, upstream);
}

const TOO_MANY_TOKENS = {
  message: 'The document has too many tokens; up to 1000 are allowed.',
  code: 'QUERY_TOO_COMPLEX',
};

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
    ['a variable of another type', 'BAD_USER_INPUT', { query: sized, variables: { size: 'many' } }],
    ['a field that is not there', 'GRAPHQL_VALIDATION_FAILED', { query: '{ telephones }' }],
    ['an empty file', 'BAD_REQUEST', { query: '' }],
  ])('is refused beyond it, without a plan: %s', async (_excess, code, request) => {
    expect(await explain(request)).toEqual({
      plan: undefined,
      errors: [expect.objectContaining({ code })],
      anonymousErrors: [],
    });
  });

  it('is refused with its place in the document', async () => {
    const { errors } = await explain({ query: '{ apps {\n  telephone } }' });
    expect(errors).toEqual([
      {
        message: expect.stringContaining('"telephone"'),
        code: 'GRAPHQL_VALIDATION_FAILED',
        place: { line: 2, column: 3 },
      },
    ]);
  });
});

describe('a request that leaves open which operation it means', () => {
  it.each<[string, Partial<ExplainedRequest>, string[]]>([
    ['names none of two', { query: operations(2) }, ['Q0', 'Q1']],
    ['names one that is not there', { query: operations(2), operationName: 'Q2' }, ['Q0', 'Q1']],
    ['has none with a name', { query: '{ apps { appId } } { apps { name } }' }, []],
  ])('gets the names that there are: it %s', async (_, request, operationNames) => {
    expect(await explain(request)).toEqual({
      plan: undefined,
      errors: [{ message: expect.any(String), code: 'OPERATION_RESOLUTION_FAILURE' }],
      operationNames,
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
      anonymousErrors: [TOO_MANY_TOKENS],
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

describe('the calls of one request', () => {
  const served = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ appId: `app${index}`, name: null }));
  const query = '{ apps { phones(first: 1) { nodes { account } } } }';

  it('may be 120', async () => {
    expect(await explain({ query }, {}, served(120))).toMatchObject({ errors: [] });
  });

  it('may not be more: the plan is given with the code of the refusal', async () => {
    expect(await explain({ query }, {}, served(121))).toEqual({
      plan: expect.stringContaining('App app120'),
      errors: [{ message: expect.stringMatching(/the 120 calls/), code: 'QUERY_TOO_COMPLEX' }],
      anonymousErrors: [],
    });
  });
});

describe('a query of one caller', () => {
  const caller = (scopes: readonly Scope[], more: Partial<Caller> = {}): Caller => ({
    name: 'web',
    known: true,
    scopes: new Set(scopes),
    ...more,
  });
  const account = { ITNIO_API_KEY: 'key', ITNIO_API_SECRET: 'secret', ITNIO_APPS: '4luaKsL2,Empty000' };
  const callers = `[{"name": "web", "tokenSha256": "${'0'.repeat(64)}", "scopes": ["phones:read"]}]`;
  const passwords = `query A { ...Names } query B { apps { phones { nodes { ...Secrets } } } }
    fragment Names on Query { apps { phones { nodes { account } } } } fragment Secrets on SipPhone { password }`;

  it.each<[string, Caller]>([
    ['with the scope', caller(['phones:read', 'passwords:read'])],
    ['who is not named', { name: 'explain', scopes: new Set(SCOPES), known: true }],
  ])('%s reads passwords', async (_, who) => {
    const asked = { query: passwords, operationName: 'B', caller: who };
    expect(await explain(asked)).toMatchObject({ errors: [] });
  });

  it('without the scope of passwords is told so, of the operation that selects them', async () => {
    const asked = { query: passwords, caller: caller(['phones:read']) };
    expect(await explain({ ...asked, operationName: 'A' })).toMatchObject({ errors: [] });
    expect(await explain({ ...asked, operationName: 'B' })).toEqual({
      plan: expect.stringContaining('App 4luaKsL2'),
      errors: [{ message: 'This needs the scope "passwords:read".', code: 'FORBIDDEN' }],
      anonymousErrors: [],
    });
  });

  it('who may not read phones gets no plan, and the reason once', async () => {
    expect(await explain({ query: '{ apps { phones { totalCount } } }', caller: caller([]) })).toMatchObject({
      plan: undefined,
      errors: [
        expect.objectContaining({ message: 'This needs the scope "phones:read".', code: 'FORBIDDEN' }),
      ],
    });
  });

  it('has the apps that it sees', async () => {
    const who = caller(['phones:read'], { appIds: new Set(['Empty000']) });
    const { plan } = await explain({ query: '{ apps { phones { totalCount } } }', caller: who });
    expect(plan?.match(/^App .*$/gm)).toEqual(['App Empty000']);
  });

  it('without a token has the smaller limits, or gets no answer', async () => {
    const asked = { query: operations(125, ' name'), operationName: 'Q0', caller: 'anonymous' as const };
    expect(await explain(asked, { ...account, CALLERS: callers, ANONYMOUS_SCOPES: 'phones:read' })).toEqual({
      plan: undefined,
      errors: [TOO_MANY_TOKENS],
      anonymousErrors: [],
    });
    expect(await explain(asked, { ...account, CALLERS: callers })).toEqual({
      plan: undefined,
      errors: [{ message: expect.any(String), code: 'UNAUTHENTICATED' }],
      anonymousErrors: [],
    });
  });
});
