import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Secret } from '../../../src/domain/secret.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const TOKEN = 'the-token-of-web';
const TOKEN_SHA256 = createHash('sha256').update(TOKEN).digest('hex');
/** As long as one that the server gives: it counts in the length of an answer. */
const REQUEST_ID = '00000000-0000-4000-8000-000000000000';

/** What has to be the same, whichever entry point answers. */
interface Reply {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

const HEADERS = [
  'content-type',
  'content-length',
  'cache-control',
  'www-authenticate',
  'allow',
  'retry-after',
  'vary',
];

/** Names and values, one after the other: a name may come twice. */
type RawHeaders = readonly (readonly [string, string])[];

interface Message {
  readonly method: string;
  readonly path: string;
  readonly headers: RawHeaders;
  readonly body?: string;
}

function send({ origin }: ServedGateway, { method, path, headers, body }: Message): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = request(
      origin + path,
      {
        method,
        headers: [
          ...[...headers, ['host', new URL(origin).host]].flat(),
          ...(body === undefined ? [] : ['content-length', String(Buffer.byteLength(body))]),
        ],
      },
      (response) => {
        void readText(response).then((text) => {
          const kept = HEADERS.map((name) => [name, response.headers[name]]);
          const body = text.replaceAll(String(response.headers['x-request-id']), REQUEST_ID);
          resolve({ status: response.statusCode, headers: Object.fromEntries(kept), body });
        }, reject);
      },
    );
    call.once('error', reject);
    call.end(body);
  });
}

/** Asks Yoga's entry point directly; it has no length, which is a matter of the server. */
async function askYoga({ gateway }: ServedGateway, { method, path, headers, body }: Message): Promise<Reply> {
  const find = (name: string) => headers.find(([other]) => other === name)?.[1];
  const authorization = find('authorization');
  const response = await gateway.fetch(
    new Request(`http://gateway${path}`, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      ...(body === undefined ? {} : { body }),
    }),
    {
      requestId: REQUEST_ID,
      clientRequestId: undefined,
      traceId: undefined,
      clientAddress: '127.0.0.1',
      authorization: authorization === undefined ? undefined : new Secret(authorization),
      accept: find('accept'),
      wantsCost: find('x-itnio-ledger') === '1',
      signal: new AbortController().signal,
      arrivedAt: performance.now(),
    },
  );
  const text = await response.text();
  const kept = HEADERS.map((name) => [name, response.headers.get(name) ?? undefined]);
  const length = { 'content-length': String(Buffer.byteLength(text)) };
  return { status: response.status, headers: { ...Object.fromEntries(kept), ...length }, body: text };
}

const QUERIES = [
  '{ __typename }',
  '{ apps { appId name } }',
  '{ app(appId: "4luaKsL2") { phones(first: 3) { totalCount nodes { account } } } }',
  'query A { __typename } query B { apps { id } }',
  'query A { __typename }',
  '{ app(appId: "4luaKsL2") { phones(first: -1) { totalCount } } }',
  '{ app(appId: "") { id } }',
  'query ($id: ID!) { node(id: $id) { id } }',
  'query ($toString: ID) { apps { id @skip(if: true) } nodes(ids: [$toString]) { id } }',
  `{ apps {${' id'.repeat(990)} } }`,
  '{ nobody }',
  '{ ap }',
  '{',
  `{${' __typename'.repeat(1000)}}`,
  '{ __schema { queryType { name } } }',
  '{ _service { sdl } }',
  'mutation { x }',
  '',
];

const accept = fc.constantFrom(
  undefined,
  'application/json',
  'application/graphql-response+json',
  'application/graphql-response+json;q=0.5, application/json',
  'text/html',
  '*/*',
  '',
);
const authorization = fc.constantFrom(undefined, `Bearer ${TOKEN}`, 'Bearer wrong', 'Basic eDp5', '');
const cost = fc.constantFrom(undefined, '1', '0');
/** What says that a web page may have caused a request, or that none has. */
const origin = fc.constantFrom<RawHeaders[number] | undefined>(
  undefined,
  ['origin', 'https://evil.example'],
  ['sec-fetch-site', 'cross-site'],
  ['sec-fetch-site', 'same-origin'],
  ['user-agent', 'Mozilla/5.0'],
  ['x-apollo-operation-name', 'A'],
);

