import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { hashToken } from '../../../src/callers/token.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const CALLERS = JSON.stringify([
  { name: 'web', tokenSha256: hashToken('web-token').toString('hex'), scopes: ['phones:read'] },
  {
    name: 'ops',
    tokenSha256: hashToken('ops-token').toString('hex'),
    scopes: ['phones:read', 'passwords:read'],
  },
  {
    name: 'south',
    tokenSha256: hashToken('south-token').toString('hex'),
    scopes: ['phones:read'],
    apps: ['Single01'],
  },
]);
const VENDOR = {
  ITNIO_API_KEY: 'bDqJFiq9',
  ITNIO_API_SECRET: '7bz1lzh9',
  ITNIO_APPS: '4luaKsL2=Sample,Single01',
};
const bearer = (name: string) => ({ authorization: `Bearer ${name}-token` });

const PHONE = '{ sipPhone(appId: "4luaKsL2", account: "test_001") { account password } }';

/** Asks by a name of its own choice, which fetch does not let anyone do. */
function postAs(
  { url }: ServedGateway,
  host: string,
): Promise<{ status: number | undefined; body: unknown }> {
  return new Promise((resolve, reject) => {
    const headers = { host, 'content-type': 'application/json' };
    const call = request(url, { method: 'POST', headers }, async (response) => {
      try {
        resolve({ status: response.statusCode, body: await json(response) });
      } catch (error) {
        reject(error);
      }
    });
    call.once('error', reject);
    call.end(JSON.stringify({ query: PHONE }));
  });
}

