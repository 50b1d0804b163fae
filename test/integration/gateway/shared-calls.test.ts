import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { type RecordingRelay, startRelay } from '../../support/recording-relay.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';
import { startTurnTimer } from '../../support/turn-timer.ts';

const WINDOW = 'app(appId: "4luaKsL2") { phones(first: 20) { nodes { account } } }';

/** More than a hundred requests need from their clients to the call that they share. */
const TURNS = 200;

describe('equal queries of many clients', () => {
  let sandbox: Sandbox;
  let relay: RecordingRelay;
  let gateway: ServedGateway;
  /** Lets the vendor answer what it has been asked. */
  let release: () => void;
  beforeEach(async () => {
    sandbox = createSandbox();
    await sandbox.listen();
    relay = await startRelay(sandbox.baseUrl);
    release = relay.hold();
    gateway = await serveGateway({
      variables: {
        ITNIO_BASE_URL: relay.baseUrl,
        ITNIO_API_KEY: sandbox.credentials.apiKey,
        ITNIO_API_SECRET: sandbox.credentials.apiSecret,
        ITNIO_APPS: '4luaKsL2,Single01',
        PHONES_CACHE_TTL_MS: '0',
        // All of them are under way at once.
        MAX_IN_FLIGHT: '200',
      },
    });
  });
  afterEach(async () => {
    release();
    await gateway.close();
    relay.close();
    await sandbox.close();
  });

  const firstAccounts = () =>
    sandbox.control
      .getPhones('4luaKsL2')
      .slice(0, 20)
      .map(({ account }) => ({ account }));

  async function waitUntil(isSo: () => boolean): Promise<void> {
    while (!isSo()) await setImmediate();
  }

  it('are one call, 100 of them at a time', async () => {
    const asked = Array.from({ length: 100 }, () => gateway.post({ query: `{ ${WINDOW} }` }));
    await waitUntil(() => relay.headers.length > 0);
    await new Promise<void>((resolve) => startTurnTimer(resolve, TURNS));
    release();
    for (const { json } of await Promise.all(asked))
      expect(json.data.app.phones.nodes).toEqual(firstAccounts());
    expect(sandbox.calls.total).toBe(1);
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
    await waitUntil(() => relay.headers.length === 1);
    // A call of its own says when the last one has got as far as the shared one.
    const stays = gateway.post(
      { query: `{ ${WINDOW} other: app(appId: "Single01") { phones { totalCount } } }` },
      { 'x-itnio-ledger': '1' },
    );
    await waitUntil(() => relay.headers.length === 2);
    leaving.abort();
    await Promise.allSettled(left);
    const gone = () => gateway.requests().filter(({ clientGone }) => clientGone === true);
    await waitUntil(() => gone().length === 99);
    release();

    const { json } = await stays;
    expect(json.data.app.phones.nodes).toEqual(firstAccounts());
    expect(json.extensions.itnio).toMatchObject({ calls: 2, shared: 1 });
    expect(sandbox.calls.byApp).toEqual({ '4luaKsL2': 1, Single01: 1 });
    expect(relay.abandoned).toBe(0);
    expect(gone()).toEqual(Array(99).fill(expect.objectContaining({ codes: { CLIENT_GONE: 1 } })));
  });
});