/** Parameters that can be told by GET and by POST alike. */
const params = fc.record(
  {
    query: fc.oneof(fc.constantFrom(...QUERIES), fc.string({ maxLength: 20 })),
    operationName: fc.constantFrom('', 'A', 'B', 'C', 'toString'),
    variables: fc.oneof(
      fc.constantFrom(null, {}, { id: 'nobody' }, { id: 5 }, { id: null }, [], 'text', 7),
      fc.dictionary(fc.constantFrom('id', 'toString', '__proto__'), fc.jsonValue({ maxDepth: 2 })),
    ),
    extensions: fc.constantFrom(null, {}, { x: 1 }, [], 'text'),
    unknown: fc.constant('x'),
  },
  { requiredKeys: [] },
);

/** One header, or the same twice with two values. */
function header(name: string, ...values: readonly (string | undefined)[]): RawHeaders {
  return values.flatMap((value) => (value === undefined ? [] : [[name, value] as const]));
}

describe.each([
  ['with everything open', { GRAPHIQL: 'off' }],
  ['in production', { NODE_ENV: 'production', ITNIO_API_KEY: 'bDqJFiq9', ITNIO_API_SECRET: '7bz1lzh9' }],
  [
    'with callers',
    {
      GRAPHIQL: 'off',
      CALLERS: JSON.stringify([{ name: 'web', tokenSha256: TOKEN_SHA256, scopes: ['phones:read'] }]),
    },
  ],
])('the two entry points, %s', (_, variables) => {
  let gateway: ServedGateway;
  beforeAll(async () => {
    // What is kept would make the second answer cheaper, and its cost another.
    gateway = await serveGateway({ variables: { ...variables, PHONES_CACHE_TTL_MS: '0' } });
  });
  afterAll(() => gateway.close());

  it('answer the same parameters alike by GET and by POST', async () => {
    await fc.assert(
      fc.asyncProperty(
        params,
        fc.array(accept, { maxLength: 2 }),
        fc.array(authorization, { maxLength: 2 }),
        fc.array(cost, { maxLength: 2 }),
        async (asked, accepts, tokens, costs) => {
          const headers = [
            ...header('accept', ...accepts),
            ...header('authorization', ...tokens),
            ...header('x-itnio-ledger', ...costs),
          ];
          const search = new URLSearchParams();
          for (const [name, value] of Object.entries(asked))
            search.set(
              name,
              typeof value === 'string' && name !== 'variables' && name !== 'extensions'
                ? value
                : JSON.stringify(value),
            );
          const get = await send(gateway, {
            method: 'GET',
            path: `/graphql?${search}`,
            headers: [...headers, ['graphql-require-preflight', '1']],
          });
          const post = await send(gateway, {
            method: 'POST',
            path: '/graphql',
            headers: [...headers, ['content-type', 'application/json']],
            body: JSON.stringify(asked),
          });
          expect(get).toEqual(post);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('answer the same message alike', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('POST', 'POST', 'GET', 'PUT', 'DELETE', 'PATCH'),
        fc.constantFrom(
          'application/json',
          'application/json; charset=utf-8',
          'Application/JSON;charset="UTF-8"',
          'application/graphql+json',
          'application/json; charset=latin1',
          'application/jsonx',
          'application/x-www-form-urlencoded',
          'multipart/form-data; boundary=x',
          'application/graphql',
          'text/plain',
          undefined,
        ),
        fc.constantFrom(undefined, 'identity', 'Identity', 'gzip', 'br', ''),
        accept,
        authorization,
        cost,
        origin,
        fc.oneof(
          params.map((asked) => JSON.stringify(asked)),
          fc.json(),
          fc.constantFrom(
            '',
            '{',
            '[]',
            'null',
            '\uFEFF{"query":"{__typename}"}',
            '{"query":"{__typename}"} x',
          ),
        ),
        fc.constantFrom('?query={__typename}', '?query={__typename}&query={apps{id}}', '?variables={', ''),
        async (method, contentType, contentEncoding, accepted, token, wantsCost, from, body, search) => {
          const message: Message = {
            method,
            path: `/graphql${method === 'POST' ? '' : search}`,
            headers: [
              ...header('accept', accepted),
              ...header('authorization', token),
              ...header('x-itnio-ledger', wantsCost),
              ...header('content-type', contentType),
              ...header('content-encoding', contentEncoding),
              ...(from === undefined ? [] : [from]),
            ],
            ...(method === 'GET' ? {} : { body }),
          };
          expect(await askYoga(gateway, message)).toEqual(await send(gateway, message));
        },
      ),
      { numRuns: 200 },
    );
  });
});
