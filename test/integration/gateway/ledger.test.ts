import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const CREDENTIALS = { ITNIO_API_KEY: 'bDqJFiq9', ITNIO_API_SECRET: '7bz1lzh9' };
const ASKED = { 'x-itnio-ledger': '1' };
const QUERY = { query: '{ app(appId: "4luaKsL2") { phones(first: 3) { totalCount nodes { account } } } }' };

describe('the ledger in an answer', () => {
  describe('of a vendor account', () => {
    let gateway: ServedGateway;
    beforeAll(async () => {
      gateway = await serveGateway({ variables: { ...CREDENTIALS, PHONES_CACHE_TTL_MS: '0' } });
    });
    afterAll(() => gateway.close());

    it('is there for whoever asks', async () => {
      const { text } = await gateway.post(QUERY, ASKED);
      expect(text).toMatch(
        /"extensions":{"itnio":{"calls":1,"rowsRead":3,"rowsUsed":3,"rowsKept":0,"shared":0,"driftRepairs":0}}}$/,
      );
    });

    it('is there by the other door as well', async () => {
      const { json } = await gateway.get(`/graphql?query=${encodeURIComponent(QUERY.query)}`, {
        ...ASKED,
        'graphql-require-preflight': '1',
      });
      expect(json.extensions.itnio).toMatchObject({ calls: 1, rowsRead: 3, rowsUsed: 3 });
    });

    it('is there beside errors', async () => {
      const query = '{ app(appId: "4luaKsL2") { phones(first: 101) { totalCount } } }';
      const { json } = await gateway.post({ query }, ASKED);
      expect(Object.keys(json)).toEqual(['errors', 'data', 'extensions']);
      expect(json.extensions.itnio.calls).toBe(0);
    });

    it.each([
      ['nobody asked', QUERY, {}],
      ['the header says something else', QUERY, { 'x-itnio-ledger': '0' }],
      ['nothing was executed', { query: '{ nobody }' }, ASKED],
    ])('is not there where %s', async (_, body, headers) => {
      expect((await gateway.post(body, headers as Record<string, string>)).json).not.toHaveProperty(
        'extensions',
      );
    });

    it('may be asked for by pages of another origin', async () => {
      const origin = 'https://app.example.com';
      const open = await serveGateway({ variables: { ...CREDENTIALS, CORS_ORIGINS: origin } });
      const { headers } = await fetch(open.url, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x-itnio-ledger',
        },
      });
      expect(headers.get('access-control-allow-headers')).toContain('x-itnio-ledger');
      await open.close();
    });
  });

  describe('of the sandbox that the process started', () => {
    const appId = fc.constantFrom('4luaKsL2', 'Empty000', 'Single01', 'Full0100', 'Over0101', 'Large10k');
    const account = fc.oneof(
      fc.integer({ min: 1, max: 120 }).map((serial) => ({ serial })),
      fc.constant({ serial: undefined }),
    );
    const field = fc.oneof(
      fc.nat(100).map((size) => `phones(first: ${size}) { nodes { account displayNum } }`),
      fc.nat(100).map((size) => `phones(last: ${size}) { edges { cursor } pageInfo { hasNextPage } }`),
      fc.nat(30).map((size) => `phones(first: ${size}) { nodes { password } }`),
      fc.constant('phones { totalCount }'),
      fc.constant('phones(first: 101) { totalCount }'),
      fc.constant('phones { __typename }'),
      fc.constant('name'),
    );
    const root = fc
      .record({ appId, fields: fc.array(field, { minLength: 1, maxLength: 3 }), account })
      .map(({ appId, fields, account: { serial } }) => {
        // Looking for nobody in 10,000 rows reads them all, which is another test's business.
        const isLookedUp = serial !== undefined || appId !== 'Large10k';
        const name = serial === undefined ? 'nobody' : accountOf(appId, serial);
        const lookUp = isLookedUp ? `one: phone(account: "${name}") { groupName }` : '';
        return `app(appId: "${appId}") { ${fields.map((text, i) => `f${i}: ${text}`).join(' ')} ${lookUp} }`;
      });
    const query = fc
      .array(root, { minLength: 1, maxLength: 3 })
      .map((roots) => `{ ${roots.map((text, i) => `r${i}: ${text}`).join(' ')} }`);

    it.each(['0', '60000'])(
      'has the calls that the vendor has counted, with rows kept for %s ms',
      async (ttl) => {
        const gateway = await serveGateway({ variables: { PHONES_CACHE_TTL_MS: ttl } });
        await fc.assert(
          fc.asyncProperty(query, async (text) => {
            const before = gateway.sandbox.calls.total;
            const { json } = await gateway.post({ query: text });
            const { calls, rowsRead, rowsUsed, rowsKept, shared, driftRepairs } = json.extensions.itnio;
            expect(calls).toBe(gateway.sandbox.calls.total - before);
            expect(rowsRead).toBe(rowsSent(gateway, before));
            expect([shared, driftRepairs]).toEqual([0, 0]);
            expect(rowsKept).toBeLessThanOrEqual(rowsUsed);
            expect(gateway.requests().at(-1)?.['phones']).toEqual(json.extensions.itnio);
          }),
          { numRuns: 100 },
        );
        await gateway.close();
      },
    );
  });

  describe('of equal queries at the same time', () => {
    let gateway: ServedGateway;
    afterEach(() => gateway.close());

    it('counts a call for each, and as shared for all but the one that made it', async () => {
      gateway = await serveGateway();
      gateway.sandbox.control.setQuirks({ latencyMs: 2_000 });
      const replies = await Promise.all(Array.from({ length: 10 }, () => gateway.post(QUERY)));
      const ledgers = replies.map(({ json }) => json.extensions.itnio);
      expect(ledgers.map(({ calls }) => calls)).toEqual(Array(10).fill(1));
      expect(ledgers.map(({ shared }) => shared).sort()).toEqual([0, ...Array(9).fill(1)]);
      expect(gateway.sandbox.calls.total).toBe(1);
    });
  });
});

/** The sandbox names its phones by their serial numbers; only the sample phone's app has a prefix of its own. */
function accountOf(appId: string, serial: number): string {
  const prefix = appId === '4luaKsL2' ? 'test' : appId.toLowerCase();
  return `${prefix}_${String(serial).padStart(3, '0')}`;
}

/** Rows that the sandbox has sent since a call, by its own log. */
function rowsSent({ sandbox }: ServedGateway, before: number): number {
  return sandbox.calls.recent.slice(before).reduce((rows, { appId, current, size }) => {
    const total = sandbox.control.getPhones(appId ?? '').length;
    const lo = ((current ?? 1) - 1) * (size ?? 0);
    return rows + Math.max(0, Math.min(size ?? 0, total - lo));
  }, 0);
}
