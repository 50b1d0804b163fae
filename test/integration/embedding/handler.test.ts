import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type * as Published from '../../../packaging/index.d.ts';
import { hashToken } from '../../../src/callers/token.ts';
import { createHandler, type Handler } from '../../../src/index.ts';
import type { AuditRecord } from '../../../src/output/audit-sink.ts';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';

/** Holds what the package says of itself against what it is. */
const create: typeof Published.createHandler = createHandler;

const URL_OF_SERVER = 'https://api.example.com/voice/graphql';
const CALLERS = JSON.stringify([
  {
    name: 'web',
    tokenSha256: hashToken('web-token').toString('hex'),
    scopes: ['phones:read', 'passwords:read'],
  },
]);

function post(
  query: string,
  headers: Readonly<Record<string, string>> = {},
  body = JSON.stringify({ query }),
): Request {
  return new Request(URL_OF_SERVER, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

/** The type of a Request does not know that a body which streams has to say so. */
function stream(headers: Readonly<Record<string, string>>, body: ReadableStream<Uint8Array>): Request {
  const init = { method: 'POST', headers, body, duplex: 'half' };
  return new Request(URL_OF_SERVER, init);
}

describe('createHandler', () => {
  let sandbox: Sandbox;
  let answer: Handler | undefined;
  beforeEach(async () => {
    sandbox = createSandbox();
    await sandbox.listen();
  });
  afterEach(async () => {
    await answer?.close();
    answer = undefined;
    await sandbox.close();
  });

  const account = () => ({
    ITNIO_BASE_URL: sandbox.baseUrl,
    ITNIO_API_KEY: sandbox.credentials.apiKey,
    ITNIO_API_SECRET: sandbox.credentials.apiSecret,
    ITNIO_APPS: '4luaKsL2',
    CALLERS,
  });
  const bearer = { authorization: 'Bearer web-token' };
  const COUNT = '{ app(appId: "4luaKsL2") { phones { totalCount } } }';

  it('refuses a list of documents that do not fit the schema, before the first request', () => {
    const folder = mkdtempSync(join(tmpdir(), 'handler-'));
    const path = join(folder, 'documents.json');
    writeFileSync(path, '{"a1":"{ fax }"}');
    expect(() => create({ TRUSTED_DOCUMENTS_FILE: path })).toThrow(/document "a1": Cannot query field "fax"/);
    rmSync(folder, { recursive: true });
  });

  it('answers over a sandbox of its own where nothing is configured', async () => {
    answer = createHandler({});
    const response = await answer(post(COUNT));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ data: { app: { phones: { totalCount: 437 } } } });
  });

  it('answers with a vendor account by POST and GET, and asks the vendor for nothing more', async () => {
    answer = createHandler({ ...account(), PASSWORDS: 'off', PHONES_CACHE_TTL_MS: '0' });
    const byPost = await answer(post(COUNT, bearer));
    const byGet = await answer(
      new Request(`${URL_OF_SERVER}?query=${encodeURIComponent(COUNT)}`, { headers: bearer }),
    );
    for (const response of [byPost, byGet])
      expect(await response.json()).toEqual({ data: { app: { phones: { totalCount: 437 } } } });
    expect(sandbox.calls.total).toBe(2);
  });

  it('starts no timer and opens nothing before it is asked', async () => {
    const before = process.getActiveResourcesInfo();
    answer = createHandler({ ...account(), PASSWORDS: 'off' });
    expect(process.getActiveResourcesInfo()).toEqual(before);
    expect(sandbox.calls.total).toBe(0);
  });

  it('writes down who reads passwords before the answer is there', async () => {
    const records: AuditRecord[] = [];
    answer = createHandler(account(), { writeAudit: async (written) => void records.push(...written) });
    const query = '{ sipPhone(appId: "4luaKsL2", account: "test_001") { password } }';
    const response = await answer(post(query, bearer), { clientAddress: '10.0.0.7' });
    expect(await response.json()).toMatchObject({ data: { sipPhone: { password: expect.any(String) } } });
    expect(records).toMatchObject([{ caller: 'web', clientAddress: '10.0.0.7', read: ['test_001'] }]);
  });

  it('wants to know where that is written down', () => {
    expect(() => createHandler(account())).toThrow('PASSWORDS: set it to off, or give writeAudit');
  });

  it('lists the mistakes of its settings', () => {
    expect(() => create({ REQUEST_TIMEOUT_MS: 'soon' })).toThrow(
      'REQUEST_TIMEOUT_MS: expected a whole number',
    );
  });

  it.each<[string, () => Request, number, string]>([
    ['an anonymous caller', () => post(COUNT), 401, 'UNAUTHENTICATED'],
    [
      'another method',
      () => new Request(URL_OF_SERVER, { method: 'PUT', headers: bearer }),
      405,
      'BAD_REQUEST',
    ],
    ['another type', () => post(COUNT, { ...bearer, 'content-type': 'text/plain' }), 415, 'BAD_REQUEST'],
    ['what is no JSON', () => post('', bearer, '{'), 400, 'BAD_REQUEST'],
    [
      'a body that is too large',
      () => post('', bearer, 'x'.repeat(1024 * 1024 + 1)),
      413,
      'REQUEST_ENTITY_TOO_LARGE',
    ],
  ])('refuses %s', async (_, request, status, code) => {
    answer = createHandler({ ...account(), PASSWORDS: 'off' });
    const response = await answer(request());
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(sandbox.calls.total).toBe(0);
  });

  it('reads no more of a body than it takes, and does not wait for the rest', async () => {
    answer = createHandler({ ...account(), PASSWORDS: 'off' });
    let sent = 0;
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
      cancel() {
        isCancelled = true;
        // What the host does with it is no reason to wait.
        return new Promise(() => undefined);
      },
    });
    const headers = { ...bearer, 'content-type': 'application/json' };
    const response = await answer(stream(headers, body));
    expect(response.status).toBe(413);
    expect(isCancelled).toBe(true);
    expect(sent).toBeLessThan(2 * 1024 * 1024);
  });

  it('makes no call for a client that had gone before', async () => {
    answer = createHandler({ ...account(), PASSWORDS: 'off' });
    const url = `${URL_OF_SERVER}?query=${encodeURIComponent(COUNT)}`;
    const response = await answer(new Request(url, { headers: bearer, signal: AbortSignal.abort() }));
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'CLIENT_GONE' } }] });
    expect(sandbox.calls.total).toBe(0);
  });

  it('does not wait for ever for a body', async () => {
    answer = createHandler({ ...account(), PASSWORDS: 'off', REQUEST_TIMEOUT_MS: '500' });
    const headers = { ...bearer, 'content-type': 'application/json' };
    const body = new ReadableStream<Uint8Array>();
    const response = await answer(stream(headers, body));
    expect(response.status).toBe(408);
  });

  it('answers this machine only where an account is configured and no callers are', async () => {
    answer = createHandler({ ...account(), CALLERS: undefined, PASSWORDS: 'off' });
    expect((await answer(post(COUNT))).status).toBe(421);
    const local = new Request('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: COUNT }),
    });
    expect((await answer(local)).status).toBe(200);
  });
});
