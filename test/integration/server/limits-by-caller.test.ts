import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Reply, type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const TOKEN = 'the-token-of-a-router';
const CALLERS = JSON.stringify([
  { name: 'router', tokenSha256: createHash('sha256').update(TOKEN).digest('hex'), scopes: ['phones:read'] },
]);
const VENDOR = { ITNIO_API_KEY: 'bDqJFiq9', ITNIO_API_SECRET: '7bz1lzh9' };
const BEARER = { authorization: `Bearer ${TOKEN}` };

/** A document of so many tokens: what is not a string takes 12. */
const ofTokens = (tokens: number) => `{ nodes(ids: [${'"x"'.repeat(tokens - 12)}]) { id } }`;

/** A body of so many bytes. */
function ofBytes(bytes: number): string {
  const body = JSON.stringify({ query: '{ __typename }', extensions: { x: '' } });
  return body.replace('""', `"${'x'.repeat(bytes - body.length)}"`);
}

const codesOf = ({ json }: Reply) =>
  (json.errors ?? []).map(({ extensions }: { extensions: { code: string } }) => extensions.code);

describe.each<[string, Record<string, string>, Record<string, string>, boolean]>([
  ['a known caller', { ...VENDOR, CALLERS, ANONYMOUS_SCOPES: 'phones:read' }, BEARER, true],
  [
    'an anonymous caller beside known ones',
    { ...VENDOR, CALLERS, ANONYMOUS_SCOPES: 'phones:read' },
    {},
    false,
  ],
  ['an anonymous caller who was let in', { ...VENDOR, ANONYMOUS_SCOPES: 'phones:read' }, {}, false],
  ['anyone on a loopback address without callers', VENDOR, {}, true],
  ['anyone in the sandbox', {}, {}, true],
])('%s', (_, variables, headers, isTrusted) => {
  const tokens = isTrusted ? 10_000 : 1000;
  const bytes = isTrusted ? 1024 * 1024 : 64 * 1024;
  let gateway: ServedGateway;
  beforeAll(async () => {
    gateway = await serveGateway({ variables });
  });
  afterAll(() => gateway.close());

  it(`may send ${tokens} tokens, and no more`, async () => {
    // A list of that length is refused, too, but where it is resolved.
    expect(codesOf(await gateway.post({ query: ofTokens(tokens) }, headers))).toEqual(['BAD_USER_INPUT']);
    expect(codesOf(await gateway.post({ query: ofTokens(tokens + 1) }, headers))).toEqual([
      'QUERY_TOO_COMPLEX',
    ]);
  });

  it(`may send ${bytes} bytes, and no more`, async () => {
    expect((await gateway.post(ofBytes(bytes), headers)).json.data).toEqual({ __typename: 'Query' });
    const { status, json } = await gateway.post(ofBytes(bytes + 1), headers);
    expect([status, json.errors[0].message]).toEqual([413, `A request body may have up to ${bytes} bytes.`]);
  });

  it('may nest 100 brackets, and no more', async () => {
    const nest = (levels: number) => `${'{ a '.repeat(levels)}${'}'.repeat(levels)}`;
    expect((await gateway.post({ query: nest(100) }, headers)).json.errors[0].message).toContain(
      'levels deep',
    );
    expect((await gateway.post({ query: nest(101) }, headers)).json.errors[0].message).toContain('brackets');
  });
});

describe('a document that a known caller has sent', () => {
  it('is still too long for an anonymous one', async () => {
    const gateway = await serveGateway({
      variables: { ...VENDOR, CALLERS, ANONYMOUS_SCOPES: 'phones:read' },
    });
    const query = ofTokens(1001);
    const replies = [await gateway.post({ query }, BEARER), await gateway.post({ query })];
    await gateway.close();
    expect(replies.map(codesOf)).toEqual([['BAD_USER_INPUT'], ['QUERY_TOO_COMPLEX']]);
  });
});

