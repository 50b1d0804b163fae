import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hashToken } from '../../../src/callers/token.ts';
import { createConnectProxy } from '../../support/connect-proxy.ts';
import { createIdentityProvider, type IdentityProvider } from '../../support/identity-provider.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const ACCOUNT = {
  ITNIO_API_KEY: 'bDqJFiq9',
  ITNIO_API_SECRET: '7bz1lzh9',
  ITNIO_APPS: '4luaKsL2=Sample,Single01',
  PHONES_CACHE_TTL_MS: '0',
};
const ROUTER = {
  name: 'router',
  tokenSha256: hashToken('router-token').toString('hex'),
  scopes: ['phones:read', 'passwords:read'],
  forwardsUser: true,
};
const PHONE = '{ sipPhone(appId: "4luaKsL2", account: "test_001") { account password } }';
const APPS = '{ apps { appId } }';
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a JWT', () => {
  let provider: IdentityProvider;
  let gateway: ServedGateway;
  beforeEach(async () => {
    provider = await createIdentityProvider();
  });
  afterEach(async () => {
    await gateway.close();
    await provider.close();
  });

  async function serve(variables: Readonly<Record<string, string>> = {}): Promise<void> {
    gateway = await serveGateway({ variables: { ...ACCOUNT, ...provider.variables, ...variables } });
  }
  const ask = (token: string, query = APPS, headers: Readonly<Record<string, string>> = {}) =>
    gateway.post({ query }, { authorization: `Bearer ${token}`, ...headers });

  it('lets its holder do what its scopes say, and names it in log and audit', async () => {
    await serve();
    const token = await provider.issue({ scope: ['passwords:read', 'phones:read', 'other'] });
    const { json } = await ask(token, PHONE);
    expect(json.data.sipPhone).toEqual({ account: 'test_001', password: expect.any(String) });
    expect(gateway.requests()).toMatchObject([{ caller: 'jwt:alice' }]);
    expect(gateway.auditRecords).toMatchObject([{ caller: 'jwt:alice', read: ['test_001'] }]);
    expect(JSON.stringify(gateway.lines)).not.toContain(token);
  });

  it('is taken no more once its issuer is not configured, and others of it go on through a reload', async () => {
    await serve();
    const token = await provider.issue();
    expect((await ask(token)).status).toBe(200);
    gateway.reconfigure({ JWT_AUDIENCE: 'another' });
    expect((await ask(token)).status).toBe(401);
    gateway.reconfigure(provider.variables);
    expect((await ask(token)).status).toBe(200);
    const { fetchCount } = provider;
    provider.isUp = false;
    gateway.reconfigure({ ...provider.variables, MAX_IN_FLIGHT: '50' });
    expect((await ask(await provider.issue({ sub: 'bob' }))).status).toBe(200);
    expect(provider.fetchCount).toBe(fetchCount);
  });

  it('is verified by keys that come through the outbound proxy, whose own answers are taken for no keys', async () => {
    const proxy = await createConnectProxy();
    const { JWT_ISSUER = '', JWT_AUDIENCE = '' } = provider.variables;
    const variables = {
      JWT_ISSUER,
      JWT_AUDIENCE,
      JWT_JWKS_URL: 'https://login.invalid/keys',
      HTTPS_PROXY: proxy.url,
    };
    for (const status of [407, 201]) {
      proxy.answer(status);
      gateway = await serveGateway({ variables: { ...ACCOUNT, ...variables } });
      const reply = await ask(await provider.issue());
      expect([status, reply.status]).toEqual([status, 503]);
      expect(gateway.lines).toContainEqual(
        expect.objectContaining({
          level: 'warn',
          evidence: { fault: `no connection (PROXY_REFUSED_${status})`, hasKeys: false },
        }),
      );
      await gateway.close();
    }
    expect(new Set(proxy.requests.map(({ target }) => target))).toEqual(new Set(['login.invalid:443']));
    await proxy.close();
    gateway = await serveGateway({ variables: { ...ACCOUNT, ...variables, NO_PROXY: 'login.invalid' } });
    expect((await ask(await provider.issue())).status).toBe(503);
    expect(proxy.requests).toHaveLength(2);
  });

  it('needs the scope for each thing', async () => {
    await serve();
    const passwords = await ask(await provider.issue(), PHONE);
    expect(passwords.json.errors).toMatchObject([
      { path: ['sipPhone', 'password'], extensions: { code: 'FORBIDDEN' } },
    ]);
    const phones = await ask(await provider.issue({ scope: 'openid' }), PHONE);
    expect(phones.json.errors).toMatchObject([{ path: ['sipPhone'], extensions: { code: 'FORBIDDEN' } }]);
  });

  it.each<[unknown, string[]]>([
    [['Single01', 'elsewhere'], ['Single01']],
    ['Single01 4luaKsL2', ['4luaKsL2', 'Single01']],
    [null, []],
    [{ Single01: true }, []],
  ])('shows with the apps %j the apps %j', async (apps, visible) => {
    await serve({ JWT_APPS_CLAIM: 'https://example.com/apps' });
    const { json } = await ask(await provider.issue({ 'https://example.com/apps': apps }));
    expect(json.data.apps.map(({ appId }: { appId: string }) => appId)).toEqual(visible);
  });

  it.each<[string, (provider: IdentityProvider) => Promise<string>]>([
    ['that has expired', (from) => from.issue({ exp: Math.floor(Date.now() / 1000) - 60 })],
    ['that does not hold yet', (from) => from.issue({ nbf: Math.floor(Date.now() / 1000) + 60 })],
    ['without an end', (from) => from.issue({ exp: null })],
    ['for another audience', (from) => from.issue({ aud: 'other' })],
    ['for nobody', (from) => from.issue({ aud: null })],
    ['of another issuer', (from) => from.issue({ iss: 'https://login.example.org/' })],
    ['without a holder', (from) => from.issue({ sub: null })],
    ['of a holder without a name', (from) => from.issue({ sub: '' })],
    ['of a key that is not in the set', (from) => from.issue({}, { kid: 'unknown' })],
    [
      'with another text under the signature',
      async (from) => (await from.issue()).replace(/\.[^.]+\./, `.${encode({ sub: 'eve' })}.`),
    ],
    [
      'without a signature',
      async (from) => `${encode({ alg: 'none' })}.${(await from.issue()).split('.')[1]}.`,
    ],
    [
      'signed with what everybody knows',
      async (from) => {
        const jwks = await (await fetch(from.variables['JWT_JWKS_URL'] ?? '')).text();
        const text = `${encode({ alg: 'HS256', kid: 'key-1' })}.${(await from.issue()).split('.')[1]}`;
        return `${text}.${createHmac('sha256', jwks).update(text).digest('base64url')}`;
      },
    ],
    [
      'signed with a secret that stands in the set',
      async (from) => {
        const secret = Buffer.alloc(32, 'shared');
        from.otherKeys = [{ kty: 'oct', kid: 'shared', alg: 'HS256', k: secret.toString('base64url') }];
        const text = `${encode({ alg: 'HS256', kid: 'shared' })}.${(await from.issue()).split('.')[1]}`;
        return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
      },
    ],
    ['that is none', async () => 'a.b.c'],
    ['in two parts', async () => 'a.b'],
  ])('%s is refused, at no vendor call', async (_, issue) => {
    await serve();
    const reply = await ask(await issue(provider), PHONE);
    expect(reply.status).toBe(401);
    expect(reply.json.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(gateway.sandbox.calls.total).toBe(0);
  });

  it('is needed where anonymous callers may not ask, and a wrong one is refused where they may', async () => {
    await serve({ ANONYMOUS_SCOPES: 'phones:read' });
    expect((await gateway.post({ query: APPS })).status).toBe(200);
    expect((await ask('wrong')).status).toBe(401);
    expect((await ask('a.b.c')).status).toBe(401);
    await gateway.close();
    await serve();
    expect((await gateway.post({ query: APPS })).status).toBe(401);
  });

  it('stands beside the tokens of callers, and is verified once a minute', async () => {
    await serve({ CALLERS: JSON.stringify([{ ...ROUTER, name: 'web', forwardsUser: false }]) });
    const token = await provider.issue();
    for (const shown of [token, 'router-token', token, token]) expect((await ask(shown)).status).toBe(200);
    expect(provider.fetchCount).toBe(1);
  });

  it('of a new key fails no request, however many come at once', async () => {
    await serve();
    expect((await ask(await provider.issue())).status).toBe(200);
    const statuses: number[] = [];
    for (let round = 0; round < 3; round++) {
      await provider.rotate();
      const tokens = await Promise.all(
        Array.from({ length: 20 }, (_, n) => provider.issue({ sub: `user-${n}` })),
      );
      statuses.push(...(await Promise.all(tokens.map(async (token) => (await ask(token)).status))));
    }
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(provider.fetchCount).toBe(4);
  });

  it('is verified by the known keys while the provider is away', async () => {
    await serve();
    expect((await ask(await provider.issue())).status).toBe(200);
    provider.isUp = false;
    expect((await ask(await provider.issue({ sub: 'bob' }))).status).toBe(200);
    expect((await ask(await provider.issue({}, { kid: 'unknown' }))).status).toBe(401);
  });

  it('is 503 while no keys could be fetched, and taken as soon as they can', async () => {
    await serve();
    provider.isUp = false;
    const token = await provider.issue();
    const reply = await ask(token);
    expect(reply.status).toBe(503);
    expect(reply.json.errors).toMatchObject([
      { extensions: { code: 'IDENTITY_UNAVAILABLE', retryable: true } },
    ]);
    provider.isUp = true;
    expect((await ask(token)).status).toBe(200);
    expect(gateway.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).toContain(
      'The keys of the identity provider cannot be fetched; those that are known stay.',
    );
  });

  it('is taken by GET as well', async () => {
    await serve();
    const token = await provider.issue();
    const headers = { authorization: `Bearer ${token}`, 'graphql-require-preflight': '1' };
    expect((await gateway.get(`/graphql?query=${encodeURIComponent(APPS)}`, headers)).status).toBe(200);
  });

  describe('of a user whom a router asks for', () => {
    const router = (userToken?: string) =>
      userToken === undefined ? {} : { 'x-itnio-user-token': userToken };
    const serveRouter = (changes: object = {}) =>
      serve({ CALLERS: JSON.stringify([{ ...ROUTER, ...changes }]), JWT_APPS_CLAIM: 'apps' });

    it('may do and see what both may', async () => {
      await serveRouter({ apps: ['4luaKsL2'] });
      const user = await provider.issue({ scope: 'phones:read', apps: ['4luaKsL2', 'Single01'] });
      const { json } = await ask('router-token', `{ apps { appId } ${PHONE.slice(1)}`, router(user));
      expect(json.data.apps).toEqual([{ appId: '4luaKsL2' }]);
      expect(json.errors).toMatchObject([
        { path: ['sipPhone', 'password'], extensions: { code: 'FORBIDDEN' } },
      ]);
      expect(gateway.requests()).toMatchObject([{ caller: 'router', user: 'jwt:alice' }]);
    });

    it('is named beside the router in the audit', async () => {
      await serveRouter();
      const user = await provider.issue({ scope: 'phones:read passwords:read', apps: '4luaKsL2' });
      expect((await ask('router-token', PHONE, router(`Bearer ${user}`))).json.errors).toBeUndefined();
      expect(gateway.auditRecords).toMatchObject([
        { caller: 'router', user: 'jwt:alice', read: ['test_001'] },
      ]);
    });

    it('is needed for phones, but not for the schema', async () => {
      await serveRouter();
      expect((await ask('router-token', PHONE)).json.errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN' } },
      ]);
      expect((await ask('router-token', '{ _service { sdl } }')).json.errors).toBeUndefined();
    });

    it('is refused with the request when it is wrong', async () => {
      await serveRouter();
      const expired = await provider.issue({ exp: 1 });
      for (const token of ['wrong', expired])
        expect((await ask('router-token', APPS, router(token))).status).toBe(401);
      expect(gateway.sandbox.calls.total).toBe(0);
    });

    it('is taken from routers only', async () => {
      await serveRouter({ forwardsUser: false });
      const user = await provider.issue();
      expect((await ask('router-token', APPS, router(user))).status).toBe(401);
      expect((await ask(user, APPS, router(user))).status).toBe(401);
    });
  });
});
