import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const APP = '4luaKsL2';
const page = (field: string) => ({
  query: `{ app(appId: "${APP}") { phones(first: 3) { nodes { account ${field} } } } }`,
});

describe('a password of rows that are kept', () => {
  let gateway: ServedGateway;
  beforeEach(async () => {
    gateway = await serveGateway({ variables: { PHONES_CACHE_TTL_MS: '60000' } });
    await gateway.post(page('phoneName'));
    gateway.sandbox.calls.reset();
  });
  afterEach(() => gateway.close());

  const vendorPasswords = () =>
    gateway.sandbox.control
      .getPhones(APP)
      .slice(0, 3)
      .map(({ account, password }) => ({ account, password }));

  it('is read again, all of a page by one call', async () => {
    const { json } = await gateway.post(page('password'));
    expect(json.data.app.phones.nodes).toEqual(vendorPasswords());
    expect(gateway.sandbox.calls.total).toBe(1);
    expect(json.extensions.itnio).toMatchObject({ calls: 1, rowsUsed: 3, rowsKept: 3 });
  });

  it('is read again each time it is asked', async () => {
    for (let query = 0; query < 3; query++) await gateway.post(page('password'));
    expect(gateway.sandbox.calls.total).toBe(3);
  });

  it('is the one that the phone has now', async () => {
    const { control } = gateway.sandbox;
    const [phone] = control.change({ appId: APP, remove: { accounts: ['test_001'] } });
    control.change({ appId: APP, insert: [{ ...phone, account: 'test_001', password: 'changed-1' }], at: 0 });
    const { json } = await gateway.post(page('password'));
    expect(json.data.app.phones.nodes[0]).toEqual({ account: 'test_001', password: 'changed-1' });
  });

  it('is on record, like any other', async () => {
    await gateway.post(page('password'));
    expect(gateway.auditRecords).toMatchObject([
      { caller: 'anonymous', appId: APP, accounts: ['test_001', 'test_002', 'test_003'] },
    ]);
  });

  it('is null where the phone has gone meanwhile', async () => {
    gateway.sandbox.control.change({ appId: APP, remove: { accounts: ['test_002'] } });
    const { json } = await gateway.post(page('password'));
    expect(json.errors).toBeUndefined();
    expect(json.data.app.phones.nodes[1]).toEqual({ account: 'test_002', password: null });
  });

  it('costs nothing where nobody asks for it', async () => {
    await gateway.post(page('displayNum'));
    expect(gateway.sandbox.calls.total).toBe(0);
    expect(gateway.auditRecords).toEqual([]);
  });

  it('fails alone where the vendor does', async () => {
    gateway.sandbox.control.fail({ fault: 'status', status: -2 });
    const { json } = await gateway.post(page('password'));
    expect(json.data.app.phones.nodes).toEqual(
      vendorPasswords().map(({ account }) => ({ account, password: null })),
    );
    expect(json.errors).toHaveLength(3);
    expect(json.errors[0]).toMatchObject({
      path: ['app', 'phones', 'nodes', 0, 'password'],
      extensions: { code: 'UPSTREAM_MISCONFIGURED' },
    });
  });

  it('is not asked of the vendor for a caller without the scope', async () => {
    const closed = await serveGateway({
      variables: {
        ITNIO_API_KEY: 'bDqJFiq9',
        ITNIO_API_SECRET: '7bz1lzh9',
        PHONES_CACHE_TTL_MS: '60000',
      },
    });
    await closed.post(page('phoneName'));
    const { json } = await closed.post(page('password'));
    expect(json.errors).toHaveLength(3);
    expect(closed.sandbox.calls.total).toBe(1);
    await closed.close();
  });
});