describe('MAX_BODY_BYTES', () => {
  it('bounds the bodies of known callers, and not those of others', async () => {
    const gateway = await serveGateway({
      variables: { ...VENDOR, CALLERS, ANONYMOUS_SCOPES: 'phones:read', MAX_BODY_BYTES: '100000' },
    });
    const replies = [
      await gateway.post(ofBytes(100_000), BEARER),
      await gateway.post(ofBytes(100_001), BEARER),
      await gateway.post(ofBytes(65_537)),
    ];
    await gateway.close();
    expect(replies.map(({ status }) => status)).toEqual([200, 413, 413]);
  });
});

describe('a document that is too large in many ways', () => {
  it('is told of one of them', async () => {
    const gateway = await serveGateway();
    const fields = Array.from({ length: 20 }, (_, index) => `a${index}: apps { id @skip(if: false) }`).join(
      ' ',
    );
    const reply = await gateway.post({
      query: `query A { ${fields} } query B { ${fields} }`,
      operationName: 'A',
    });
    const repeated = await gateway.post({ query: `{${' __typename'.repeat(2000)}}` });
    await gateway.close();
    expect([reply, repeated].map(codesOf)).toEqual([
      ['QUERY_TOO_MANY_ALIASES'],
      ['QUERY_TOO_MANY_ROOT_FIELDS'],
    ]);
  });
});

describe('a router’s document', () => {
  it('may give _entities as many aliases and root fields as it has merged requests', async () => {
    const gateway = await serveGateway();
    const representations = '[{ __typename: "App", appId: "4luaKsL2" }]';
    const fields = Array.from(
      { length: 12 },
      (_, index) =>
        `e${index}: _entities(representations: ${representations}) { ... on App { n${index}: name } }`,
    ).join(' ');
    const { json } = await gateway.post({ query: `{ ${fields} }` });
    await gateway.close();
    expect(json.errors).toBeUndefined();
    expect(Object.keys(json.data)).toHaveLength(12);
  });

  it('is answered for 1,000 phones of one app', async () => {
    const gateway = await serveGateway();
    const list = await gateway.post({
      query: '{ app(appId: "4luaKsL2") { phones(first: 100) { nodes { account } } } }',
    });
    const accounts: string[] = list.json.data.app.phones.nodes.map(
      ({ account }: { account: string }) => account,
    );
    const before = gateway.sandbox.calls.total;
    const { json } = await gateway.post({
      query:
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on SipPhone { account phoneName } } }',
      variables: {
        r: Array.from({ length: 1000 }, (_, index) => ({
          __typename: 'SipPhone',
          appId: '4luaKsL2',
          account: accounts[index % 100],
        })),
      },
    });
    const calls = gateway.sandbox.calls.total - before;
    await gateway.close();
    expect(json.errors).toBeUndefined();
    expect(json.data._entities.map(({ account }: { account: string }) => account).slice(0, 100)).toEqual(
      accounts,
    );
    expect(calls).toBeLessThanOrEqual(20);
  });

  it('has those answered that there is room for, and the others refused at their index', async () => {
    const gateway = await serveGateway();
    const { status, json } = await gateway.post({
      query: `query ($r: [_Any!]!) { _entities(representations: $r) { ... on App { appId phones(first: 99) { nodes { app { phones(first: 50) { totalCount } } } } } } }`,
      variables: { r: Array(5).fill({ __typename: 'App', appId: '4luaKsL2' }) },
    });
    await gateway.close();
    // Each may bring 1 + 99 * (1 + 1 + 1 + 50) objects.
    expect(status).toBe(200);
    expect(json.data._entities.map((entity: object | null) => entity !== null)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(json.errors).toMatchObject([
      { path: ['_entities', 3], extensions: { code: 'QUERY_TOO_MANY_ENTITIES' } },
      { path: ['_entities', 4], extensions: { code: 'QUERY_TOO_MANY_ENTITIES' } },
    ]);
  });
});
