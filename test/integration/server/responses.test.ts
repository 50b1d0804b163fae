import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createExampleTabs, SANDBOX_APP_ID } from '../../../src/http/pages/graphiql-tabs.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const QUERY = { query: 'query Names { apps { name } }' };

describe('the server', () => {
  let gateway: ServedGateway;
  afterEach(() => gateway.close());

  describe('request ids', () => {
    it("are the gateway's own; the client's stands beside it in the log", async () => {
      gateway = await serveGateway();
      for (let request = 0; request < 2; request++) {
        const { headers } = await gateway.post(QUERY, { 'x-request-id': 'from-the-proxy.1' });
        expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
        expect(gateway.requests()[request]).toMatchObject({
          requestId: headers.get('x-request-id'),
          clientRequestId: 'from-the-proxy.1',
        });
      }
      expect(new Set(gateway.requests().map(({ requestId }) => requestId)).size).toBe(2);
    });

    it.each(['x'.repeat(65), 'a b', 'a"b'])('of a client are not noted when they are %p', async (id) => {
      gateway = await serveGateway();
      await gateway.post(QUERY, { 'x-request-id': id });
      expect(gateway.requests()[0]?.['clientRequestId']).toBeUndefined();
    });

    it('stand in every error', async () => {
      gateway = await serveGateway();
      const query = '{ app(appId: "4luaKsL2") { phones(first: -1) { totalCount } } }';
      const { json } = await gateway.post({ query }, { 'x-request-id': 'mine' });
      expect(json.errors[0].extensions).toEqual({
        code: 'BAD_USER_INPUT',
        retryable: false,
        requestId: gateway.requests()[0]?.['requestId'],
        argument: 'first',
      });
    });
  });

  it('writes one line a request: who, what, how long, at which cost', async () => {
    gateway = await serveGateway();
    await gateway.post({ query: 'query One { app(appId: "4luaKsL2") { phones(first: 1) { totalCount } } }' });
    expect(gateway.requests()).toEqual([
      {
        requestId: expect.any(String),
        clientAddress: '127.0.0.1',
        operation: 'One',
        caller: 'anonymous',
        status: 200,
        durationMs: expect.any(Number),
        phones: { calls: 1, rowsRead: 1, rowsUsed: 0, rowsKept: 0, shared: 0, driftRepairs: 0 },
      },
    ]);
  });

  it('counts the codes of what failed in the line', async () => {
    gateway = await serveGateway();
    await gateway.post({
      query:
        '{ app(appId: "4luaKsL2") { a: phones(first: -1) { totalCount } b: phones(first: -1) { totalCount } } }',
    });
    expect(gateway.requests()[0]).toMatchObject({ status: 200, codes: { BAD_USER_INPUT: 2 } });
  });

  describe('/live and /ready', () => {
    it('say yes', async () => {
      gateway = await serveGateway();
      expect([(await gateway.get('/live')).status, (await gateway.get('/ready')).status]).toEqual([200, 200]);
    });

    it('tell how long they are, and to HEAD nothing more', async () => {
      gateway = await serveGateway();
      const { text, headers } = await gateway.get('/live');
      expect([text, headers.get('content-length')]).toEqual(['{"live":true}', '13']);
      const head = await fetch(`${gateway.origin}/live`, { method: 'HEAD' });
      expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '13', '']);
    });

    it('differ while it drains: it lives, and wants no more', async () => {
      gateway = await serveGateway({ config: { shutdownGraceMs: 300 } });
      const drained = gateway.drain();
      const [live, ready, answer] = await Promise.all([
        gateway.get('/live'),
        gateway.get('/ready'),
        gateway.post(QUERY),
      ]);
      expect([live.status, ready.status, answer.status]).toEqual([200, 503, 200]);
      expect(answer.headers.get('connection')).toBe('close');
      await drained;
    });
  });

  it('does not wait for a connection that was only opened in advance', async () => {
    gateway = await serveGateway();
    const socket = connect(Number(new URL(gateway.origin).port), '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    const startedAt = performance.now();
    await gateway.drain();
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  describe('cross-origin requests', () => {
    const origin = 'https://app.example.com';
    const preflight = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,traceparent,x-client-name',
    };

    it('are answered without a word to the browser when no origin is listed', async () => {
      gateway = await serveGateway();
      const { headers } = await gateway.post(QUERY, { origin });
      expect([headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([null, null]);
    });

    it('are readable for a listed origin, and never with cookies', async () => {
      gateway = await serveGateway({ variables: { CORS_ORIGINS: origin } });
      const { headers } = await gateway.post(QUERY, { origin });
      expect([headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([origin, 'Origin']);
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    });

    it('are not readable for any other origin', async () => {
      gateway = await serveGateway({ variables: { CORS_ORIGINS: origin } });
      const { headers } = await gateway.post(QUERY, { origin: 'https://evil.example.com' });
      expect([headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([null, 'Origin']);
    });

    it('are allowed in advance for a listed origin', async () => {
      gateway = await serveGateway({ variables: { CORS_ORIGINS: origin } });
      const response = await fetch(gateway.url, { method: 'OPTIONS', headers: preflight });
      expect(response.status).toBe(204);
      expect(response.headers.get('access-control-allow-origin')).toBe(origin);
      expect(response.headers.get('access-control-allow-headers')).toBe(
        preflight['access-control-request-headers'],
      );
      expect(response.headers.get('vary')).toBe('Origin, Access-Control-Request-Headers');
      expect(gateway.requests()).toEqual([]);
    });

    it('are allowed in advance without further headers where none are asked for', async () => {
      gateway = await serveGateway({ variables: { CORS_ORIGINS: origin } });
      const { 'access-control-request-headers': _, ...plain } = preflight;
      const response = await fetch(gateway.url, { method: 'OPTIONS', headers: plain });
      expect([response.status, response.headers.get('access-control-allow-headers')]).toEqual([204, null]);
    });

    it('are not allowed in advance for any other', async () => {
      gateway = await serveGateway({ variables: { CORS_ORIGINS: 'https://other.example.com' } });
      const response = await fetch(gateway.url, { method: 'OPTIONS', headers: preflight });
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, null]);
      const { errors } = await response.json();
      expect(errors).toMatchObject([
        {
          message: expect.stringContaining('CORS_ORIGINS'),
          extensions: { code: 'CSRF_PREVENTED' },
        },
      ]);
      expect(gateway.requests()).toMatchObject([
        { status: 403, faults: [`origin ${origin}: not in CORS_ORIGINS`] },
      ]);
    });

    it('follow the list when it is replaced', async () => {
      gateway = await serveGateway({ variables: { CORS_ORIGINS: 'https://other.example.com' } });
      gateway.reconfigure({ CORS_ORIGINS: origin });
      const response = await fetch(gateway.url, { method: 'OPTIONS', headers: preflight });
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
      const { status, headers } = await gateway.get('/graphql?query={__typename}', { origin });
      expect([status, headers.get('access-control-allow-origin')]).toEqual([200, origin]);
    });
  });

  describe('GraphiQL', () => {
    const HTML = { accept: 'text/html' };
    const TABS = createExampleTabs({ appId: SANDBOX_APP_ID, passwords: true });

    it('comes whole: nothing of it from another address', async () => {
      gateway = await serveGateway();
      const { status, text, headers } = await gateway.get('/graphql', HTML);
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(text).not.toMatch(/<(?:script|link)[^>]+(?:src|href)="?https?:/);
    });

    it.each(['GET', 'HEAD'])('has a page beside it to look at phones with, for %s /', async (method) => {
      gateway = await serveGateway();
      const { status, headers } = await fetch(`${gateway.origin}/`, { method, redirect: 'manual' });
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    });

    it('can be off where that page is on', async () => {
      gateway = await serveGateway({ variables: { GRAPHIQL: 'off', BROWSE_PAGE: 'on' } });
      expect((await gateway.get('/', HTML)).text).toContain('<div id="root"></div>');
      expect((await gateway.get('/graphql', HTML)).headers.get('content-type')).not.toContain('text/html');
    });

    it('is gone where it is switched off', async () => {
      gateway = await serveGateway({ variables: { GRAPHIQL: 'off' } });
      expect((await gateway.get('/', HTML)).status).toBe(404);
      const { status, json } = await gateway.get('/graphql', HTML);
      expect([status, json.errors[0].extensions.code]).toEqual([400, 'BAD_REQUEST']);
    });

    it.each(TABS.slice(0, -1).map((tab) => [/query (\w+)/.exec(tab.query)?.[1], tab] as const))(
      'has a tab %s that answers without an error',
      async (_, { query, variables }) => {
        gateway = await serveGateway();
        const { json } = await gateway.post({ query, variables });
        expect(json.errors).toBeUndefined();
        expect(Object.values(json.data)).not.toContain(null);
      },
    );

    it('has a tab Failure that shows a code, and the rest of the answer', async () => {
      gateway = await serveGateway();
      const { json } = await gateway.post({ query: TABS.at(-1)?.query });
      expect(json.errors).toMatchObject([
        { path: ['app', 'phones'], extensions: { code: 'BAD_USER_INPUT', argument: 'first' } },
      ]);
      expect(json.data).toMatchObject({ apps: expect.any(Array), app: { phones: null } });
    });
  });

  it('stops asking the vendor for a client that has left', async () => {
    gateway = await serveGateway();
    gateway.sandbox.control.setQuirks({ latencyMs: 5_000 });
    const leaving = new AbortController();
    gateway.sandbox.control.onCall(() => leaving.abort());
    const query = '{ app(appId: "4luaKsL2") { phones(first: 1) { nodes { account } } } }';
    await expect(
      fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
        signal: leaving.signal,
      }),
    ).rejects.toThrow('aborted');
    while (gateway.requests().length === 0) await new Promise(setImmediate);
    expect(gateway.requests()).toMatchObject([
      { clientGone: true, codes: { CLIENT_GONE: 1 }, phones: { calls: 1 } },
    ]);
    expect(gateway.lines.filter(({ level }) => level === 'error')).toEqual([]);
    while (gateway.sandbox.calls.abandoned === 0) await new Promise(setImmediate);
  });

  it('ends a request at its deadline, with what it has by then', async () => {
    gateway = await serveGateway({ variables: { REQUEST_TIMEOUT_MS: '600' } });
    gateway.sandbox.control.setQuirks({ latencyMs: 2_000 });
    const { json } = await gateway.post({
      query: '{ apps { appId } app(appId: "4luaKsL2") { phones(first: 1) { totalCount } } }',
    });
    expect(json.data.app).toEqual({ phones: null });
    expect(json.data.apps).toHaveLength(6);
    expect(json.errors[0].extensions).toMatchObject({
      code: expect.stringMatching(/^(DEADLINE_EXCEEDED|UPSTREAM_TIMEOUT)$/),
      retryable: true,
    });
  });
});
