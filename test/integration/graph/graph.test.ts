import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Client, createClient } from '../../support/client/client.ts';
import {
  AppsDocument,
  NodeDocument,
  NodesDocument,
  PhoneCountDocument,
  PhonePageDocument,
  PhonePasswordDocument,
  PhonesByAccountDocument,
  SipPhoneDocument,
} from '../../support/client/generated/graphql.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const APP = '4luaKsL2';

describe('the graph over HTTP', () => {
  let gateway: ServedGateway;
  let client: Client;

  beforeAll(async () => {
    gateway = await serveGateway({ variables: { PHONES_CACHE_TTL_MS: '0' } });
    client = createClient(gateway.url);
  });
  afterAll(() => gateway.close());
  afterEach(() => {
    gateway.sandbox.control.reset();
    gateway.sandbox.calls.reset();
  });

  it('lists the apps without a vendor call', async () => {
    const { status, data, errors } = await client.request(AppsDocument);
    expect([status, errors]).toEqual([200, []]);
    expect(data?.apps.map(({ appId }) => appId)).toEqual(gateway.sandbox.apps.map(({ appId }) => appId));
    expect(gateway.sandbox.calls.total).toBe(0);
  });

  it('shows the vendor’s sample phone', async () => {
    const { data, errors } = await client.request(SipPhoneDocument, { appId: APP, account: 'test_001' });
    expect(errors).toEqual([]);
    expect(data?.sipPhone).toEqual({
      id: 'U2lwUGhvbmU6ODo0bHVhS3NMMnRlc3RfMDAx',
      appId: APP,
      account: 'test_001',
      phoneName: 'sip-1',
      groupName: 'sipGroup',
      displayNum: '861000000',
      app: { appId: APP, name: 'Sample' },
    });
    expect(gateway.sandbox.calls.total).toBe(1);
  });

  it('counts phones with one call for one row', async () => {
    const { data } = await client.request(PhoneCountDocument, { appId: APP });
    expect(data?.app?.phones?.totalCount).toBe(437);
    expect(gateway.sandbox.calls.recent).toMatchObject([{ appId: APP, current: 1, size: 1 }]);
  });

  it('pages forwards and refetches each phone of the page by its id, in one call each', async () => {
    const page = await client.request(PhonePageDocument, { appId: APP, first: 20 });
    expect(page.errors).toEqual([]);
    const phones = page.data?.app?.phones?.edges.map(({ node }) => node) ?? [];
    expect(phones).toHaveLength(20);
    expect(gateway.sandbox.calls.total).toBe(1);

    const refetched = await client.request(NodesDocument, { ids: phones.map(({ id }) => id) });
    expect(refetched.data?.nodes).toEqual(
      phones.map(({ id, account }) => ({ __typename: 'SipPhone', id, account })),
    );
    expect(gateway.sandbox.calls.total).toBe(2);
  });

  it('answers 100 entities of one app by one batch', async () => {
    const accounts = gateway.sandbox.control.getPhones('Full0100').map(({ account }) => account);
    expect(accounts).toHaveLength(100);

    const { data, errors } = await client.send(
      'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on SipPhone { account password } } }',
      {
        representations: accounts.map((account) => ({ __typename: 'SipPhone', appId: 'Full0100', account })),
      },
    );
    expect(errors).toEqual([]);
    expect(data).toMatchObject({ _entities: accounts.map((account) => ({ account })) });
    expect(gateway.sandbox.calls.total).toBe(1);
  });

  it('keeps the order of accounts, and null in the place of one that a complete read has not found', async () => {
    const accounts = ['nobody', 'single01_001', 'nobody'];
    const { data, errors } = await client.request(PhonesByAccountDocument, { appId: 'Single01', accounts });
    expect(errors).toEqual([]);
    expect(data?.app?.phonesByAccount).toMatchObject([null, { account: 'single01_001' }, null]);
    expect(gateway.sandbox.calls.total).toBe(1);
  });

  it.each([
    ['an unknown type in a global id', 'VXNlcjo4OjRsdWFLc0wy'],
    ['a garbage id', 'garbage'],
    ['a phone of an app that is not served', 'U2lwUGhvbmU6Nzpmb3JlaWdudGVzdF8wMDE'],
  ])('answers null for %s, at no cost', async (_what, id) => {
    const { status, data, errors } = await client.request(NodeDocument, { id });
    expect([status, data, errors]).toEqual([200, { node: null }, []]);
    expect(gateway.sandbox.calls.total).toBe(0);
  });

  it.each([
    ['an app id of 10,000 characters', { appId: 'x'.repeat(10_000), account: 'a' }, 'appId'],
    ['an empty account', { appId: APP, account: '' }, 'account'],
  ])('refuses %s, at no cost', async (_what, variables, argument) => {
    const { data, errors } = await client.request(SipPhoneDocument, variables);
    expect(data).toEqual({ sipPhone: null });
    expect(errors).toMatchObject([{ path: ['sipPhone'], extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect(gateway.sandbox.calls.total).toBe(0);
  });

  it('puts a failure of the vendor at phones, and answers the other roots', async () => {
    gateway.sandbox.control.fail({ fault: 'status', status: -22, times: 'always', appId: APP });
    const { status, data, errors } = await client.send(
      `{ bad: app(appId: "${APP}") { appId phones { nodes { account } } } good: app(appId: "Single01") { phones { totalCount } } }`,
    );
    expect(status).toBe(200);
    expect(data).toEqual({ bad: { appId: APP, phones: null }, good: { phones: { totalCount: 1 } } });
    expect(errors).toMatchObject([{ path: ['bad', 'phones'], extensions: { code: 'UPSTREAM_REJECTED' } }]);
  });
});

describe('the graph for callers', () => {
  const callers = [
    { name: 'reader', scopes: ['phones:read'] },
    { name: 'provisioner', scopes: ['phones:read', 'passwords:read'] },
    { name: 'outsider', scopes: ['passwords:read'] },
  ].map(({ name, scopes }) => ({
    name,
    scopes,
    tokenSha256: createHash('sha256').update(`token-of-${name}`).digest('hex'),
  }));
  const variables = { appId: APP, account: 'test_001' };
  let gateway: ServedGateway;

  beforeAll(async () => {
    gateway = await serveGateway({
      variables: {
        ITNIO_API_KEY: 'bDqJFiq9',
        ITNIO_API_SECRET: '7bz1lzh9',
        CALLERS: JSON.stringify(callers),
        PHONES_CACHE_TTL_MS: '0',
      },
    });
  });
  afterAll(() => gateway.close());
  afterEach(() => gateway.sandbox.calls.reset());

  it('reads a password for whoever may, on record before the answer is there', async () => {
    const client = createClient(gateway.url, 'token-of-provisioner');
    const { data } = await client.request(PhonePasswordDocument, variables);
    expect(data).toEqual({ sipPhone: { account: 'test_001', password: 'LX9FZdF2' } });
    expect(gateway.auditRecords).toMatchObject([{ caller: 'provisioner' }]);
    expect(JSON.stringify(gateway.auditRecords)).toContain('test_001');
    expect(JSON.stringify(gateway.auditRecords)).not.toContain('LX9FZdF2');
  });

  it('refuses the password alone to a reader', async () => {
    const client = createClient(gateway.url, 'token-of-reader');
    const { status, data, errors } = await client.request(PhonePasswordDocument, variables);
    expect([status, data]).toEqual([200, { sipPhone: { account: 'test_001', password: null } }]);
    expect(errors).toMatchObject([{ path: ['sipPhone', 'password'], extensions: { code: 'FORBIDDEN' } }]);
  });

  it('refuses every phone to a caller who may not read phones, at no cost', async () => {
    const client = createClient(gateway.url, 'token-of-outsider');
    const { data, errors } = await client.request(PhonePasswordDocument, variables);
    expect(data).toEqual({ sipPhone: null });
    expect(errors).toMatchObject([{ path: ['sipPhone'], extensions: { code: 'FORBIDDEN' } }]);
    expect(gateway.sandbox.calls.total).toBe(0);
  });
});
