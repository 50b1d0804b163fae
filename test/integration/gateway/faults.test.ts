import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Fault } from '../../../src/sandbox/failure.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

// The silent faults take as long as one attempt may: 3 seconds.
jest.setTimeout(15_000);

const APP = '4luaKsL2';
const QUERY = {
  query: `{
    apps { appId }
    app(appId: "${APP}") { name phones(first: 2) { totalCount nodes { account } } }
    other: app(appId: "Single01") { phones { totalCount } }
  }`,
};
const PHONES = { totalCount: 437, nodes: [{ account: 'test_001' }, { account: 'test_002' }] };

const named = (fault: Fault): [string, Fault] => [
  Object.values(fault)
    .map((part) => String(part))
    .join(' '),
  fault,
];
const http = (httpStatus: number, retryAfter?: number): Fault =>
  retryAfter === undefined ? { fault: 'http', httpStatus } : { fault: 'http', httpStatus, retryAfter };
const status = (code: number): Fault => ({ fault: 'status', status: code });

/** What one retry cures. */
const PASSING: readonly Fault[] = [
  { fault: 'resetBeforeHeaders' },
  { fault: 'closeBeforeHeaders' },
  { fault: 'resetMidBody' },
  { fault: 'truncated' },
  { fault: 'truncatedChunks' },
  { fault: 'truncatedWithoutLength' },
  ...[408, 500, 502, 503, 504].map((httpStatus) => http(httpStatus)),
  http(429, 0),
  http(503, 0),
  status(-18),
  status(-15),
  { fault: 'html' },
  { fault: 'empty' },
  { fault: 'brokenJson' },
  { fault: 'null' },
  { fault: 'list' },
  { fault: 'invalidUtf8' },
  { fault: 'recordsNull' },
];

/** What asking again would not cure, or must not. */
const LASTING: readonly (readonly [Fault, string])[] = [
  [status(-1), 'UPSTREAM_MISCONFIGURED'],
  [status(-2), 'UPSTREAM_MISCONFIGURED'],
  [http(401), 'UPSTREAM_MISCONFIGURED'],
  [http(403), 'UPSTREAM_MISCONFIGURED'],
  [http(404), 'UPSTREAM_MISCONFIGURED'],
  [status(-22), 'UPSTREAM_REJECTED'],
  [status(-99), 'UPSTREAM_BAD_RESPONSE'],
  [{ fault: 'dataMissing' }, 'UPSTREAM_BAD_RESPONSE'],
  [{ fault: 'dataNotObject' }, 'UPSTREAM_BAD_RESPONSE'],
  [{ fault: 'totalMissing' }, 'UPSTREAM_BAD_RESPONSE'],
  [{ fault: 'totalNotNumber' }, 'UPSTREAM_BAD_RESPONSE'],
  [{ fault: 'recordsNotList' }, 'UPSTREAM_BAD_RESPONSE'],
  [{ fault: 'recordNotObject' }, 'UPSTREAM_BAD_RESPONSE'],
  [{ fault: 'recordWithoutAccount' }, 'UPSTREAM_BAD_RESPONSE'],
  [{ fault: 'accountEmpty' }, 'UPSTREAM_BAD_RESPONSE'],
  [{ fault: 'accountNotText' }, 'UPSTREAM_BAD_RESPONSE'],
  [{ fault: 'tooLarge' }, 'UPSTREAM_BAD_RESPONSE'],
  [{ fault: 'tooLargeCompressed' }, 'UPSTREAM_BAD_RESPONSE'],
  [{ fault: 'redirect', location: 'http://127.0.0.1:1/elsewhere' }, 'UPSTREAM_BAD_RESPONSE'],
  [{ fault: 'accountTwice' }, 'UPSTREAM_INCONSISTENT'],
  [{ fault: 'tooManyRecords' }, 'UPSTREAM_INCONSISTENT'],
  [{ fault: 'otherPage' }, 'UPSTREAM_INCONSISTENT'],
  // Nobody knows how long to wait.
  [http(429), 'UPSTREAM_RATE_LIMITED'],
];

