import { Agent, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { hashToken } from '../../../src/callers/token.ts';
import { type ServedGateway, type ServedGatewayOptions, serveGateway } from '../../support/served-gateway.ts';

const VENDOR = { ITNIO_API_KEY: 'bDqJFiq9', ITNIO_API_SECRET: '7bz1lzh9' };
const CALLERS = JSON.stringify(
  ['web', 'ops'].map((name) => ({
    name,
    tokenSha256: hashToken(`${name}-token`).toString('hex'),
    scopes: ['phones:read'],
  })),
);
const PHONES = JSON.stringify({ query: '{ app(appId: "4luaKsL2") { phones(first: 1) { totalCount } } }' });

describe('admission', () => {
  let gateway: ServedGateway;
  let clients: AbortController[] = [];
  afterEach(async () => {
    for (const client of clients) client.abort();
    clients = [];
    await gateway.close();
  });

  /** A gateway whose vendor answers nothing. */
  async function serve(variables: ServedGatewayOptions['variables']): Promise<void> {
    gateway = await serveGateway({ variables: { SHUTDOWN_GRACE_MS: '0', ...variables } });
    gateway.sandbox.control.fail({ fault: 'hang', times: 'always' });
  }

  /** Sends so many requests that get no answer, and waits until they are in. */
  async function hold(count: number, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const admitted = () => gateway.requests().length;
    const before = admitted();
    for (let index = 0; index < count; index++) {
      const client = new AbortController();
      clients.push(client);
      void fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: PHONES,
        signal: client.signal,
      }).catch(() => undefined);
    }
    // An equal question shares its call, so that the calls do not count them. One that is asked to wait would be late.
    await gateway.get('/live');
    expect(admitted()).toBe(before);
  }

  it('makes one too many wait 500 ms, and then refuses it', async () => {
    await serve({ MAX_IN_FLIGHT: '2' });
    await hold(2);
    const { status, headers, json } = await gateway.post({ query: '{ __typename }' });
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(json).toEqual({
      errors: [
        {
          message: expect.any(String),
          extensions: {
            code: 'OVERLOADED',
            retryable: true,
            retryAfterMs: 1000,
            requestId: headers.get('x-request-id'),
          },
        },
      ],
    });
    expect(gateway.requests().at(-1)).toMatchObject({ status: 503, codes: { OVERLOADED: 1 } });
    expect(gateway.lines.at(-1)?.level).toBe('warn');
  });

  it('lets one that waits in as soon as a client leaves', async () => {
    await serve({ MAX_IN_FLIGHT: '1' });
    await hold(1);
    const waiting = gateway.post({ query: '{ __typename }' });
    await gateway.get('/live');
    clients[0]?.abort();
    expect(await waiting).toMatchObject({ status: 200, json: { data: { __typename: 'Query' } } });
  });

  it('leaves room for a known caller beside one that takes all it can, and beside anonymous callers', async () => {
    await serve({ ...VENDOR, CALLERS, ANONYMOUS_SCOPES: 'phones:read', MAX_IN_FLIGHT: '8' });
    await hold(6, { authorization: 'Bearer web-token' });
    await hold(1);
    expect((await gateway.post(PHONES, { authorization: 'Bearer web-token' })).status).toBe(503);
    const query = { query: '{ __typename }' };
    expect((await gateway.post(query, { authorization: 'Bearer ops-token' })).status).toBe(200);
    expect((await gateway.post(query)).status).toBe(200);
  });

  it('tells an anonymous caller that it may not ask before anything else', async () => {
    await serve({ ...VENDOR, CALLERS, MAX_IN_FLIGHT: '1' });
    await hold(1, { authorization: 'Bearer web-token' });
    expect((await gateway.post(PHONES)).status).toBe(401);
  });

  it('answers whoever asks for no phones, however many are in flight', async () => {
    await serve({ MAX_IN_FLIGHT: '1' });
    await hold(102);
    expect((await gateway.get('/live')).json).toEqual({ live: true });
    expect((await gateway.get('/ready')).json).toEqual({ ready: true });
    expect((await gateway.get('/graphql', { accept: 'text/html' })).status).toBe(200);
  });

  it('refuses one more than may wait at once, reads its body away and keeps its connection', async () => {
    await serve({ MAX_IN_FLIGHT: '1' });
    await hold(101);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const post = (body: string) =>
      new Promise<{ status: number | undefined; body: unknown; port: number | undefined }>(
        (resolve, reject) => {
          const call = request(
            gateway.url,
            { method: 'POST', agent, headers: { 'content-type': 'application/json' } },
            async (response) => {
              const { localPort } = response.socket;
              try {
                resolve({ status: response.statusCode, body: await json(response), port: localPort });
              } catch (error) {
                reject(error);
              }
            },
          );
          call.once('error', reject);
          // In two pieces, so that it has not come whole when it is refused.
          call.write(body.slice(0, 10));
          setImmediate(() => call.end(body.slice(10)));
        },
      );
    const large = JSON.stringify({ query: '{ __typename }', unknown: 'x'.repeat(60_000) });
    const refused = await post(large);
    expect(refused).toMatchObject({
      status: 503,
      body: { errors: [{ extensions: { code: 'OVERLOADED' } }] },
    });
    for (const client of clients) client.abort();
    let answered = await post(large);
    while (answered.status === 503) answered = await post(large);
    expect(answered).toMatchObject({ status: 200, port: refused.port });
    agent.destroy();
  });

  it('follows the limit when it is replaced', async () => {
    await serve({ MAX_IN_FLIGHT: '1' });
    await hold(1);
    gateway.reconfigure({ MAX_IN_FLIGHT: '2' });
    expect((await gateway.post({ query: '{ __typename }' })).status).toBe(200);
  });

  it('tells anonymous callers behind a trusted proxy apart, and nobody else', async () => {
    await serve({ TRUSTED_PROXIES: '127.0.0.0/8' });
    await gateway.post({ query: '{ __typename }' }, { 'x-forwarded-for': '192.0.2.1' });
    expect(gateway.requests()).toMatchObject([{ clientAddress: '192.0.2.1' }]);
    gateway.reconfigure({ TRUSTED_PROXIES: '10.0.0.0/8' });
    await gateway.post({ query: '{ __typename }' }, { 'x-forwarded-for': '192.0.2.1' });
    expect(gateway.requests().at(-1)).toMatchObject({ clientAddress: '127.0.0.1' });
  });
});