describe('callers', () => {
  let gateway: ServedGateway;
  afterEach(() => gateway.close());

  describe('where callers are configured', () => {
    it.each([
      ['no token', {}],
      ['a wrong token', bearer('wrong')],
      ['a token in another scheme', { authorization: 'Basic web-token' }],
    ])('refuses %s with 401, at no cost', async (_, headers) => {
      gateway = await serveGateway({ variables: { ...VENDOR, CALLERS } });
      const reply = await gateway.post({ query: PHONE }, headers as Record<string, string>);
      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toBe('Bearer');
      expect(reply.json.errors[0].extensions.code).toBe('UNAUTHENTICATED');
      expect(gateway.sandbox.calls.total).toBe(0);
    });

    it('tells an anonymous caller nothing about a request, not even that it is broken', async () => {
      gateway = await serveGateway({ variables: { ...VENDOR, CALLERS } });
      const preflight = { 'graphql-require-preflight': '1' };
      const replies = [
        await gateway.post({ query: '{' }),
        await gateway.post('{"query":'),
        await gateway.post({ query: 'x'.repeat(70_000) }),
        await gateway.get('/graphql?query={', preflight),
        await gateway.get('/graphql?query={__typename}&variables={', preflight),
      ];
      expect(replies.map(({ status, json }) => [status, json.errors[0].extensions.code])).toEqual(
        Array(5).fill([401, 'UNAUTHENTICATED']),
      );
    });

    it('lets a caller without the scope have the phone, and FORBIDDEN in the place of its password', async () => {
      gateway = await serveGateway({ variables: { ...VENDOR, CALLERS } });
      const { status, json } = await gateway.post({ query: PHONE }, bearer('web'));
      expect(status).toBe(200);
      expect(json.data).toEqual({ sipPhone: { account: 'test_001', password: null } });
      expect(json.errors).toMatchObject([
        { path: ['sipPhone', 'password'], extensions: { code: 'FORBIDDEN' } },
      ]);
      expect(gateway.auditRecords).toMatchObject([
        { caller: 'web', accounts: ['test_001'], read: [], failed: [], refused: ['test_001'] },
      ]);
    });

    it('shows a caller the apps on its list, and no others', async () => {
      gateway = await serveGateway({ variables: { ...VENDOR, CALLERS } });
      const query =
        '{ apps { appId } app(appId: "4luaKsL2") { id } sipPhone(appId: "4luaKsL2", account: "test_001") { id } }';
      const { json } = await gateway.post({ query }, bearer('south'));
      expect(json).toEqual({ data: { apps: [{ appId: 'Single01' }], app: null, sipPhone: null } });
      expect(gateway.sandbox.calls.total).toBe(0);
    });

    it('lets anonymous callers have what ANONYMOUS_SCOPES says', async () => {
      gateway = await serveGateway({ variables: { ...VENDOR, CALLERS, ANONYMOUS_SCOPES: 'phones:read' } });
      const { json } = await gateway.post({ query: PHONE });
      expect(json.data).toEqual({ sipPhone: { account: 'test_001', password: null } });
    });
  });

  describe('where a vendor account is configured and no callers are', () => {
    it('lets anyone on this machine have phones, and nobody passwords', async () => {
      gateway = await serveGateway({ variables: VENDOR });
      const { json } = await gateway.post({ query: PHONE });
      expect(json.data).toEqual({ sipPhone: { account: 'test_001', password: null } });
    });

    it.each(['localhost', 'LOCALHOST:4000', '127.0.0.1:80', '[::1]', '[::1]:4000'])(
      'answers to the name %s',
      async (host) => {
        gateway = await serveGateway({ variables: VENDOR });
        expect((await postAs(gateway, host)).status).toBe(200);
      },
    );

    it('answers to any name once callers are configured, and then knows those only', async () => {
      gateway = await serveGateway({ variables: VENDOR });
      gateway.reconfigure({ CALLERS });
      expect((await postAs(gateway, 'gateway.example')).status).toBe(401);
    });

    it.each(['evil.example', 'evil.example:4000', 'localhost.evil.example', '127.0.0.1.evil.example'])(
      'refuses the name "%s", which a foreign page may have given to this machine',
      async (host) => {
        gateway = await serveGateway({ variables: VENDOR });
        const { status, body } = await postAs(gateway, host);
        expect(status).toBe(421);
        expect(body).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
        expect(gateway.sandbox.calls.total).toBe(0);
      },
    );
  });

  it('answer to any name where the data is made up', async () => {
    gateway = await serveGateway();
    expect((await postAs(gateway, 'phones.example')).status).toBe(200);
  });

  it.each([
    ['no callers are configured', VENDOR],
    ['callers are configured', { ...VENDOR, CALLERS }],
  ])(
    'answer to names of this machine alone where it lets anonymous callers in and %s',
    async (_, variables) => {
      gateway = await serveGateway({ variables: { ...variables, ANONYMOUS_SCOPES: 'phones:read' } });
      expect((await postAs(gateway, 'phones.example')).status).toBe(421);
      expect((await postAs(gateway, 'localhost')).status).toBe(200);
    },
  );

  it('answer to any name where others can reach the gateway', async () => {
    gateway = await serveGateway({
      variables: { ...VENDOR, ANONYMOUS_SCOPES: 'phones:read' },
      listenAddress: '0.0.0.0',
    });
    expect((await postAs(gateway, 'phones.example')).status).toBe(200);
  });

  describe('reading passwords', () => {
    const query = '{ app(appId: "4luaKsL2") { phones(first: 2) { nodes { account password } } } }';

    it('writes down who read which, and no password, before the answer', async () => {
      gateway = await serveGateway({ variables: { ...VENDOR, CALLERS } });
      const reply = await gateway.post(
        { query },
        {
          ...bearer('ops'),
          'x-request-id': 'mine',
          traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        },
      );
      expect(reply.json.data.app.phones.nodes[0]).toEqual({ account: 'test_001', password: 'LX9FZdF2' });
      expect(gateway.auditRecords).toEqual([
        {
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
          requestId: reply.headers.get('x-request-id'),
          clientRequestId: 'mine',
          trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
          clientAddress: '127.0.0.1',
          caller: 'ops',
          token: undefined,
          appId: '4luaKsL2',
          accounts: ['test_001', 'test_002'],
          read: ['test_001', 'test_002'],
          failed: [],
          refused: [],
        },
      ]);
    });

    it.each([
      ['of a proxy that is believed', '127.0.0.0/8', '192.0.2.7'],
      ['of anybody else', '10.0.0.0/8', '127.0.0.1'],
    ])('writes down for whom a client asks by the word %s', async (_, trusted, clientAddress) => {
      gateway = await serveGateway({ variables: { ...VENDOR, CALLERS, TRUSTED_PROXIES: trusted } });
      const forwarded = { ...bearer('ops'), 'x-forwarded-for': '198.51.100.1, 192.0.2.7' };
      await gateway.post({ query }, forwarded);
      await gateway.post({ query }, { ...forwarded, ...bearer('web') });
      expect(gateway.auditRecords).toMatchObject([
        { caller: 'ops', clientAddress, read: ['test_001', 'test_002'] },
        { caller: 'web', clientAddress, refused: ['test_001', 'test_002'] },
      ]);
    });

    it('fails where that cannot be written, and says no password', async () => {
      const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      const auditSink = { write: () => Promise.reject(full) };
      gateway = await serveGateway({ variables: { ...VENDOR, CALLERS }, auditSink });
      const reply = await gateway.post({ query }, bearer('ops'));
      expect(reply.status).toBe(500);
      expect(reply.json).toEqual({
        errors: [
          {
            message: 'The gateway cannot write down who reads passwords, so it gives none away.',
            extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId: expect.any(String) },
          },
        ],
      });
      expect(gateway.lines.filter(({ message }) => message.includes('audit'))).toEqual([
        {
          level: 'error',
          evidence: { requestId: reply.headers.get('x-request-id'), fault: 'ENOSPC' },
          message: 'The audit record cannot be written, so its answer does not leave.',
        },
      ]);
    });
  });

  describe('in production', () => {
    const variables = { ...VENDOR, CALLERS, NODE_ENV: 'production', ANONYMOUS_SCOPES: 'phones:read' };

    it.each([
      '{ __schema { queryType { name } } }',
      '{ _service { sdl } }',
      '{ __type(name: "App") { name } }',
    ])('show %s to callers with a token only', async (query) => {
      gateway = await serveGateway({ variables });
      const anonymous = await gateway.post({ query });
      expect(anonymous.json.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
      expect(anonymous.json.data).toBeUndefined();
      expect((await gateway.post({ query }, bearer('web'))).json.errors).toBeUndefined();
      // The other way round as well: what is kept of a document is kept for both.
      expect((await gateway.post({ query })).json.data).toBeUndefined();
    });

    it('do not mistake an anonymous caller for one who is called anonymous', async () => {
      const namesake = {
        name: 'anonymous',
        tokens: [{ sha256: hashToken('x') }],
        scopes: new Set(['phones:read'] as const),
      };
      gateway = await serveGateway({ variables, config: { callers: [namesake] } });
      const { json } = await gateway.post({ query: '{ __schema { queryType { name } } }' });
      expect(json.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    });

    it('tell what an answer cost to callers with a token only', async () => {
      gateway = await serveGateway({ variables });
      const query = '{ app(appId: "4luaKsL2") { phones(first: 1) { totalCount } } }';
      const cost = { 'x-itnio-ledger': '1' };
      const known = await gateway.post({ query }, { ...bearer('web'), ...cost });
      const anonymous = await gateway.post({ query }, cost);
      expect(known.json.extensions.itnio.calls).toBe(1);
      expect(anonymous.json.data.app.phones.totalCount).toBe(known.json.data.app.phones.totalCount);
      expect(anonymous.json.extensions).toBeUndefined();
    });

    it('tell names of the schema to callers with a token only', async () => {
      gateway = await serveGateway({ variables });
      const query = '{ ap { id } }';
      const [known, anonymous] = [
        await gateway.post({ query }, bearer('web')),
        await gateway.post({ query }),
      ];
      expect(known.json.errors[0].message).toContain('Did you mean');
      expect(anonymous.json.errors[0].message).toBe('Cannot query field "ap".');
    });
  });
});
