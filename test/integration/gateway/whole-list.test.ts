import { afterEach, describe, expect, it } from '@jest/globals';
import type { SandboxAppContent } from '../../../src/sandbox/apps.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const APP = '4luaKsL2';
const LARGE = 'Large10k';

let gateway: ServedGateway;
afterEach(() => gateway.close());

interface Connection {
  readonly totalCount: number;
  readonly asOf: string | null;
  readonly nodes: readonly { readonly account: string; readonly phoneName: string | null }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const FIELDS =
  'totalCount asOf nodes { account phoneName } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

async function ask(args: string, appId = APP, fields = FIELDS) {
  const { json } = await gateway.post({
    query: `{ app(appId: "${appId}") { phones${args} { ${fields} } } }`,
  });
  return {
    phones: json.data?.app.phones as Connection,
    error: json.errors?.[0],
    calls: json.extensions?.itnio.calls as number,
  };
}

async function serve(variables: Record<string, string> = {}, apps?: readonly SandboxAppContent[]) {
  gateway = await serveGateway({
    variables: { PHONES_CACHE_TTL_MS: '0', ...variables },
    ...(apps === undefined ? {} : { apps }),
  });
}

describe('a list with a filter or an order', () => {
  it('is read whole once, and kept: 5 calls for 437 phones, then none', async () => {
    await serve();
    const first = await ask('(first: 3, orderBy: {field: PHONE_NAME, direction: DESC})');
    expect(first.phones).toMatchObject({
      totalCount: 437,
      nodes: [{ phoneName: 'sip-437' }, { phoneName: 'sip-436' }, { phoneName: 'sip-435' }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    });
    expect(first.calls).toBe(5);
    const second = await ask(
      `(first: 2, after: "${first.phones.pageInfo.endCursor}", orderBy: {field: PHONE_NAME, direction: DESC})`,
    );
    expect(second.phones.nodes.map(({ phoneName }) => phoneName)).toEqual(['sip-434', 'sip-433']);
    expect(second.calls).toBe(0);
    expect(second.phones.asOf).toBe(first.phones.asOf);
    expect(Date.now() - Date.parse(first.phones.asOf ?? '')).toBeLessThan(60_000);
    expect(gateway.sandbox.calls.total).toBe(5);
  });

  it('takes at most 114 calls for 10,000 phones', async () => {
    await serve();
    const { phones, calls } = await ask('(filter: {phoneName: {equals: "SIP-777"}})', LARGE);
    expect(phones).toMatchObject({ totalCount: 1, nodes: [{ account: 'large10k_777' }] });
    expect(calls).toBeLessThanOrEqual(114);
  });

  it('has matches alone in its count, pages and groups', async () => {
    await serve();
    const { phones } = await ask('(first: 100, filter: {groupName: {equals: "SALES"}})');
    const { json } = await gateway.post({
      query: `{ app(appId: "${APP}") { groups { name phoneCount } } }`,
    });
    const groups: { name: string; phoneCount: number }[] = json.data.app.groups;
    expect(groups.find(({ name }) => name === 'sales')?.phoneCount).toBe(phones.totalCount);
    expect(groups.map(({ name }) => name)).toEqual([
      'back office',
      'reception',
      'sales',
      'sipGroup',
      'support',
      'warehouse',
    ]);
    expect(groups.reduce((sum, { phoneCount }) => sum + phoneCount, 0)).toBe(437);
    expect(json.extensions.itnio.calls).toBe(0);
  });

  it('answers a hundred requests at once by one census', async () => {
    await serve();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => ask(`(first: 1, filter: {text: "${index}"})`)),
    );
    expect(answers.every(({ error }) => error === undefined)).toBe(true);
    expect(gateway.sandbox.calls.total).toBe(5);
    expect(answers.map(({ calls }) => calls).reduce((sum, calls) => sum + calls)).toBe(5);
  });

  it('serves aliases, groups and a lookup of one request from one reading, and the vendor’s order beside it', async () => {
    await serve();
    const { json } = await gateway.post({
      query: `{ app(appId: "${APP}") {
        a: phones(first: 1, filter: {text: "1"}) { totalCount }
        b: phones(last: 1, orderBy: {field: ACCOUNT}) { nodes { account } }
        groups(first: 1) { name }
        vendors: phones(first: 2) { nodes { account } }
      } }`,
    });
    expect(json.data.app).toMatchObject({
      b: { nodes: [{ account: 'test_437' }] },
      groups: [{ name: 'back office' }],
      vendors: { nodes: [{ account: 'test_001' }, { account: 'test_002' }] },
    });
    expect(gateway.sandbox.calls.total).toBeLessThanOrEqual(6);
  });

  it('is read for each request where none is kept', async () => {
    await serve({ PHONES_LIST_TTL_MS: '0' });
    await ask('(orderBy: {field: ACCOUNT})');
    expect((await ask('(orderBy: {field: ACCOUNT})')).calls).toBe(5);
  });

  it('is refused where it is longer than the budget, in words that say what to do', async () => {
    await serve({ LIST_MAX_CALLS: '4' });
    const { error, phones } = await ask('(filter: {text: "a"})');
    expect(phones).toBeNull();
    expect(error.extensions).toMatchObject({ code: 'QUERY_TOO_COMPLEX', retryable: false });
    expect(error.message).toMatch(/437 phones.*4 calls.*LIST_MAX_CALLS/);
    await ask('(filter: {text: "b"})');
    expect(gateway.sandbox.calls.total).toBe(1);
  });

  it('says how far it has come where its time is up, and goes on from there', async () => {
    await serve({ REQUEST_TIMEOUT_MS: '3000' });
    gateway.sandbox.control.setQuirks({ latencyMs: 800 });
    const first = await ask('(filter: {text: "a"})', LARGE);
    expect(first.error.extensions).toMatchObject({ code: 'DEADLINE_EXCEEDED', retryable: true });
    expect(first.error.message).toMatch(/\d+ of 114 pages/);
    gateway.sandbox.control.setQuirks({ latencyMs: 0 });
    let tries = 1;
    while ((await ask('(first: 1, filter: {text: "777"})', LARGE)).error !== undefined && tries < 40) tries++;
    expect(tries).toBeLessThan(40);
    // A try that is out of time gives up what is under way, at most eight calls.
    expect(gateway.sandbox.calls.total).toBeLessThanOrEqual(114 + 8 * tries);
  });
});

