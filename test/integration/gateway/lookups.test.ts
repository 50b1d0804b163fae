import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createRandom } from '../../../src/sandbox/random.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';
import { createPageCount, pointsOf } from '../../unit/paging/fewest-pages.ts';

// A request may take its 8 seconds, twice.
jest.setTimeout(40_000);

const APP = 'Large10k';
const TOTAL = 10_000;
const accountAt = (position: number) => `large10k_${String(position + 1).padStart(3, '0')}`;
const BY_ACCOUNT = {
  query: `query ($accounts: [String!]!) { app(appId: "${APP}") { phonesByAccount(accounts: $accounts) { account } } }`,
};
const ONE = {
  query: `query ($account: String!) { sipPhone(appId: "${APP}", account: $account) { account } }`,
};

describe('phones by account, among 10,000', () => {
  let gateway: ServedGateway;
  beforeEach(async () => {
    gateway = await serveGateway({ variables: { PHONES_CACHE_TTL_MS: '0' } });
  });
  afterEach(() => gateway.close());

  const ask = async (accounts: readonly string[]) => {
    gateway.sandbox.calls.reset();
    const { json } = await gateway.post({ ...BY_ACCOUNT, variables: { accounts } });
    return { json, calls: gateway.sandbox.calls.total };
  };

  it('take a complete reading for 100 of them, and with hints the pages that hold them', async () => {
    const random = createRandom(100);
    const positions = [...new Set(Array.from({ length: 99 }, () => Math.floor(random() * TOTAL))), TOTAL - 1];
    const accounts = positions.map(accountAt);

    const cold = await ask(accounts);
    expect(cold.json.errors).toBeUndefined();
    expect(cold.json.data.app.phonesByAccount).toEqual(accounts.map((account) => ({ account })));
    // All of the list with seams is 114 calls by the arithmetic; the first one told how long it is.
    expect(cold.calls).toBeLessThanOrEqual(115);

    const again = await ask(accounts);
    expect(again.json.data.app.phonesByAccount).toEqual(accounts.map((account) => ({ account })));
    const fewest = createPageCount(100)(
      pointsOf(
        positions.map((lo) => ({ lo, hi: lo + 1 })),
        TOTAL,
      ),
    );
    expect(again.calls).toBe(fewest);
  });

  it('are found although one of them is not there', async () => {
    const { json, calls } = await ask([accountAt(5), 'nobody', accountAt(9_990)]);
    expect(json.errors).toBeUndefined();
    expect(json.data.app.phonesByAccount).toEqual([
      { account: accountAt(5) },
      null,
      { account: accountAt(9_990) },
    ]);
    expect(calls).toBeLessThanOrEqual(115);
  });

  it('are found anywhere at 300 ms a call: in time, or at the next try after an error that says so', async () => {
    gateway.sandbox.control.setQuirks({ latencyMs: 300 });
    const find = (account: string) => gateway.post({ ...ONE, variables: { account } });
    // The last row is the worst: all pages before it are read first.
    const account = accountAt(TOTAL - 1);
    const first = await find(account);
    if (first.json.errors === undefined) {
      expect(first.json.data.sipPhone).toEqual({ account });
      return;
    }
    expect(first.json.errors).toMatchObject([
      { path: ['sipPhone'], extensions: { code: 'DEADLINE_EXCEEDED', retryable: true } },
    ]);
    const second = await find(account);
    expect(second.json.data.sipPhone).toEqual({ account });
  });
});

describe('entities of one app', () => {
  let gateway: ServedGateway;
  beforeEach(async () => {
    gateway = await serveGateway({ variables: { PHONES_CACHE_TTL_MS: '0' } });
  });
  afterEach(() => gateway.close());

  it('are one batch, 100 of them with every way to name them', async () => {
    const accounts = gateway.sandbox.control.getPhones('Full0100').map(({ account }) => account);
    const representations = accounts.map((account, index) =>
      index % 2 === 0
        ? { __typename: 'SipPhone', appId: 'Full0100', account }
        : {
            __typename: 'SipPhone',
            id: Buffer.from(`SipPhone:8:Full0100${account}`).toString('base64url'),
          },
    );
    const { json } = await gateway.post({
      query:
        'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on SipPhone { account displayNum } } }',
      variables: { representations },
    });
    expect(json.data._entities).toMatchObject(accounts.map((account) => ({ account })));
    expect(gateway.sandbox.calls.total).toBe(1);
  });
});
