import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sliceTiedRows } from '../../../src/sandbox/tied-order.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const PHONES = Array.from({ length: 437 }, (_, index) => ({ account: `row-${index}` }));

/** A vendor that counts phones which it does not show: it takes a page, and leaves them out of it. */
interface Vendor {
  /** Phones of one creation time, among which there is no order. */
  batchSize: number;
  readonly hidden: Set<string>;
  /** An account that a page shows in the place of another. */
  readonly shownAs: Map<string, string>;
  calls: number;
  readonly server: Server;
}

async function serveVendor(): Promise<Vendor> {
  const vendor: Vendor = {
    batchSize: 1,
    hidden: new Set(),
    shownAs: new Map(),
    calls: 0,
    server: createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const { current, size } = JSON.parse(text);
      vendor.calls++;
      const records = sliceTiedRows(PHONES, vendor.batchSize, (current - 1) * size, size)
        .filter(({ account }) => !vendor.hidden.has(account))
        .map(({ account }) => ({ account: vendor.shownAs.get(account) ?? account }));
      response.setHeader('content-type', 'application/json');
      const data = { total: PHONES.length, size, current, pages: 1, records };
      response.end(JSON.stringify({ status: '0', data }));
    }),
  };
  await new Promise<void>((resolve) => vendor.server.listen(0, '127.0.0.1', resolve));
  return vendor;
}

describe('A list with a page that shows fewer phones than the total says', () => {
  let vendor: Vendor;
  let gateway: ServedGateway;

  beforeEach(async () => {
    vendor = await serveVendor();
    const { port } = vendor.server.address() as AddressInfo;
    gateway = await serveGateway({
      variables: {
        ITNIO_API_KEY: 'bDqJFiq9',
        ITNIO_API_SECRET: '7bz1lzh9',
        ITNIO_BASE_URL: `http://127.0.0.1:${port}`,
        ANONYMOUS_SCOPES: 'phones:read',
        PHONES_CACHE_TTL_MS: '0',
      },
    });
  });
  afterEach(async () => {
    await gateway.close();
    await new Promise((resolve) => vendor.server.close(resolve));
  });

  async function ask(fields: string) {
    vendor.calls = 0;
    const { json } = await gateway.post({ query: `{ app(appId: "4luaKsL2") { ${fields} } }` });
    return { app: json.data.app, error: json.errors?.[0].extensions, calls: vendor.calls };
  }

  const findPhone = (account: string) => ask(`phone(account: "${account}") { account }`);

  it('is answered in its own order by a call each, where it has no order and cannot be read whole', async () => {
    vendor.batchSize = 30;
    // A complete reading shows that it has no order: it is read in account order from then on.
    expect(await findPhone('nobody')).toMatchObject({ app: { phone: null }, error: undefined });
    vendor.hidden.add('row-250');
    expect((await ask('phones(first: 20) { nodes { account } }')).error).toBeUndefined();
    for (let request = 0; request < 5; request++) {
      const { app, error, calls } = await ask('phones(first: 20) { asOf nodes { account } }');
      expect({ error, calls, asOf: app.phones.asOf }).toEqual({ error: undefined, calls: 1, asOf: null });
      expect(app.phones.nodes).toHaveLength(20);
    }
  });

  it('is not read again for a minute where it cannot be read whole, and says how long that is', async () => {
    vendor.hidden.add('row-250');
    const first = await ask('phones(orderBy: {field: ACCOUNT}) { totalCount }');
    expect(first.error).toMatchObject({ code: 'UPSTREAM_INCONSISTENT', retryable: true });
    for (const fields of ['phones(filter: {text: "1"}) { totalCount }', 'groups { name }']) {
      const { error, calls } = await ask(fields);
      expect(calls).toBe(0);
      expect(error).toMatchObject({ code: 'UPSTREAM_INCONSISTENT', retryable: true });
      expect(error.retryAfterMs).toBeGreaterThan(50_000);
      expect(error.retryAfterMs).toBeLessThanOrEqual(60_000);
    }
  });

  it('has every phone found that any page shows, on that page and behind it', async () => {
    vendor.hidden.add('row-250');
    for (const account of ['row-3', 'row-249', 'row-251', 'row-436']) {
      const { app, error, calls } = await findPhone(account);
      expect({ account, error, phone: app.phone }).toEqual({ account, error: undefined, phone: { account } });
      expect(calls).toBeLessThanOrEqual(6);
    }
  });

  it.each<[string, () => void]>([
    ['a phone is on no page', () => vendor.hidden.add('row-250')],
    ['a phone is on no page, and another stands in its place', () => vendor.shownAs.set('row-250', 'row-1')],
  ])(
    'shows of no phone that it does not exist, and is read through for it once a minute, where %s',
    async (_, spoil) => {
      spoil();
      expect((await findPhone('nobody')).error).toMatchObject({ code: 'UPSTREAM_INCONSISTENT' });
      for (let request = 0; request < 5; request++) {
        const { app, error, calls } = await findPhone('nobody');
        expect(app.phone).toBeNull();
        expect(error).toMatchObject({ code: 'UPSTREAM_INCONSISTENT', retryable: true });
        expect(error.retryAfterMs).toBeLessThanOrEqual(60_000);
        expect(calls).toBeLessThanOrEqual(2);
      }
      const found = await findPhone('row-300');
      expect(found).toMatchObject({ app: { phone: { account: 'row-300' } }, error: undefined });
      expect(found.calls).toBeLessThanOrEqual(2);
    },
  );
});
