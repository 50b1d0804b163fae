import { describe, expect, it } from '@jest/globals';
import {
  answerBytes,
  answerHttp,
  answerJson,
  answerNothing,
  answerStatus,
  answerTrickle,
  samplePage,
} from '../../support/faulty-upstream.ts';
import { createManualTimers } from '../../support/manual-timers.ts';
import { useClients } from './client-fixture.ts';

const openClient = useClients();

describe('deadlineAt', () => {
  it('is DEADLINE_EXCEEDED without a call when less than 300 ms are left', async () => {
    const { askInVain, isIn, upstream, client } = await openClient();
    expect(await askInVain(isIn(299))).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(client.callCount).toBe(0);
    expect(upstream.requests).toEqual([]);
  });

  it.each([
    ['that is silent', answerNothing()],
    ['that trickles', answerTrickle(10)],
  ])('ends a call to an upstream %s as DEADLINE_EXCEEDED, 300 ms later at the least', async (_, answer) => {
    const { askInVain, upstream, client } = await openClient({ clock: { monotonicNow: () => 0 } });
    upstream.answerAlways(answer);
    const startedAt = performance.now();
    expect(await askInVain({ deadlineAt: 300 })).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(299);
    expect(client.callCount).toBe(1);
  });

  it('leaves no time for a retry: the failure stays what it is', async () => {
    const { askInVain, isIn, passTime, upstream, client, waits } = await openClient();
    upstream.answerAlways((socket, request) => {
      passTime(9_660);
      answerHttp(503, '')(socket, request);
    });
    expect(await askInVain(isIn(10_000))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(client.callCount).toBe(1);
    expect(waits).toEqual([]);
  });

  it('counts the time that is left when an attempt has timed out', async () => {
    const timers = createManualTimers();
    const clock = { startTimer: timers.startTimer };
    const { askInVain, client, isIn, passTime, upstream } = await openClient({
      attemptTimeoutMs: 3_000,
      clock,
    });
    upstream.answerAlways(answerNothing());
    const asked = askInVain(isIn(10_000));
    while (client.callCount === 0) await new Promise(setImmediate);
    passTime(9_800);
    timers.ringFirst();
    expect(await asked).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(client.callCount).toBe(1);
  });

  it('bounds the call that is signed again, too', async () => {
    const { askInVain, isIn, passTime, upstream, client } = await openClient();
    upstream.answerNext((socket, request) => {
      passTime(9_800);
      answerStatus('-16')(socket, request);
    });
    expect(await askInVain(isIn(10_000))).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(client.callCount).toBe(1);
  });
});

describe('a call that is over', () => {
  it('leaves no timer behind, however it went', async () => {
    const timers = createManualTimers();
    const { ask, askInVain, upstream } = await openClient({ clock: { startTimer: timers.startTimer } });
    await ask();
    upstream.answerNext(answerHttp(403, ''));
    await askInVain();
    upstream.answerNext(answerHttp(500, ''));
    await ask();
    upstream.answerNext(answerBytes('', 'reset'));
    await ask();
    expect(timers.pendingMs).toEqual([]);
  });
});

describe('signal', () => {
  const GONE = new Error('The client is gone.');

  it('rejects with its reason, without a call, when it had aborted before', async () => {
    const { askInVain, client } = await openClient();
    expect(await askInVain({ signal: AbortSignal.abort(GONE) })).toBe(GONE);
    expect(client.callCount).toBe(0);
  });

  it.each([
    ['before the headers', answerNothing()],
    ['within the body', answerBytes('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{', 'hang')],
    ['within the body of a failure', answerBytes('HTTP/1.1 403 No\r\nContent-Length: 99\r\n\r\n{', 'hang')],
  ])('closes the connection and rejects with its reason when it aborts %s', async (_, answer) => {
    const { ask, askInVain, client, upstream } = await openClient({
      clock: { startTimer: createManualTimers().startTimer },
    });
    const controller = new AbortController();
    upstream.answerNext(answer);
    const closed = upstream.nextClose();
    const asked = askInVain({ signal: controller.signal });
    // Once a later call has its answer, the earlier one has all that it was sent.
    while (upstream.requests.length === 0) await new Promise(setImmediate);
    await ask();
    controller.abort(GONE);
    expect(await asked).toBe(GONE);
    await closed;
    expect(upstream.openCount).toBe(1);
    expect(client.callCount).toBe(2);
  });

  it('ends the wait for a retry', async () => {
    const controller = new AbortController();
    const { askInVain, client, upstream } = await openClient({
      sleep: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
          controller.abort(GONE);
        }),
    });
    upstream.answerAlways(answerHttp(500, ''));
    expect(await askInVain({ signal: controller.signal })).toBe(GONE);
    expect(client.callCount).toBe(1);
  });

  it('is no timeout: another call is not touched', async () => {
    const { ask, askInVain, upstream } = await openClient();
    const controller = new AbortController();
    upstream.answerNext(() => controller.abort(GONE), answerJson(samplePage()));
    const [gone, page] = await Promise.all([askInVain({ signal: controller.signal }), ask()]);
    expect(gone).toBe(GONE);
    expect(page.total).toBe(5);
  });

  it('keeps no listener once the call is over, however it went', async () => {
    const { ask, askInVain, upstream } = await openClient();
    const { signal, listenerCount } = createCountingSignal();
    await ask({ signal });
    upstream.answerNext(answerHttp(403, ''));
    await askInVain({ signal });
    upstream.answerNext(answerHttp(500, ''));
    await ask({ signal });
    expect(listenerCount()).toBe(0);
  });

  function createCountingSignal() {
    const { signal } = new AbortController();
    let count = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      count += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      count -= 1;
      remove(...args);
    };
    return { signal, listenerCount: () => count };
  }
});
