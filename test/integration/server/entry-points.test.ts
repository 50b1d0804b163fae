import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const TOKEN_SHA256 = 'c4b43ef5d76b4c6a5c3e7e3a2cba0d1dfd7a3f7d3f9c0a1b2c3d4e5f60718293';

/** Requests that both entry points, by POST with JSON and by GET, must answer alike. */
const REQUESTS: readonly { query: string; operationName?: string; variables?: Record<string, unknown> }[] = [
  { query: '{ __typename }' },
  { query: '{ apps { appId name } }' },
  { query: '{ app(appId: "4luaKsL2") { phones(first: 3) { totalCount nodes { account } } } }' },
  { query: 'query A { __typename } query B { apps { id } }', operationName: 'B' },
  { query: 'query A { __typename } query B { apps { id } }' },
  { query: 'query A { __typename }', operationName: 'C' },
  { query: '{ app(appId: "4luaKsL2") { phones(first: -1) { totalCount } } }' },
  { query: '{ app(appId: "") { id } }' },
  { query: 'query ($id: ID!) { node(id: $id) { id } }', variables: { id: 'nobody' } },
  { query: 'query ($id: ID!) { node(id: $id) { id } }' },
  { query: 'query ($id: ID!) { node(id: $id) { id } }', variables: { id: {} } },
  { query: `{ apps {${' id'.repeat(990)} } }` },
  { query: '{ nobody }' },
  { query: '{ ap }' },
  { query: '{' },
  { query: `{${' __typename'.repeat(1000)}}` },
  { query: '{ __schema { queryType { name } } }' },
  { query: '{ _service { sdl } }' },
  { query: 'mutation { x }' },
];

describe.each([
  ['with everything open', {}],
  ['in production', { NODE_ENV: 'production', ITNIO_API_KEY: 'bDqJFiq9', ITNIO_API_SECRET: '7bz1lzh9' }],
  [
    'closed to anonymous callers',
    { CALLERS: JSON.stringify([{ name: 'web', tokenSha256: TOKEN_SHA256, scopes: ['phones:read'] }]) },
  ],
])('the two entry points, %s', (_, variables) => {
  let gateway: ServedGateway;
  beforeAll(async () => {
    // What is kept would make the second answer cheaper, and its ledger another.
    gateway = await serveGateway({ variables: { ...variables, PHONES_CACHE_TTL_MS: '0' } });
  });
  afterAll(() => gateway.close());

  describe.each(['application/json', 'application/graphql-response+json', 'text/plain'])(
    'asked for %s',
    (accept) => {
      it.each(REQUESTS)('answer $query alike', async ({ query, operationName, variables }) => {
        const parameters = new URLSearchParams({ query });
        if (operationName !== undefined) parameters.set('operationName', operationName);
        if (variables !== undefined) parameters.set('variables', JSON.stringify(variables));
        const headers = { accept, 'x-request-id': 'one-and-the-same', 'x-itnio-ledger': '1' };
        const post = await gateway.post({ query, operationName, variables }, headers);
        const get = await gateway.get(`/graphql?${parameters}`, {
          ...headers,
          'graphql-require-preflight': '1',
        });

        expect([get.status, get.text]).toEqual([post.status, post.text]);
        for (const name of ['content-type', 'x-request-id', 'cache-control', 'www-authenticate'])
          expect([name, get.headers.get(name)]).toEqual([name, post.headers.get(name)]);
      });
    },
  );
});
