import { afterEach, describe, expect, it } from '@jest/globals';
import { hashToken } from '../../../src/callers/token.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const VENDOR = { ITNIO_API_KEY: 'bDqJFiq9', ITNIO_API_SECRET: '7bz1lzh9', PHONES_CACHE_TTL_MS: '0' };

const asCaller = (name: string) => ({ authorization: `Bearer token-of-${name}` });
const entry = (name: string, callsPerMinute?: number) => ({
  name,
  tokenSha256: hashToken(`token-of-${name}`).toString('hex'),
  scopes: ['phones:read'],
  ...(callsPerMinute === undefined ? {} : { callsPerMinute }),
});

const ONE_CALL = { query: '{ app(appId: "4luaKsL2") { phones(first: 1) { nodes { account } } } }' };
/** Two calls, one after the other: the cursor of the second is not known before the first is answered. */
const TWO_CALLS = {
  query: `{
    first: app(appId: "4luaKsL2") { phones(first: 1) { nodes { account } } }
    absent: sipPhone(appId: "4luaKsL2", account: "absent") { account }
  }`,
};

let gateway: ServedGateway;
afterEach(() => gateway.close());

describe('a caller that has used up its calls', () => {
  it('is answered 429 with Retry-After, at no cost', async () => {
    const CALLERS = JSON.stringify([entry('few', 2)]);
    gateway = await serveGateway({ variables: { ...VENDOR, CALLERS } });
    await gateway.post(ONE_CALL, asCaller('few'));
    await gateway.post(ONE_CALL, asCaller('few'));
    const calls = gateway.sandbox.calls.total;
    const { status, headers, json } = await gateway.post(ONE_CALL, asCaller('few'));
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(30);
    expect(json.errors[0].extensions).toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      retryAfterMs: expect.any(Number),
    });
    expect(json.data).toBeUndefined();
    expect(gateway.sandbox.calls.total).toBe(calls);
  });

  it('is answered 429 through GET, too', async () => {
    const CALLERS = JSON.stringify([entry('few', 1)]);
    gateway = await serveGateway({ variables: { ...VENDOR, CALLERS } });
    await gateway.post(ONE_CALL, asCaller('few'));
    const path = `/graphql?query=${encodeURIComponent(ONE_CALL.query)}`;
    const { status, headers } = await gateway.get(path, {
      ...asCaller('few'),
      'graphql-require-preflight': 'yes',
    });
    expect(status).toBe(429);
    expect(headers.get('retry-after')).not.toBeNull();
  });

  it('keeps the part of an answer that was paid for', async () => {
    const CALLERS = JSON.stringify([entry('few', 1)]);
    gateway = await serveGateway({ variables: { ...VENDOR, CALLERS } });
    const { status, json } = await gateway.post(TWO_CALLS, asCaller('few'));
    expect(status).toBe(200);
    expect(json.errors).toEqual([
      expect.objectContaining({
        path: ['absent'],
        extensions: expect.objectContaining({ code: 'RATE_LIMITED' }),
      }),
    ]);
    expect(json.data.first.phones.nodes).toHaveLength(1);
    expect(gateway.sandbox.calls.total).toBe(1);
  });

  it('takes nothing from another', async () => {
    const CALLERS = JSON.stringify([entry('few', 1), entry('other')]);
    gateway = await serveGateway({ variables: { ...VENDOR, CALLERS } });
    await gateway.post(ONE_CALL, asCaller('few'));
    for (let request = 0; request < 3; request += 1)
      expect((await gateway.post(ONE_CALL, asCaller('other'))).json.errors).toBeUndefined();
  });

  it('is one with all anonymous callers', async () => {
    const variables = {
      ...VENDOR,
      CALLERS: JSON.stringify([entry('known')]),
      ANONYMOUS_SCOPES: 'phones:read',
      CALLER_CALLS_PER_MINUTE: '1',
    };
    gateway = await serveGateway({ variables });
    await gateway.post(ONE_CALL);
    expect((await gateway.post(ONE_CALL, { 'x-forwarded-for': '203.0.113.9' })).status).toBe(429);
    expect((await gateway.post(ONE_CALL, asCaller('known'))).status).toBe(200);
  });
});

describe('CALLER_CALLS_PER_MINUTE', () => {
  it('limits the sandbox when it is set, and not when it is not', async () => {
    gateway = await serveGateway({ variables: { PHONES_CACHE_TTL_MS: '0', CALLER_CALLS_PER_MINUTE: '1' } });
    await gateway.post(ONE_CALL);
    expect((await gateway.post(ONE_CALL)).status).toBe(429);
    await gateway.close();
    gateway = await serveGateway({ variables: { PHONES_CACHE_TTL_MS: '0' } });
    await gateway.post(ONE_CALL);
    expect((await gateway.post(ONE_CALL)).status).toBe(200);
  });
});