describe('arguments of a list that cannot be right', () => {
  it.each([
    ['(filter: {account: {in: []}})', 'filter.account.in', 'BAD_USER_INPUT'],
    [`(filter: {text: "${'x'.repeat(8193)}"})`, 'filter.text', 'BAD_USER_INPUT'],
    ['(first: 101, orderBy: {field: ACCOUNT})', 'first', 'BAD_USER_INPUT'],
    ['(after: "nonsense", orderBy: {field: ACCOUNT})', 'after', 'INVALID_CURSOR'],
  ])('%s is refused, named, and costs nothing', async (args, argument, code) => {
    await serve();
    const { error } = await ask(args);
    expect(error.extensions).toMatchObject({ code, argument, retryable: false });
    expect(gateway.sandbox.calls.total).toBe(0);
  });

  it.each([
    ['(orderBy: {field: SIZE})', 'GRAPHQL_VALIDATION_FAILED'],
    ['(orderBy: {})', 'GRAPHQL_VALIDATION_FAILED'],
    ['(filter: {password: {equals: "a"}})', 'GRAPHQL_VALIDATION_FAILED'],
  ])('%s is no query at all', async (args, code) => {
    await serve();
    expect((await ask(args)).error.extensions.code).toBe(code);
    expect(gateway.sandbox.calls.total).toBe(0);
  });

  it('refuses a cursor of another order, filter or app, and one of the vendor’s order', async () => {
    await serve();
    const order = 'orderBy: {field: PHONE_NAME}';
    const own = (await ask(`(first: 1, ${order})`)).phones.pageInfo.endCursor;
    const vendors = (await ask('(first: 1)')).phones.pageInfo.endCursor;
    const before = gateway.sandbox.calls.total;
    for (const [args, appId] of [
      [`(after: "${own}", orderBy: {field: PHONE_NAME, direction: DESC})`, APP],
      [`(after: "${own}", orderBy: {field: ACCOUNT})`, APP],
      [`(after: "${own}", ${order}, filter: {text: "a"})`, APP],
      [`(after: "${own}")`, APP],
      [`(after: "${own}", ${order})`, LARGE],
      [`(after: "${vendors}", ${order})`, APP],
    ] as const) {
      const { error } = await ask(args, appId);
      expect([args, error.extensions.code]).toEqual([args, 'FOREIGN_CURSOR']);
    }
    expect(gateway.sandbox.calls.total).toBe(before);
  });

  it.each([-1, 1001])('refuses %i groups', async (first) => {
    await serve();
    const { json } = await gateway.post({
      query: `query($n: Int!) { app(appId: "${APP}") { groups(first: $n) { name } } }`,
      variables: { n: first },
    });
    expect(json.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'first' });
    expect(gateway.sandbox.calls.total).toBe(0);
  });
});

describe('a list in the vendor’s order', () => {
  it.each(['(filter: null, orderBy: null)', '(filter: {})', '(filter: {text: "", account: {}})'])(
    'is what %s asks for: one call a page',
    async (args) => {
      await serve();
      const { phones, calls } = await ask(args);
      expect(phones.asOf).toBeNull();
      expect(phones.nodes[0]?.account).toBe('test_001');
      expect(calls).toBe(1);
    },
  );

  it('goes on in account order from a cursor of that', async () => {
    await serve();
    const { phones } = await ask('(first: 5, orderBy: {field: ACCOUNT})');
    const next = await ask(`(first: 1, after: "${phones.pageInfo.endCursor}")`);
    expect(next.phones.nodes).toEqual([{ account: 'test_006', phoneName: 'sip-6' }]);
  });
});
