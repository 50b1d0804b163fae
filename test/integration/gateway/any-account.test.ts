import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_ACCOUNT_LENGTH } from '../../../src/domain/identifier.ts';
import { createOtherUpstream, type OtherUpstream } from '../../support/other-upstream.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const CREDENTIALS = { apiKey: 'bDqJFiq9', apiSecret: '7bz1lzh9' };

const LIST = `query ($appId: ID!) { app(appId: $appId) { phones(first: 100) { nodes { id account phoneName } } } }`;

const EACH_WAY = `query ($appId: ID!, $id: ID!, $account: String!, $keys: [_Any!]!) {
  node(id: $id) { ... on SipPhone { phoneName } }
  nodes(ids: [$id]) { ... on SipPhone { phoneName } }
  sipPhone(appId: $appId, account: $account) { phoneName }
  app(appId: $appId) {
    phone(account: $account) { phoneName }
    phonesByAccount(accounts: [$account]) { phoneName }
  }
  _entities(representations: $keys) { ... on SipPhone { phoneName } }
}`;

/** Whatever a JSON text can hold that has a UTF-8 form. */
const anyAccount = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }),
  fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
  fc.constantFrom(
    '\u0000',
    '\n',
    '\u0085',
    '\u2028',
    ' ',
    'null',
    '__proto__',
    'constructor',
    'SipPhone:1:a:b',
  ),
  fc.constantFrom(...[129, 1_000, MAX_ACCOUNT_LENGTH].map((length) => 'é'.repeat(length))),
  fc.constant('\uffff'.repeat(MAX_ACCOUNT_LENGTH)),
);

describe('whatever account the vendor lists', () => {
  let upstream: OtherUpstream;
  let gateway: ServedGateway;
  let apps = 0;
  beforeAll(async () => {
    upstream = await createOtherUpstream(CREDENTIALS);
    gateway = await serveGateway({
      variables: {
        ITNIO_API_KEY: CREDENTIALS.apiKey,
        ITNIO_API_SECRET: CREDENTIALS.apiSecret,
        ITNIO_APPS: '*',
        ITNIO_BASE_URL: upstream.baseUrl,
      },
    });
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  it('comes back by its id and by its key, whichever way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(anyAccount, { minLength: 1, maxLength: 4 }), async (accounts) => {
        const appId = `app${apps++}`;
        upstream.lists.set(
          appId,
          accounts.map((account, index) => ({
            account,
            phoneName: `phone ${index}`,
            groupName: null,
            displayNum: null,
            password: null,
          })),
        );
        const list = await gateway.post({ query: LIST, variables: { appId } });
        expect(list.json.errors).toBeUndefined();
        const { nodes } = list.json.data.app.phones;
        expect(nodes.map((node: { account: string }) => node.account)).toEqual(accounts);
        for (const { id, account, phoneName } of nodes) {
          const phone = { phoneName };
          for (const keys of [
            [{ __typename: 'SipPhone', id }],
            [{ __typename: 'SipPhone', appId, account }],
          ]) {
            const { json } = await gateway.post({ query: EACH_WAY, variables: { appId, id, account, keys } });
            expect(json).toEqual({
              data: {
                node: phone,
                nodes: [phone],
                sipPhone: phone,
                app: { phone, phonesByAccount: [phone] },
                _entities: [phone],
              },
            });
          }
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('is none when nobody could ask for it: the page is UPSTREAM_BAD_RESPONSE', async () => {
    const phone = { phoneName: null, groupName: null, displayNum: null, password: null };
    for (const account of ['x'.repeat(MAX_ACCOUNT_LENGTH + 1), '']) {
      const appId = `app${apps++}`;
      upstream.lists.set(appId, [{ ...phone, account }]);
      const { json } = await gateway.post({ query: LIST, variables: { appId } });
      expect(json.data.app.phones).toBeNull();
      expect(json.errors[0].extensions.code).toBe('UPSTREAM_BAD_RESPONSE');
    }
  });
});
