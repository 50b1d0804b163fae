import { afterEach, describe, expect, it } from '@jest/globals';
import { hashToken } from '../../../src/callers/token.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const ACCOUNT = { ITNIO_API_KEY: 'bDqJFiq9', ITNIO_API_SECRET: '7bz1lzh9', PHONES_CACHE_TTL_MS: '0' };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const PAGE =
  'query ($after: String) { app(appId: "4luaKsL2") { phones(first: 1, after: $after) { pageInfo { endCursor } } } }';

function callersOf(...tokens: string[]): string {
  const tokenSha256 = tokens.map((token) => hashToken(token).toString('hex'));
  return JSON.stringify([{ name: 'web', tokenSha256, scopes: ['phones:read'] }]);
}

describe('a gateway whose settings are replaced', () => {
  let gateway: ServedGateway;
  afterEach(() => gateway.close());

  it('knows a new token and no old one, from the next request on', async () => {
    gateway = await serveGateway({ variables: { ...ACCOUNT, CALLERS: callersOf('old') } });
    const query = '{ apps { appId } }';
    expect((await gateway.post({ query }, bearer('old'))).status).toBe(200);

    gateway.reconfigure({ CALLERS: callersOf('old', 'new') });
    expect((await gateway.post({ query }, bearer('old'))).status).toBe(200);
    expect((await gateway.post({ query }, bearer('new'))).status).toBe(200);

    gateway.reconfigure({ CALLERS: callersOf('new') });
    expect((await gateway.post({ query }, bearer('old'))).status).toBe(401);
    expect((await gateway.post({ query }, bearer('new'))).status).toBe(200);
    expect(gateway.sandbox.calls.total).toBe(0);
  });

  it('lets a request end as it began', async () => {
    gateway = await serveGateway({ variables: { ...ACCOUNT, CALLERS: callersOf('old') } });
    gateway.sandbox.control.setQuirks({ latencyMs: 200 });
    const called = new Promise<void>((resolve) => gateway.sandbox.control.onCall(() => resolve()));
    const reply = gateway.post({ query: PAGE }, bearer('old'));
    await called;
    gateway.reconfigure({ CALLERS: callersOf('new'), ITNIO_APPS: 'Large10k' });
    expect((await reply).json.data.app.phones.pageInfo.endCursor).toEqual(expect.any(String));
  });

  it('serves other apps', async () => {
    gateway = await serveGateway({ variables: ACCOUNT });
    gateway.reconfigure({ ITNIO_APPS: 'Large10k=Large' });
    const { json } = await gateway.post({ query: '{ apps { appId name } app(appId: "4luaKsL2") { id } }' });
    expect(json.data).toEqual({ apps: [{ appId: 'Large10k', name: 'Large' }], app: null });
  });

  it('reads cursors by the keys that are left', async () => {
    const [first, second] = ['1'.repeat(32), '2'.repeat(32)];
    gateway = await serveGateway({ variables: { ...ACCOUNT, CURSOR_KEYS: first } });
    const { json } = await gateway.post({ query: PAGE });
    const after = json.data.app.phones.pageInfo.endCursor;
    const findCode = async () =>
      (await gateway.post({ query: PAGE, variables: { after } })).json.errors?.[0].extensions.code;

    gateway.reconfigure({ CURSOR_KEYS: `${second},${first}` });
    expect(await findCode()).toBeUndefined();
    gateway.reconfigure({ CURSOR_KEYS: second });
    expect(await findCode()).toBe('INVALID_CURSOR');
  });

  it('hands out cursors of rows that were read before by the new key', async () => {
    gateway = await serveGateway({ variables: { ...ACCOUNT, CURSOR_KEYS: '1'.repeat(32) } });
    // Often enough that the vendor's answer is known, and what was made of it is kept.
    for (let time = 0; time < 4; time++) await gateway.post({ query: PAGE });
    gateway.reconfigure({ CURSOR_KEYS: '2'.repeat(32) });
    const { json } = await gateway.post({ query: PAGE });
    const variables = { after: json.data.app.phones.pageInfo.endCursor };
    const next = await gateway.post({ query: PAGE, variables });
    expect(next.json.errors).toBeUndefined();
  });

  it('holds the reading of whole lists to the new limit', async () => {
    gateway = await serveGateway({ variables: ACCOUNT });
    gateway.reconfigure({ LIST_MAX_CALLS: '3' });
    const query =
      '{ app(appId: "4luaKsL2") { phones(first: 1, orderBy: { field: ACCOUNT, direction: ASC }) { totalCount } } }';
    const { json } = await gateway.post({ query });
    expect(json.errors).toMatchObject([{ message: expect.stringContaining('up to 3 calls') }]);
  });

  it('holds new requests to the new time', async () => {
    gateway = await serveGateway({ variables: { ...ACCOUNT, REQUEST_TIMEOUT_MS: '60000' } });
    gateway.reconfigure({ REQUEST_TIMEOUT_MS: '500' });
    gateway.sandbox.control.setQuirks({ latencyMs: 60_000 });
    const { json } = await gateway.post({ query: PAGE });
    expect(json.errors).toMatchObject([{ extensions: { code: 'DEADLINE_EXCEEDED' } }]);
  });
});
