import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { type Reply, type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const GOOD = { query: '{ __typename }' };
const PREFLIGHT = { 'graphql-require-preflight': '1' };
const SPEC = { accept: 'application/graphql-response+json' };

/** What comes back first for a text that is sent as it is. */
function sendRaw({ origin }: ServedGateway, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').once('data', (answer: string) => {
      socket.destroy();
      resolve(answer);
    });
    socket.once('error', reject);
  });
}

describe('a request that cannot be answered', () => {
  let gateway: ServedGateway;
  beforeAll(async () => {
    gateway = await serveGateway();
  });
  afterEach(async () => {
    // Whatever was sent: the next request is answered, and the vendor was never asked.
    expect((await gateway.post(GOOD)).json.data).toEqual({ __typename: 'Query' });
    expect(gateway.sandbox.calls.total).toBe(0);
  });
  afterAll(() => gateway.close());

  const nested = (levels: number) =>
    '{ app(appId: "4luaKsL2") '.concat(
      '{ phones { nodes { app '.repeat(levels),
      '{ id }',
      ' } } }'.repeat(levels),
      ' }',
    );

  it.each<[string, number, string, () => Promise<Reply>]>([
    ['a body cut short', 400, 'BAD_REQUEST', () => gateway.post('{"query":"{ __typename')],
    ['an empty body', 400, 'BAD_REQUEST', () => gateway.post('')],
    ['a list of operations', 400, 'BAD_REQUEST', () => gateway.post([GOOD, GOOD])],
    ['a body that is null', 400, 'BAD_REQUEST', () => gateway.post('null')],
    ['variables that are a text', 400, 'BAD_REQUEST', () => gateway.post({ ...GOOD, variables: '{}' })],
    [
      'a body of 1.1 MB',
      413,
      'REQUEST_ENTITY_TOO_LARGE',
      () => gateway.post({ ...GOOD, extensions: { x: 'x'.repeat(1_100_000) } }),
    ],
    [
      'a form',
      415,
      'BAD_REQUEST',
      () => gateway.post('query={__typename}', { 'content-type': 'application/x-www-form-urlencoded' }),
    ],
    ['plain text', 415, 'BAD_REQUEST', () => gateway.post(GOOD, { 'content-type': 'text/plain' })],
    [
      'JSON in another charset',
      415,
      'BAD_REQUEST',
      () => gateway.post(GOOD, { 'content-type': 'application/json; charset=iso-8859-1' }),
    ],
    ['a compressed body', 415, 'BAD_REQUEST', () => gateway.post(GOOD, { 'content-encoding': 'gzip' })],
    [
      'a GET that a foreign page could cause',
      403,
      'CSRF_PREVENTED',
      () => gateway.get('/graphql?query={__typename}', { origin: 'https://evil.example' }),
    ],
    ['a GET without a query', 400, 'BAD_REQUEST', () => gateway.get('/graphql', PREFLIGHT)],
    [
      'a GET with broken variables',
      400,
      'BAD_REQUEST',
      () => gateway.get('/graphql?query={__typename}&variables={', PREFLIGHT),
    ],
    [
      'a GET with a broken query',
      400,
      'GRAPHQL_PARSE_FAILED',
      () => gateway.get('/graphql?query={', { ...PREFLIGHT, ...SPEC }),
    ],
    ['a broken query', 400, 'GRAPHQL_PARSE_FAILED', () => gateway.post({ query: '{ apps {' }, SPEC)],
    ['an unknown field', 400, 'GRAPHQL_VALIDATION_FAILED', () => gateway.post({ query: '{ nobody }' }, SPEC)],
    [
      'a missing variable',
      400,
      'BAD_USER_INPUT',
      () => gateway.post({ query: 'query ($id: ID!) { node(id: $id) { id } }' }, SPEC),
    ],
    [
      'an operation that is not there',
      400,
      'OPERATION_RESOLUTION_FAILURE',
      () => gateway.post({ query: 'query A { __typename }', operationName: 'B' }),
    ],
    [
      'two operations and no name',
      400,
      'OPERATION_RESOLUTION_FAILURE',
      () => gateway.post({ query: 'query A { __typename } query B { __typename }' }),
    ],
    ['15 levels of nesting', 400, 'QUERY_TOO_DEEP', () => gateway.post({ query: nested(5) })],
    [
      '500 levels of nesting by GET',
      400,
      'QUERY_TOO_DEEP',
      () => gateway.get(`/graphql?query=${'{a'.repeat(500)}${'}'.repeat(500)}`, PREFLIGHT),
    ],
    [
      '10,001 tokens',
      400,
      'QUERY_TOO_COMPLEX',
      () => gateway.post({ query: `{${' __typename'.repeat(9_999)}}` }),
    ],
    [
      'windows inside windows, a million rows in all',
      400,
      'QUERY_TOO_COMPLEX',
      () =>
        gateway.post({
          query: `query ($n: Int = 100) { app(appId: "4luaKsL2") { phones(first: $n) { nodes { app {
            phones(first: $n) { nodes { app { phones(first: 100) { nodes { account } } } } } } } } } }`,
        }),
    ],
    [
      'a field 990 times',
      400,
      'QUERY_TOO_COMPLEX',
      () => gateway.post({ query: `{ apps {${' id'.repeat(990)} } }` }),
    ],
    [
      '16 aliases',
      400,
      'QUERY_TOO_MANY_ALIASES',
      () =>
        gateway.post({
          query: `{ apps {${Array.from({ length: 16 }, (_, i) => ` a${i}: name`).join('')} } }`,
        }),
    ],
    [
      '6 root fields',
      400,
      'QUERY_TOO_MANY_ROOT_FIELDS',
      () =>
        gateway.post({
          query:
            '{ a: apps { id } b: apps { id } c: apps { id } d: apps { id } e: apps { id } f: apps { id } }',
        }),
    ],
    [
      '10 directives',
      400,
      'QUERY_TOO_COMPLEX',
      () => gateway.post({ query: `{ apps {${' id @include(if: true)'.repeat(10)} } }` }),
    ],
  ])('gets %s answered with %i and %s', async (_, status, code, send) => {
    const reply = await send();
    expect(reply.status).toBe(status);
    expect(Object.keys(reply.json)).toEqual(['errors']);
    expect(reply.json.errors[0].extensions).toEqual({
      code,
      retryable: false,
      requestId: reply.headers.get('x-request-id'),
    });
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON ;charset="UTF-8"',
    'application/graphql+json; charset=utf8; v=1',
  ])('takes JSON that calls itself %s', async (type) => {
    expect((await gateway.post(GOOD, { 'content-type': type, 'content-encoding': 'identity' })).status).toBe(
      200,
    );
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    'answers %s with 405 and the methods it knows',
    async (method) => {
      const response = await fetch(gateway.url, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
      await response.text();
    },
  );

  describe('for a variable of the wrong kind', () => {
    it.each<[string, string, Record<string, unknown>, string]>([
      [
        'query ($n: Int) { app(appId: "4luaKsL2") { phones(first: $n) { totalCount } } }',
        'a text for a number',
        { n: '20' },
        'Variable "$n" got invalid value "20"; Int cannot represent non-integer value: "20"',
      ],
      [
        'query ($a: String!) { sipPhone(appId: "4luaKsL2", account: $a) { id } }',
        'a number for a text',
        { a: 5 },
        'Variable "$a" got invalid value 5; String cannot represent a non string value: 5',
      ],
      [
        'query ($a: ID!) { app(appId: $a) { id } }',
        'a map for an id',
        { a: {} },
        'Variable "$a" got invalid value {}; ID cannot represent value: {}',
      ],
      [
        'query ($a: [String!]!) { app(appId: "4luaKsL2") { phonesByAccount(accounts: $a) { id } } }',
        'a null in a list',
        { a: ['a', null] },
        'Variable "$a" got invalid value null at "a[1]"; Expected non-nullable type "String!" not to be null.',
      ],
    ])('%s says of %s what is wrong with it', async (query, _, variables, message) => {
      const { status, json } = await gateway.post({ query, variables }, SPEC);
      expect(status).toBe(400);
      expect(json).toMatchObject({ errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] });
      expect(json.data).toBeUndefined();
    });

    it('repeats no more than a piece of a long one', async () => {
      const query = 'query ($n: Int) { app(appId: "4luaKsL2") { phones(first: $n) { totalCount } } }';
      const { text, json } = await gateway.post({ query, variables: { n: 'x'.repeat(60_000) } }, SPEC);
      expect(json.errors[0].extensions.code).toBe('BAD_USER_INPUT');
      expect(json.errors[0].message).toContain('got invalid value "xxx');
      expect(text.length).toBeLessThan(1000);
    });

    it('lists at most 5 errors', async () => {
      const query = 'query ($a: [String!]!) { app(appId: "x") { phonesByAccount(accounts: $a) { id } } }';
      const { status, json } = await gateway.post({ query, variables: { a: Array(80).fill(null) } }, SPEC);
      expect(status).toBe(400);
      expect(json.errors.map((error: { extensions: object }) => error.extensions)).toMatchObject(
        Array(5).fill({ code: 'BAD_USER_INPUT' }),
      );
    });
  });

  it('lists at most 5 validation errors', async () => {
    const { json } = await gateway.post({ query: '{ a b c d e f g h }' });
    expect(json.errors).toHaveLength(5);
  });

  it('answers the standard introspection query, which is 15 levels deep', async () => {
    const query = getIntrospectionQuery({
      specifiedByUrl: true,
      schemaDescription: true,
      directiveIsRepeatable: true,
    });
    expect((await gateway.post({ query })).json.errors).toBeUndefined();
  });

  it('measures a fragment where it is spread', async () => {
    const query = `{ apps { ...A ...A } } fragment A on App {${Array.from({ length: 8 }, (_, i) => ` a${i}: name`).join('')} }`;
    expect((await gateway.post({ query })).json.errors[0].extensions.code).toBe('QUERY_TOO_MANY_ALIASES');
  });

  it('repeats nothing of a body that is not JSON', async () => {
    const reply = await gateway.post('{"password": canary-123}');
    expect(reply.text).not.toContain('canary');
    expect(JSON.stringify(gateway.lines)).not.toContain('canary');
  });

  describe('over the size limit', () => {
    it('is answered before it has arrived, on a connection that ends', async () => {
      const response = await new Promise<{ status: number | undefined; connection: string | undefined }>(
        (resolve, reject) => {
          const call = request(
            gateway.url,
            { method: 'POST', headers: { 'content-type': 'application/json' } },
            (incoming) => {
              incoming.resume();
              resolve({ status: incoming.statusCode, connection: incoming.headers.connection });
            },
          );
          call.once('error', reject);
          // Chunked, and never finished.
          call.write('x'.repeat(1_100_000));
        },
      );
      expect(response).toEqual({ status: 413, connection: 'close' });
    });

    it('is answered although the client goes on sending', async () => {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: 'x'.repeat(5_000_000),
      });
      expect(response.status).toBe(413);
      await response.text();
    });
  });

  it('survives a client that leaves in the middle of its body', async () => {
    const { port } = new URL(gateway.origin);
    const before = gateway.requests().length;
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write(
        'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{"query"',
        () => socket.destroy(),
      ),
    );
    while (gateway.requests().length === before) await new Promise(setImmediate);
    expect(gateway.requests().at(-1)).toMatchObject({
      status: 400,
      codes: { BAD_REQUEST: 1 },
      clientGone: true,
    });
  });

  it('refuses headers over 16 KiB', async () => {
    const { status } = await gateway.get('/live', { 'x-large': 'x'.repeat(17_000) });
    expect(status).toBe(431);
  });

  it('answers a path that is none with 404', async () => {
    expect((await gateway.get('/graphql/health')).status).toBe(404);
    expect((await gateway.get('/health')).status).toBe(404);
  });

  it.each([
    ['GET //evil/graphql', '404'],
    ['GET http://[/graphql', '404'],
    ['OPTIONS *', '404'],
    ['GET http://x/live', '200'],
    ['GET http://x/graphql?query={__typename}', '200'],
  ])('answers the request target of "%s" with %s', async (line, status) => {
    expect((await sendRaw(gateway, `${line} HTTP/1.1\r\nHost: x\r\n\r\n`)).slice(0, 12)).toBe(
      `HTTP/1.1 ${status}`,
    );
  });
});
