import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sliceTiedRows } from '../../../src/sandbox/tied-order.ts';
import { servePages } from '../../support/paged-vendor.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';
import { accountsUpTo } from '../../support/vendor-list.ts';

const RECORDS = accountsUpTo(437).map((account) => ({ account }));

/** A vendor that counts phones which it does not show: it takes a page, and leaves them out of it. */
async function serveVendor() {
  const list = {
    /** Phones of one creation time, among which there is no order. */
    batchSize: 1,
    hidden: new Set<string>(),
    /** An account that a page shows in the place of another. */
    shownAs: new Map<string, string>(),
  };
  const pages = await servePages(({ current, size }) => ({
    total: RECORDS.length,
    accounts: sliceTiedRows(RECORDS, list.batchSize, (current - 1) * size, size)
      .filter(({ account }) => !list.hidden.has(account))
      .map(({ account }) => list.shownAs.get(account) ?? account),
  }));
  return { ...pages, list };
}

describe('A list with a page that shows fewer phones than the total says', () => {
  let vendor: Awaited<ReturnType<typeof serveVendor>>;
  let gateway: ServedGateway;

  beforeEach(async () => {
    vendor = await serveVendor();
    gateway = await serveGateway({ variables: { ...vendor.variables, ANONYMOUS_SCOPES: 'phones:read' } });
  });
  afterEach(async () => {
    await gateway.close();
    await vendor.close();
  });

  async function ask(fields: string) {
    vendor.calls.length = 0;
    const { json } = await gateway.post({ query: `{ app(appId: "4luaKsL2") { ${fields} } }` });
    return { app: json.data.app, error: json.errors?.[0].extensions, calls: vendor.calls.length };
  }

  const findPhone = (account: string) => ask(`phone(account: "${account}") { account }`);

  it('is answered in its own order by a call each, where it has no order and cannot be read whole', async () => {
    vendor.list.batchSize = 30;
    // A complete reading shows that it has no order: it is read in account order from then on.
    expect(await findPhone('nobody')).toMatchObject({ app: { phone: null }, error: undefined });
    vendor.list.hidden.add('row-250');
    expect((await ask('phones(first: 20) { nodes { account } }')).error).toBeUndefined();
    for (let request = 0; request < 5; request++) {
      const { app, error, calls } = await ask('phones(first: 20) { asOf nodes { account } }');
      expect({ error, calls, asOf: app.phones.asOf }).toEqual({ error: undefined, calls: 1, asOf: null });
      expect(app.phones.nodes).toHaveLength(20);
    }
  });

  it('is not read again for a minute where it cannot be read whole, and says how long that is', async () => {
    vendor.list.hidden.add('row-250');
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
    vendor.list.hidden.add('row-250');
    for (const account of ['row-3', 'row-249', 'row-251', 'row-436']) {
      const { app, error, calls } = await findPhone(account);
      expect({ account, error, phone: app.phone }).toEqual({ account, error: undefined, phone: { account } });
      expect(calls).toBeLessThanOrEqual(6);
    }
  });

  it.each<[string, () => void]>([
    ['a phone is on no page', () => vendor.list.hidden.add('row-250')],
    [
      'a phone is on no page, and another stands in its place',
      () => vendor.list.shownAs.set('row-250', 'row-1'),
    ],
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
      for (const account of ['row-249', 'row-300']) {
        const found = await findPhone(account);
        expect(found).toMatchObject({ app: { phone: { account } }, error: undefined });
        expect(found.calls).toBeLessThanOrEqual(2);
      }
    },
  );
});
