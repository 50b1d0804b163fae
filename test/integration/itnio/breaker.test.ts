import { describe, expect, it } from '@jest/globals';
import type { BackgroundClock } from '../../../src/domain/clock.ts';
import { UpstreamCircuitOpenError } from '../../../src/errors/upstream-errors.ts';
import {
  type Answer,
  answerBytes,
  answerJson,
  answerNothing,
  answerStatus,
  samplePage,
} from '../../support/faulty-upstream.ts';
import { createManualTimers } from '../../support/manual-timers.ts';
import { createWaiters } from '../../support/requester.ts';
import { type ClientFixture, useClients } from './client-fixture.ts';

const openClient = useClients();

/** A client whose probes start when a test says so, and whose clock stands still: what it counts is always recent. */
async function openProbedClient(options: { readonly attemptTimeoutMs?: number } = {}) {
  const probes = createManualTimers();
  const clock: Partial<BackgroundClock> = {
    monotonicNow: () => 0,
    startBackgroundTimer: probes.startTimer,
  };
  return { ...(await openClient({ clock, ...options })), probes };
}

async function failUntilOpen({ askInVain }: Pick<ClientFixture, 'askInVain'>): Promise<void> {
  await Promise.all(Array.from({ length: 20 }, () => askInVain()));
  expect(await askInVain()).toMatchObject({ code: 'UPSTREAM_CIRCUIT_OPEN' });
}

const OUTAGES: readonly (readonly [name: string, answer: Answer])[] = [
  ['resets', answerBytes('', 'reset')],
  ['closes', answerBytes('', 'end')],
  ['answers nothing', answerNothing()],
];

describe('an upstream that is out', () => {
  it.each(OUTAGES)(
    'and %s is called no more by clients, and answers again with the probe',
    async (_, answer) => {
      const fixture = await openProbedClient({ attemptTimeoutMs: 100 });
      const { ask, askInVain, client, probes, upstream } = fixture;
      await ask();
      upstream.answerAlways(answer);
      await failUntilOpen(fixture);
      const calls = client.callCount;
      const outcomes = await Promise.all(Array.from({ length: 200 }, () => askInVain()));
      for (const outcome of outcomes) expect(outcome).toMatchObject({ code: 'UPSTREAM_CIRCUIT_OPEN' });
      expect(client.callCount).toBe(calls);

      upstream.answerAlways(answerJson(samplePage()));
      expect(probes.pendingMs).toHaveLength(1);
      probes.ringFirst();
      while (fixture.changes.at(-1)?.kind !== 'breaker-closed') await new Promise(setImmediate);
      expect(upstream.requests.at(-1)?.body).toBe('{"current":1,"size":1,"params":{"appId":"4luaKsL2"}}');
      await expect(ask()).resolves.toMatchObject({ total: 5 });
      expect(probes.pendingMs).toEqual([]);
    },
  );

  it('lets nobody wait in the queue for what is not sent', async () => {
    const { ask, upstream } = await openProbedClient();
    upstream.answerAlways(answerBytes('', 'reset'));
    const asked = Array.from({ length: 200 }, () => ask().catch((error: unknown) => error));
    expect((await Promise.all(asked)).at(-1)).toMatchObject({ code: 'UPSTREAM_CIRCUIT_OPEN' });
    // Twenty open it, and nineteen more are let in while the others of the first twenty come back.
    expect(upstream.requests.length).toBeLessThan(40);
  });

  it('is probed on behalf of no client, and says so', async () => {
    const fixture = await openProbedClient();
    fixture.upstream.answerAlways(answerBytes('', 'reset'));
    await failUntilOpen(fixture);
    fixture.probes.ringFirst();
    const probesLogged = () =>
      fixture.logLines.filter(({ evidence }) => 'requestId' in evidence && evidence.requestId === 'probe');
    while (probesLogged().length === 0) await new Promise(setImmediate);
    expect(probesLogged()[0]).toMatchObject({ evidence: { appId: '4luaKsL2', current: 1, size: 1 } });
  });

  it('keeps no timer when the client is closed', async () => {
    const fixture = await openProbedClient();
    fixture.upstream.answerAlways(answerBytes('', 'reset'));
    await failUntilOpen(fixture);
    fixture.client.close();
    expect(fixture.probes.pendingMs).toEqual([]);
  });
});

describe('a wrong key', () => {
  it('is not two hundred refused logins', async () => {
    const { askInVain, client, upstream } = await openProbedClient();
    upstream.answerAlways(answerStatus('-1'));
    const first = await askInVain();
    expect(first).toMatchObject({ code: 'UPSTREAM_MISCONFIGURED' });
    while (!((await askInVain()) instanceof UpstreamCircuitOpenError));
    const calls = client.callCount;
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => askInVain()));
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ code: 'UPSTREAM_CIRCUIT_OPEN', retryAfterMs: expect.any(Number) });
    expect(client.callCount).toBe(calls);
    expect(calls).toBeLessThanOrEqual(5);
  });

  it('that all meet at once is refused a few dozen times', async () => {
    const { ask, upstream } = await openProbedClient();
    upstream.answerAlways(answerStatus('-2'));
    await Promise.allSettled(Array.from({ length: 500 }, () => ask()));
    expect(upstream.requests.length).toBeLessThanOrEqual(100);
  });

  it('of one app, while others are answered, opens nothing', async () => {
    const { ask, client, upstream, isIn } = await openProbedClient();
    await ask();
    upstream.answerAlways((socket, request) =>
      (request.body.includes('4luaKsL2') ? answerJson(samplePage()) : answerStatus('-1'))(socket, request),
    );
    const query = { appId: 'other', current: 1, size: 20 };
    for (let call = 0; call < 5; call += 1)
      await expect(
        client.sipQuery(query, { ...isIn(60_000), waiters: createWaiters() }),
      ).rejects.toMatchObject({ code: 'UPSTREAM_MISCONFIGURED' });
    await expect(ask()).resolves.toMatchObject({ total: 5 });
  });
});
