import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const WINDOW = 'app(appId: "4luaKsL2") { phones(first: 20) { nodes { account } } }';

describe('equal queries of many clients', () => {
  let gateway: ServedGateway;
  beforeEach(async () => {
    // All of them are under way at once, and a call takes a second.
    gateway = await serveGateway({ variables: { PHONES_CACHE_TTL_MS: '0', MAX_IN_FLIGHT: '200' } });
    gateway.sandbox.control.setQuirks({ latencyMs: 1_000 });
  });
  afterEach(() => gateway.close());

  const firstAccounts = () =>
    gateway.sandbox.control
      .getPhones('4luaKsL2')
      .slice(0, 20)
      .map(({ account }) => ({ account }));

  it('are one call, 100 of them at a time', async () => {
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => gateway.post({ query: `{ ${WINDOW} }` })),
    );
    for (const { json } of replies) expect(json.data.app.phones.nodes).toEqual(firstAccounts());
    expect(gateway.sandbox.calls.total).toBe(1);
  });

  it('are answered to the one that stays when 99 have left', async () => {
    const leaving = new AbortController();
    // Those that leave are the ones that have started the call.
    const left = Array.from({ length: 99 }, () =>
      fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: `{ ${WINDOW} }` }),
        signal: leaving.signal,
      }),
    );
    await nextCall(gateway, '4luaKsL2');
    // A call of its own says when the last one has got as far as the shared one.
    const stays = gateway.post({
      query: `{ ${WINDOW} other: app(appId: "Single01") { phones { totalCount } } }`,
    });
    await nextCall(gateway, 'Single01');
    leaving.abort();
    await Promise.allSettled(left);

    const { json } = await stays;
    expect(json.data.app.phones.nodes).toEqual(firstAccounts());
    expect(json.extensions.itnio).toMatchObject({ calls: 2, shared: 1 });
    expect(gateway.sandbox.calls.byApp).toEqual({ '4luaKsL2': 1, Single01: 1 });
    expect(gateway.sandbox.calls.abandoned).toBe(0);
    const gone = gateway.requests().filter(({ clientGone }) => clientGone === true);
    expect(gone).toHaveLength(99);
    expect(gone).toEqual(Array(99).fill(expect.objectContaining({ codes: { CLIENT_GONE: 1 } })));
  });
});

function nextCall({ sandbox }: ServedGateway, appId: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = sandbox.control.onCall((query) => {
      if (query?.appId !== appId) return;
      stop();
      resolve();
    });
  });
}
