import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SCOPES } from '../../../src/domain/caller.ts';
import { encodeGlobalId } from '../../../src/graph/global-id.ts';
import { servePages } from '../../support/paged-vendor.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';
import { countTurns } from '../../support/turns.ts';

const APP_ID = '4luaKsL2';
/** Calls that one request may make. */
const CALL_BUDGET = 120;
/** Promises of a request that makes 120 calls are a few thousand, spread over many turns. */
const BUSY_TURN = 20_000;

/** A vendor whose list is said to have any number of rows, and has every row that is asked for. */
async function serveNumbers() {
  const list = {
    total: 0,
    /** Rows that are left out at the end of each page. */
    missing: 0,
  };
  const pages = await servePages(({ current, size }) => {
    const lo = (current - 1) * size;
    const count = Math.max(0, Math.min(size, list.total - lo) - list.missing);
    return { total: list.total, accounts: Array.from({ length: count }, (_, index) => `row-${lo + index}`) };
  });
  return { ...pages, list };
}

const WAYS = {
  first: '{ app(appId: "4luaKsL2") { phones(first: 20) { totalCount nodes { account } } } }',
  last: '{ app(appId: "4luaKsL2") { phones(last: 20) { totalCount nodes { account } } } }',
  'first: 0': '{ app(appId: "4luaKsL2") { phones(first: 0) { totalCount pageInfo { hasNextPage } } } }',
  'page cursors':
    '{ app(appId: "4luaKsL2") { phones(first: 1) { totalCount nodes { account } pageCursors { around { pageNumber } last { pageNumber cursor } } } } }',
  count: '{ app(appId: "4luaKsL2") { phones { totalCount } } }',
  sipPhone: '{ sipPhone(appId: "4luaKsL2", account: "absent") { account } }',
  phone: '{ app(appId: "4luaKsL2") { phone(account: "absent") { account } } }',
  phonesByAccount:
    '{ app(appId: "4luaKsL2") { phonesByAccount(accounts: ["absent", "gone", "never", "nobody"]) { account } } }',
  password: '{ sipPhone(appId: "4luaKsL2", account: "absent") { password } }',
  node: `{ node(id: "${encodeGlobalId(APP_ID, 'absent')}") { id } }`,
  entities:
    '{ _entities(representations: [{ __typename: "SipPhone", appId: "4luaKsL2", account: "absent" }]) { __typename ... on SipPhone { phoneName } } }',
  'a window beside a lookup':
    '{ app(appId: "4luaKsL2") { phones(last: 90) { totalCount nodes { account } } phone(account: "absent") { account } } }',
} as const;

const WINDOWS = ['first', 'last', 'first: 0', 'page cursors', 'count'] as const;
const LOOKUPS = ['sipPhone', 'phone', 'phonesByAccount', 'password', 'node', 'entities'] as const;

describe('Whatever number the vendor gives as its total', () => {
  let vendor: Awaited<ReturnType<typeof serveNumbers>>;
  let gateway: ServedGateway;

  beforeEach(async () => {
    vendor = await serveNumbers();
    gateway = await serveGateway({
      variables: vendor.variables,
      config: { anonymousScopes: new Set(SCOPES) },
    });
  });
  afterEach(async () => {
    await gateway.close();
    await vendor.close();
  });

  const ask = async (query: string) => {
    const { result, busiest } = await countTurns(() => gateway.post({ query }));
    expect(busiest).toBeLessThan(BUSY_TURN);
    expect(vendor.calls.length).toBeLessThanOrEqual(CALL_BUDGET);
    return result.json;
  };

  describe.each([10 ** 8, 2 ** 31 - 1])('such as %d, which GraphQL can show', (total) => {
    it.each(WINDOWS)('answers %s', async (way) => {
      vendor.list.total = total;
      const { data, errors } = await ask(WAYS[way]);
      expect(errors).toBeUndefined();
      expect(data.app.phones.totalCount).toBe(total);
      expect(vendor.calls.length).toBeLessThanOrEqual(3);
    });

    it.each(LOOKUPS)('ends %s with a code, not with work without end', async (way) => {
      vendor.list.total = total;
      const { errors } = await ask(WAYS[way]);
      expect(errors[0].extensions.code).toBe('QUERY_TOO_COMPLEX');
    });

    it('answers the window beside a lookup that cannot be answered', async () => {
      vendor.list.total = total;
      const { data, errors } = await ask(WAYS['a window beside a lookup']);
      expect(data.app.phones.totalCount).toBe(total);
      expect(errors).toMatchObject([{ path: ['app', 'phone'] }]);
    });
  });

  it.each([2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e300])(
    'such as %d, which GraphQL cannot show, every way is UPSTREAM_BAD_RESPONSE',
    async (total) => {
      vendor.list.total = total;
      for (const way of Object.values(WAYS)) {
        vendor.calls.length = 0;
        const { errors } = await ask(way);
        expect(errors[0].extensions.code).toBe('UPSTREAM_BAD_RESPONSE');
        expect(vendor.calls.length).toBeLessThanOrEqual(2);
      }
    },
  );

  it.each([
    [50, 50],
    [1, 1],
    [50, 3],
    [90, 40],
  ])('is not believed against the rows: of %d rows %d are missing', async (total, missing) => {
    vendor.list.total = total;
    vendor.list.missing = missing;
    for (const way of ['first', 'page cursors', 'sipPhone', 'phone', 'node'] as const) {
      vendor.calls.length = 0;
      const { data, errors } = await ask(WAYS[way]);
      expect(errors[0].extensions).toMatchObject({ code: 'UPSTREAM_INCONSISTENT', retryable: true });
      expect(Object.values(data)[0] ?? null).toEqual(
        way === 'sipPhone' || way === 'node' ? null : expect.anything(),
      );
      expect(vendor.calls.length).toBeLessThanOrEqual(2);
    }
  });

  it('is corrected by up to 2 rows that are missing at the end, asked for twice', async () => {
    vendor.list.total = 50;
    vendor.list.missing = 2;
    const { data } = await ask(
      '{ app(appId: "4luaKsL2") { phones(first: 60) { totalCount nodes { account } } } }',
    );
    expect(data.app.phones.totalCount).toBe(48);
    expect(vendor.calls).toHaveLength(2);
  });

  it('blocks nobody: other requests get their turn', async () => {
    vendor.list.total = 10 ** 8;
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await Promise.all(LOOKUPS.map((way) => gateway.post({ query: WAYS[way] })));
    delay.disable();
    // The fault that this test is for blocked it for 21 s; the bar is 100 ms, which acceptance measures on a calm machine.
    expect(delay.max / 1e6).toBeLessThan(2000);
  });
});
