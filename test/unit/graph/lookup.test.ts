import { describe, expect, it } from '@jest/globals';
import { encodeGlobalId } from '../../../src/graph/global-id.ts';
import { createGraphFixture } from './graph-fixture.ts';

const ids = {
  app: encodeGlobalId('sales'),
  phone: encodeGlobalId('sales', 'test_001'),
  unknownPhone: encodeGlobalId('sales', 'nobody'),
  unservedApp: encodeGlobalId('foreign'),
  unservedPhone: encodeGlobalId('foreign', 'test_001'),
  otherType: Buffer.from('User:5:sales').toString('base64url'),
  malformedApp: encodeGlobalId('x'.repeat(129)),
  malformedPhone: encodeGlobalId('sales', 'x'.repeat(8_193)),
};
const tooLong = 'x'.repeat(10_000);

describe('the graph', () => {
  it('finds apps without asking for phones', async () => {
    const { ask, calls } = createGraphFixture();
    expect(await ask(`{ apps { id appId name } app(appId: "empty") { appId name } }`)).toEqual({
      data: {
        apps: [
          { id: ids.app, appId: 'sales', name: 'Sales' },
          { id: encodeGlobalId('empty'), appId: 'empty', name: null },
        ],
        app: { appId: 'empty', name: null },
      },
      errors: [],
    });
    expect(calls).toEqual([]);
  });

  it('finds a phone with all that the vendor says of it', async () => {
    const { ask, calls } = createGraphFixture();
    const query = `{ sipPhone(appId: "sales", account: "test_001") {
      id appId account phoneName groupName displayNum app { id name } } }`;
    expect(await ask(query)).toEqual({
      data: {
        sipPhone: {
          id: ids.phone,
          appId: 'sales',
          account: 'test_001',
          phoneName: 'name of test_001',
          groupName: 'sales',
          displayNum: '861000000',
          app: { id: ids.app, name: 'Sales' },
        },
      },
      errors: [],
    });
    expect(calls).toEqual([['loadPhone', 'sales', 'test_001']]);
  });

  it('finds nodes of each type, in the order asked', async () => {
    const { ask } = createGraphFixture();
    const query = `query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on SipPhone { account } } }`;
    expect(
      await ask(query, { ids: [ids.phone, ids.otherType, ids.app, ids.unknownPhone, ids.phone] }),
    ).toEqual({
      data: {
        nodes: [
          { __typename: 'SipPhone', id: ids.phone, account: 'test_001' },
          null,
          { __typename: 'App', id: ids.app },
          null,
          { __typename: 'SipPhone', id: ids.phone, account: 'test_001' },
        ],
      },
      errors: [],
    });
  });

  it('pages an app that was found as a node, as Relay refetches', async () => {
    const { ask } = createGraphFixture();
    const query = `{ node(id: "${ids.app}") { ... on App { phones(first: 1, after: "0") { nodes { account } } } } }`;
    expect(await ask(query)).toEqual({
      data: { node: { phones: { nodes: [{ account: 'test_002' }] } } },
      errors: [],
    });
  });

  it('finds phones by their accounts in the order asked, null for one that is not there', async () => {
    const { ask, calls } = createGraphFixture();
    const query = `{ app(appId: "sales") { phonesByAccount(accounts: ["test_003", "nobody", "test_001"]) { account } } }`;
    expect(await ask(query)).toEqual({
      data: { app: { phonesByAccount: [{ account: 'test_003' }, null, { account: 'test_001' }] } },
      errors: [],
    });
    expect(calls.map(([, , account]) => account)).toEqual(['test_003', 'nobody', 'test_001']);
  });

  it('asks for every phone of a request before it waits for the first', async () => {
    let asked = 0;
    const { ask } = createGraphFixture(undefined, (phones) => ({
      ...phones,
      async loadPhone(appId, account) {
        asked += 1;
        await Promise.resolve();
        expect(asked).toBe(6);
        return phones.loadPhone(appId, account);
      },
    }));
    const { errors } = await ask(`{
      sipPhone(appId: "sales", account: "test_001") { account }
      app(appId: "sales") { phone(account: "test_001") { id } phonesByAccount(accounts: ["test_001", "test_002"]) { id } }
      nodes(ids: ["${ids.phone}"]) { id }
      _entities(representations: [{ __typename: "SipPhone", id: "${ids.phone}" }]) { ... on SipPhone { phoneName } }
    }`);
    expect(errors).toEqual([]);
  });

  describe('for what is not found', () => {
    it.each([
      ['sipPhone(appId: "sales", account: "nobody") { id }', 1],
      ['sipPhone(appId: "foreign", account: "test_001") { id }', 0],
      ['app(appId: "foreign") { id phone(account: "a") { id } }', 0],
      [`node(id: "${ids.unknownPhone}") { id }`, 1],
      [`node(id: "${ids.unservedApp}") { id }`, 0],
      [`node(id: "${ids.unservedPhone}") { id }`, 0],
      [`node(id: "${ids.otherType}") { id }`, 0],
      ['node(id: "") { id }', 0],
      ['node(id: "garbage") { id }', 0],
    ])('answers null for %s, after %d look-ups', async (field, lookUps) => {
      const { ask, calls } = createGraphFixture();
      const { data, errors } = await ask(`{ found: ${field} }`);
      expect([data, errors]).toEqual([{ found: null }, []]);
      expect(calls).toHaveLength(lookUps);
    });

    it('answers null in its place in a list', async () => {
      const { ask, calls } = createGraphFixture();
      const { unservedApp, unservedPhone, otherType } = ids;
      const query = 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }';
      expect(await ask(query, { ids: [unservedApp, unservedPhone, otherType, '', ids.app] })).toEqual({
        data: { nodes: [null, null, null, null, { id: ids.app }] },
        errors: [],
      });
      expect(calls).toEqual([]);
    });
  });

  describe('for what cannot be right', () => {
    it.each([
      ['app(appId: "") { id }', 'appId'],
      [`app(appId: "${tooLong}") { id }`, 'appId'],
      ['sipPhone(appId: "", account: "a") { id }', 'appId'],
      ['sipPhone(appId: "sales", account: "") { id }', 'account'],
      ['sipPhone(appId: "foreign", account: "") { id }', 'account'],
      [`sipPhone(appId: "sales", account: "${tooLong}") { id }`, 'account'],
      [`node(id: "${ids.malformedApp}") { id }`, 'id'],
      [`node(id: "${ids.malformedPhone}") { id }`, 'id'],
    ])('refuses %.60s by the name of the argument, without a look-up', async (field, argument) => {
      const { ask, calls } = createGraphFixture();
      const { data, errors } = await ask(`{ found: ${field} apps { appId } }`);
      expect(errors).toEqual([`found BAD_USER_INPUT ${argument}`]);
      expect(data).toEqual({ found: null, apps: [{ appId: 'sales' }, { appId: 'empty' }] });
      expect(calls).toEqual([]);
    });

    it.each([
      ['phone(account: "")', 'phone', 'account'],
      ['phonesByAccount(accounts: ["test_001", ""])', 'phonesByAccount', 'accounts'],
      [`phonesByAccount(accounts: ["test_001", "${tooLong}"])`, 'phonesByAccount', 'accounts'],
      [`phonesByAccount(accounts: [${'"a",'.repeat(101)}])`, 'phonesByAccount', 'accounts'],
    ])('refuses %.50s of an app in the same way', async (field, path, argument) => {
      const { ask, calls } = createGraphFixture();
      const { errors } = await ask(`{ app(appId: "sales") { ${field} { id } } }`);
      expect(errors).toEqual([`app.${path} BAD_USER_INPUT ${argument}`]);
      expect(calls).toEqual([]);
    });

    it('refuses one id of many in its place, and answers the others', async () => {
      const { ask } = createGraphFixture();
      const query = 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }';
      expect(await ask(query, { ids: [ids.malformedPhone, ids.phone] })).toEqual({
        data: { nodes: [null, { id: ids.phone }] },
        errors: ['nodes.0 BAD_USER_INPUT ids'],
      });
    });

    it('takes 100 ids, and refuses 101', async () => {
      const { ask, calls } = createGraphFixture();
      const query = 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }';
      expect((await ask(query, { ids: Array(100).fill(ids.app) })).errors).toEqual([]);
      expect((await ask(query, { ids: Array(101).fill(ids.phone) })).errors).toEqual([
        'nodes BAD_USER_INPUT ids',
      ]);
      expect(calls).toEqual([]);
    });

    it('takes 100 accounts', async () => {
      const { ask, calls } = createGraphFixture();
      const query =
        'query($accounts: [String!]!) { app(appId: "sales") { phonesByAccount(accounts: $accounts) { id } } }';
      expect((await ask(query, { accounts: Array(100).fill('a') })).errors).toEqual([]);
      expect(calls).toHaveLength(100);
    });
  });

  it('puts a failure of a connection at its field and keeps the rest', async () => {
    const { ask } = createGraphFixture();
    const query =
      '{ app(appId: "sales") { appId phones(first: -1) { totalCount nodes { id } edges { node { id } } } } apps { appId } }';
    expect(await ask(query)).toEqual({
      data: { app: { appId: 'sales', phones: null }, apps: [{ appId: 'sales' }, { appId: 'empty' }] },
      errors: ['app.phones BAD_USER_INPUT first'],
    });
  });
});