describe('a failure of the vendor', () => {
  let gateway: ServedGateway;
  beforeEach(async () => {
    gateway = await serveGateway({ variables: { PHONES_CACHE_TTL_MS: '0' } });
  });
  afterEach(() => gateway.close());

  const callsFor = (appId: string) => gateway.sandbox.calls.byApp[appId];

  it.each(PASSING.map(named))('that passes is not seen: %s', async (_, fault) => {
    gateway.sandbox.control.fail({ ...fault, appId: APP });
    const { json } = await gateway.post(QUERY);
    expect(json.errors).toBeUndefined();
    expect(json.data.app.phones).toEqual(PHONES);
    expect([callsFor(APP), callsFor('Single01')]).toEqual([2, 1]);
  });

  it('that passes is not seen where the vendor falls silent', async () => {
    const { control } = gateway.sandbox;
    control.fail({ fault: 'hang', appId: APP });
    control.fail({ fault: 'hangMidBody', appId: 'Full0100' });
    control.fail({ fault: 'trickle', appId: 'Over0101' });
    const page = 'phones(first: 100) { totalCount nodes { account } }';
    const { json } = await gateway.post({
      query: `{ a: app(appId: "${APP}") { ${page} } b: app(appId: "Full0100") { ${page} } c: app(appId: "Over0101") { ${page} } }`,
    });
    expect(json.errors).toBeUndefined();
    const { a, b, c } = json.data;
    expect([a, b, c].map(({ phones }) => [phones.totalCount, phones.nodes.length])).toEqual([
      [437, 100],
      [100, 100],
      [101, 100],
    ]);
    expect([callsFor(APP), callsFor('Full0100'), callsFor('Over0101')]).toEqual([2, 2, 2]);
  });

  it.each(LASTING.map(([fault, code]): [string, string, Fault] => [named(fault)[0], code, fault]))(
    'that lasts stands at its field, and the rest is answered: %s gives %s',
    async (_, code, fault) => {
      gateway.sandbox.control.fail({ ...fault, appId: APP, times: 'always' });
      const { status, json } = await gateway.post(QUERY);
      expect(status).toBe(200);
      expect(json.errors).toMatchObject([{ path: ['app', 'phones'], extensions: { code } }]);
      expect(json.errors).toHaveLength(1);
      expect(json.data).toEqual({
        apps: gateway.sandbox.apps.map(({ appId }) => ({ appId })),
        app: { name: 'Sample', phones: null },
        other: { phones: { totalCount: 1 } },
      });
      expect([callsFor(APP), callsFor('Single01')]).toEqual([1, 1]);
    },
  );

  it('that comes twice is seen, and said to be worth a try', async () => {
    gateway.sandbox.control.fail({ ...status(-18), appId: APP, times: 2 });
    const { json } = await gateway.post(QUERY);
    expect(json.errors).toMatchObject([
      { path: ['app', 'phones'], extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } },
    ]);
    expect((await gateway.post(QUERY)).json.data.app.phones).toEqual(PHONES);
  });

  it('that takes a password away leaves null, and the rest stands', async () => {
    gateway.sandbox.control.fail({ fault: 'passwordMissing' });
    const query = `{ app(appId: "${APP}") { phones(first: 2) { nodes { account password } } } }`;
    const { json } = await gateway.post({ query });
    expect(json.errors).toBeUndefined();
    expect(json.data.app.phones.nodes).toEqual([
      { account: 'test_001', password: null },
      { account: 'test_002', password: gateway.sandbox.control.getPhones(APP)[1]?.password },
    ]);
  });
});

describe('a clock', () => {
  let gateway: ServedGateway;
  beforeEach(async () => {
    gateway = await serveGateway({ variables: { PHONES_CACHE_TTL_MS: '0' } });
  });
  afterEach(() => gateway.close());

  it('that is an hour off, forwards, backwards and right again, costs one more call each time', async () => {
    const calls: number[] = [];
    for (const clockSkewSeconds of [0, 3_600, -3_600, 0]) {
      gateway.sandbox.control.setQuirks({ clockSkewSeconds });
      gateway.sandbox.calls.reset();
      for (let query = 0; query < 5; query++) {
        const { json } = await gateway.post({ query: `{ app(appId: "${APP}") { phones { totalCount } } }` });
        expect(json).toMatchObject({ data: { app: { phones: { totalCount: 437 } } } });
      }
      calls.push(gateway.sandbox.calls.total);
    }
    expect(calls).toEqual([5, 6, 6, 6]);
  });

  it('that is off fails none of 50 queries at once', async () => {
    gateway.sandbox.control.setQuirks({ clockSkewSeconds: 3_600 });
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        gateway.post({
          query: `{ app(appId: "${APP}") { phones(first: ${index + 1}) { nodes { account } } } }`,
        }),
      ),
    );
    expect(replies.filter(({ json }) => json.errors !== undefined)).toEqual([]);
    expect(replies.map(({ json }) => json.data.app.phones.nodes.length)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
  });
});
