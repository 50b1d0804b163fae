import { describe, expect, it } from '@jest/globals';
import { DeadlineExceededError } from '../../../../src/errors/request-errors.ts';
import {
  UpstreamBadResponseError,
  UpstreamMisconfiguredError,
  UpstreamRateLimitedError,
  UpstreamRejectedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../../../../src/errors/upstream-errors.ts';
import { createBreaker } from '../../../../src/itnio/breaker/breaker.ts';
import type { Layer } from '../../../../src/itnio/call.ts';
import type { VendorChange } from '../../../../src/itnio/events.ts';
import { createManualClock } from '../../../support/manual-clock.ts';
import { createEchoCall } from '../echo-call.ts';

const NO_CONNECTION = () => new UpstreamUnavailableError({ fault: 'ECONNREFUSED' });
const SYSTEM_ERROR = () => new UpstreamUnavailableError({ fault: 'status -18', hasAnswered: true });
const WRONG_KEY = () => new UpstreamMisconfiguredError('status -1', { isRefusal: true });

/** A vendor that fails by app as a test says, and answers at once. */
function createFixture() {
  const clock = createManualClock();
  const changes: VendorChange[] = [];
  const probes: string[] = [];
  const vendor = { fail: (_appId: string): unknown => undefined, hangs: false };
  let openCount = 0;
  const next: Layer = async ({ endpoint, query, appId, signal }) => {
    if (vendor.hangs) await new Promise((_, reject) => signal?.addEventListener('abort', reject));
    const failure = vendor.fail(appId);
    if (failure !== undefined) throw failure;
    return endpoint.decode(undefined, query);
  };
  const breaker = createBreaker(next, {
    clock: { ...clock, startBackgroundTimer: clock.startTimer },
    observer: { onAttempt() {}, onChange: (change) => void changes.push(change) },
    createProbe(appId, { signal, deadlineAt }) {
      probes.push(`${appId} at ${clock.monotonicNow()}`);
      return createEchoCall(appId, { signal, deadlineAt });
    },
    onOpen: () => {
      openCount += 1;
    },
  });
  const isRefused = (appId: string) => breaker.findRefusal(createEchoCall(appId)) !== undefined;
  async function ask(appId: string, times = 1): Promise<void> {
    for (let time = 0; time < times; time += 1)
      if (!isRefused(appId)) await breaker.layer(createEchoCall(appId)).catch(() => undefined);
    await clock.advance(0);
  }
  return {
    clock,
    changes,
    probes,
    vendor,
    breaker,
    ask,
    isRefused,
    openCount: () => openCount,
    kinds: () => changes.map(({ kind }) => kind),
  };
}

describe('createBreaker', () => {
  it('hands results and failures through', async () => {
    const { breaker, vendor } = createFixture();
    await expect(breaker.layer(createEchoCall('a'))).resolves.toBe('a');
    const failure = NO_CONNECTION();
    vendor.fail = () => failure;
    await expect(breaker.layer(createEchoCall('a'))).rejects.toBe(failure);
  });
});

describe('calls without a connection', () => {
  it('open the circuit for all with the twentieth, whichever apps they are of', async () => {
    const { ask, isRefused, openCount, vendor } = createFixture();
    vendor.fail = NO_CONNECTION;
    for (let call = 0; call < 19; call += 1) await ask(`app-${call}`);
    expect(isRefused('app-0')).toBe(false);
    await ask('app-19');
    expect(isRefused('app-0')).toBe(true);
    expect(isRefused('another')).toBe(true);
    expect(openCount()).toBe(1);
  });

  it.each([
    ['a timeout', () => new UpstreamTimeoutError()],
    ['a connection that breaks', NO_CONNECTION],
  ])('are %s', async (_, fail) => {
    const { ask, isRefused, vendor } = createFixture();
    vendor.fail = fail;
    await ask('a', 20);
    expect(isRefused('b')).toBe(true);
  });

  it('open it though many calls were answered just before', async () => {
    const { ask, isRefused, vendor } = createFixture();
    await ask('a', 500);
    vendor.fail = NO_CONNECTION;
    await ask('a', 20);
    expect(isRefused('a')).toBe(true);
  });

  it('open it where half of the calls get through', async () => {
    const { ask, isRefused, vendor } = createFixture();
    let call = 0;
    vendor.fail = () => (call++ % 2 === 0 ? NO_CONNECTION() : undefined);
    for (let round = 0; round < 30; round += 1) await ask(`app-${round % 7}`);
    expect(isRefused('another')).toBe(true);
  });

  it('leave it closed where most calls get through', async () => {
    const { ask, isRefused, vendor } = createFixture();
    let call = 0;
    vendor.fail = () => (call++ % 5 === 0 ? NO_CONNECTION() : undefined);
    await ask('a', 200);
    expect(isRefused('a')).toBe(false);
  });

  it('leave it closed when they come in more than ten seconds', async () => {
    const { ask, clock, isRefused, vendor } = createFixture();
    vendor.fail = NO_CONNECTION;
    for (let call = 0; call < 30; call += 1) {
      await ask('a');
      await clock.advance(600);
    }
    expect(isRefused('a')).toBe(false);
  });

  it('of one app open it for that app alone while another one is answered', async () => {
    const { ask, isRefused, vendor } = createFixture();
    vendor.fail = (appId) => (appId === 'slow' ? new UpstreamTimeoutError() : undefined);
    await ask('good');
    await ask('slow', 20);
    expect(isRefused('slow')).toBe(true);
    expect(isRefused('good')).toBe(false);
  });

  it('count when they end by a deadline that is shorter than an attempt', async () => {
    const clock = createManualClock();
    const late = createBreaker(
      async () => {
        await new Promise<void>((resolve) => clock.startTimer(resolve, 300));
        throw new DeadlineExceededError();
      },
      {
        clock: { ...clock, startBackgroundTimer: clock.startTimer },
        observer: { onAttempt() {}, onChange() {} },
        createProbe: () => createEchoCall('a'),
        onOpen() {},
      },
    );
    const asked = Array.from({ length: 20 }, () =>
      late.layer(createEchoCall('a')).catch((error: unknown) => error),
    );
    await clock.advance(300);
    await Promise.all(asked);
    expect(late.findRefusal(createEchoCall('a'))).toBeDefined();
    late.close();
  });
});

describe('what is no failure', () => {
  it.each([
    ['a client that has left', () => new DOMException('gone', 'AbortError')],
    ['a deadline that was used up before the call', () => new DeadlineExceededError()],
    ['a rate limit', () => new UpstreamRateLimitedError(1_000)],
    ['wrong parameters', () => new UpstreamRejectedError()],
    ['a certificate that cannot be verified', () => new UpstreamMisconfiguredError('CERT_HAS_EXPIRED')],
    ['a bug', () => new TypeError('x')],
  ])('is %s', async (_, fail) => {
    const { ask, isRefused, probes, vendor } = createFixture();
    vendor.fail = fail;
    for (const appId of ['a', 'b']) await ask(appId, 50);
    expect(isRefused('a')).toBe(false);
    expect(probes).toEqual([]);
  });
});

describe('bad answers', () => {
  it.each([
    ['5xx and -18', SYSTEM_ERROR],
    ['bodies that cannot be read', () => new UpstreamBadResponseError('body')],
  ])('that are %s open the circuit of their app', async (_, fail) => {
    const { ask, isRefused, vendor } = createFixture();
    vendor.fail = fail;
    await ask('a', 19);
    expect(isRefused('a')).toBe(false);
    await ask('a');
    expect(isRefused('a')).toBe(true);
    expect(isRefused('b')).toBe(false);
  });

  it('of several apps open it for all when none succeeds', async () => {
    const { ask, isRefused, vendor } = createFixture();
    vendor.fail = SYSTEM_ERROR;
    for (let call = 0; call < 10; call += 1) for (const appId of ['a', 'b']) await ask(appId);
    expect(isRefused('another')).toBe(true);
  });

  it('of several apps leave it closed for those that are answered', async () => {
    const { ask, isRefused, vendor } = createFixture();
    vendor.fail = (appId) => (appId === 'good' ? undefined : SYSTEM_ERROR());
    for (let call = 0; call < 20; call += 1) for (const appId of ['a', 'good', 'b']) await ask(appId);
    expect(['a', 'b', 'good'].map(isRefused)).toEqual([true, true, false]);
  });

  it('of apps that an anonymous caller makes up lock nobody out who has been answered before', async () => {
    const { ask, isRefused, probes, vendor } = createFixture();
    vendor.fail = (appId) => (appId === 'good' ? undefined : SYSTEM_ERROR());
    await ask('good');
    for (let call = 0; call < 200; call += 1) await ask(`made-up-${call}`);
    expect(isRefused('good')).toBe(false);
    expect(probes).toEqual(['good at 0']);
  });
});

describe('a refusal of the gateway', () => {
  it('that comes twice opens the circuit for 30 s when a call of an app that has answered before is refused, too', async () => {
    const { ask, clock, isRefused, probes, vendor } = createFixture();
    await ask('good');
    vendor.fail = WRONG_KEY;
    await ask('other');
    expect(probes).toEqual([]);
    await ask('other');
    expect(probes).toEqual(['good at 0']);
    expect(isRefused('good')).toBe(true);
    await clock.advance(29_999);
    expect(probes).toHaveLength(1);
    vendor.fail = () => undefined;
    await clock.advance(1);
    expect(probes).toEqual(['good at 0', 'good at 30000']);
    expect(isRefused('good')).toBe(false);
  });

  it('is checked by a call of its own app where none has answered before', async () => {
    const { ask, isRefused, probes, vendor } = createFixture();
    vendor.fail = WRONG_KEY;
    await ask('a', 2);
    expect(probes).toEqual(['a at 0']);
    expect(isRefused('b')).toBe(true);
  });

  it('leaves the circuit closed when the other call is answered', async () => {
    const { ask, isRefused, vendor } = createFixture();
    await ask('good');
    vendor.fail = (appId) => (appId === 'good' ? undefined : WRONG_KEY());
    await ask('other', 2);
    expect(isRefused('other')).toBe(false);
  });

  it('that comes once in ten seconds is not checked', async () => {
    const { ask, clock, probes, vendor } = createFixture();
    vendor.fail = WRONG_KEY;
    await ask('a');
    await clock.advance(10_000);
    await ask('a');
    expect(probes).toEqual([]);
  });

  it('is checked once in three seconds, however many calls are refused', async () => {
    const { ask, clock, probes, vendor } = createFixture();
    await ask('good');
    vendor.fail = (appId) => (appId === 'good' ? undefined : WRONG_KEY());
    await ask('other', 50);
    await clock.advance(2_999);
    await ask('other');
    expect(probes).toEqual(['good at 0']);
    await clock.advance(1);
    await ask('other');
    expect(probes).toEqual(['good at 0', 'good at 3000']);
  });
});

describe('an open circuit', () => {
  async function createOpenFixture() {
    const fixture = createFixture();
    await fixture.ask('good');
    fixture.vendor.fail = NO_CONNECTION;
    await fixture.ask('bad', 1);
    await fixture.ask('good', 19);
    return fixture;
  }

  it('refuses calls with the time until the next probe', async () => {
    const { breaker, clock } = await createOpenFixture();
    await clock.advance(1_000);
    expect(breaker.findRefusal(createEchoCall('a'))).toMatchObject({
      code: 'UPSTREAM_CIRCUIT_OPEN',
      retryable: true,
      retryAfterMs: 2_000,
    });
  });

  it('is probed every three seconds by a call of an app that has answered before', async () => {
    const { clock, probes } = await createOpenFixture();
    await clock.advance(9_500);
    expect(probes).toEqual(['good at 3000', 'good at 6000', 'good at 9000']);
  });

  it('is probed on while a probe hangs', async () => {
    const { clock, probes, vendor } = await createOpenFixture();
    vendor.hangs = true;
    await clock.advance(9_500);
    expect(probes).toHaveLength(3);
  });

  it('closes with the first probe that is answered', async () => {
    const { clock, isRefused, probes, vendor } = await createOpenFixture();
    await clock.advance(3_000);
    vendor.fail = () => undefined;
    await clock.advance(2_999);
    expect(isRefused('good')).toBe(true);
    await clock.advance(1);
    expect(isRefused('good')).toBe(false);
    await clock.advance(60_000);
    expect(probes).toHaveLength(2);
  });

  it('closes with an answer that the parameters are wrong', async () => {
    const { clock, isRefused, vendor } = await createOpenFixture();
    vendor.fail = () => new UpstreamRejectedError();
    await clock.advance(3_000);
    expect(isRefused('good')).toBe(false);
  });

  it('stays open while the probe is told to wait', async () => {
    const { clock, isRefused, vendor } = await createOpenFixture();
    vendor.fail = () => new UpstreamRateLimitedError(1_000);
    await clock.advance(3_000);
    expect(isRefused('good')).toBe(true);
  });

  it('is probed every 30 seconds once the probe is refused', async () => {
    const { clock, probes, vendor } = await createOpenFixture();
    vendor.fail = WRONG_KEY;
    await clock.advance(70_000);
    expect(probes).toEqual(['good at 3000', 'good at 33000', 'good at 63000']);
  });

  it.each([
    ['what it asked for', () => undefined],
    ['that its parameters are wrong', () => new UpstreamRejectedError()],
  ])(
    'that a probe has closed, which was answered %s, opens again only after twenty failures more',
    async (_, answer) => {
      const { ask, clock, isRefused, vendor } = await createOpenFixture();
      vendor.fail = answer;
      await clock.advance(3_000);
      vendor.fail = NO_CONNECTION;
      await ask('good', 19);
      expect(isRefused('good')).toBe(false);
      await ask('good');
      expect(isRefused('good')).toBe(true);
    },
  );

  it('is not opened again by calls that began before it closed', async () => {
    const clock = createManualClock();
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const slow = createBreaker(
      async ({ endpoint, query, waiters }) => {
        if (waiters.starter.requestId === 'slow') await finished;
        if (clock.monotonicNow() >= 3_000 && waiters.starter.requestId !== 'slow')
          return endpoint.decode(undefined, query);
        throw NO_CONNECTION();
      },
      {
        clock: { ...clock, startBackgroundTimer: clock.startTimer },
        observer: { onAttempt() {}, onChange() {} },
        createProbe: () => createEchoCall('a'),
        onOpen() {},
      },
    );
    const start = (requestId: string) =>
      slow.layer(createEchoCall('a', { requester: { requestId } })).catch(() => undefined);
    const slowOnes = Array.from({ length: 20 }, () => start('slow'));
    for (let call = 0; call < 20; call += 1) await start('quick');
    expect(slow.findRefusal(createEchoCall('a'))).toBeDefined();
    await clock.advance(3_000);
    expect(slow.findRefusal(createEchoCall('a'))).toBeUndefined();
    finish();
    await Promise.all(slowOnes);
    expect(slow.findRefusal(createEchoCall('a'))).toBeUndefined();
    slow.close();
  });

  it('is not probed any more once the breaker is closed down, and what was under way is aborted', async () => {
    const { breaker, clock, probes, vendor } = await createOpenFixture();
    vendor.hangs = true;
    await clock.advance(3_000);
    breaker.close();
    await clock.advance(60_000);
    expect(probes).toHaveLength(1);
  });
});

describe('the open circuit of one app', () => {
  async function createOpenAppFixture(...appIds: readonly string[]) {
    const fixture = createFixture();
    fixture.vendor.fail = (appId) => (appIds.includes(appId) ? SYSTEM_ERROR() : undefined);
    for (const appId of appIds) {
      for (let call = 0; call < 20; call += 1) {
        await fixture.ask(appId);
        await fixture.ask('good');
      }
    }
    return fixture;
  }

  it('is probed by a call of that app, and closes alone', async () => {
    const { clock, changes, isRefused, probes, vendor } = await createOpenAppFixture('bad');
    await clock.advance(3_000);
    expect(probes).toEqual(['bad at 3000']);
    expect(isRefused('bad')).toBe(true);
    vendor.fail = () => undefined;
    await clock.advance(3_000);
    expect(isRefused('bad')).toBe(false);
    expect(changes.at(-1)).toEqual({ kind: 'breaker-closed', appId: 'bad' });
  });

  it('is given up when nobody has asked for the app for a minute', async () => {
    const { clock, isRefused, probes } = await createOpenAppFixture('bad');
    await clock.advance(200_000);
    expect(probes).toHaveLength(20);
    expect(isRefused('bad')).toBe(false);
  });

  it('is probed no closer than a second after that of another', async () => {
    const { clock, probes } = await createOpenAppFixture('a', 'b', 'c', 'd', 'e');
    await clock.advance(10_000);
    const moments = probes.map((probe) => Number(probe.split(' ').at(-1)));
    for (const [index, moment] of moments.entries())
      if (index > 0) expect(moment - (moments[index - 1] ?? 0)).toBeGreaterThanOrEqual(1_000);
    expect(new Set(probes.map((probe) => probe.split(' ')[0]))).toEqual(new Set(['a', 'b', 'c', 'd', 'e']));
  });

  it('is not probed while the circuit is open for all, and closes with it', async () => {
    const { ask, clock, isRefused, probes, vendor } = await createOpenAppFixture('bad');
    vendor.fail = NO_CONNECTION;
    await ask('good', 20);
    await clock.advance(9_500);
    expect(probes).toEqual(['good at 3000', 'good at 6000', 'good at 9000']);
    vendor.fail = () => undefined;
    await clock.advance(3_000);
    expect(isRefused('bad')).toBe(false);
  });
});

describe('changes of state', () => {
  it('are reported once each', async () => {
    const { ask, clock, changes, vendor } = createFixture();
    vendor.fail = NO_CONNECTION;
    await ask('a', 50);
    vendor.fail = () => undefined;
    await clock.advance(3_000);
    await ask('a', 50);
    expect(changes).toEqual([
      { kind: 'unreachable', fault: 'ECONNREFUSED' },
      { kind: 'breaker-opened', cause: 'no connection', appId: undefined },
      { kind: 'answering' },
      { kind: 'breaker-closed', appId: undefined },
    ]);
  });

  it('are not a failure or two that a retry heals', async () => {
    const { ask, changes, vendor } = createFixture();
    let call = 0;
    vendor.fail = () => (call++ % 3 < 2 ? NO_CONNECTION() : undefined);
    await ask('a', 9);
    expect(changes).toEqual([]);
  });

  it('are a key that is refused, and one that is accepted', async () => {
    const { ask, kinds, changes, clock, vendor } = createFixture();
    vendor.fail = WRONG_KEY;
    await ask('a', 3);
    expect(changes[0]).toEqual({ kind: 'refused', fault: 'status -1' });
    vendor.fail = () => undefined;
    await clock.advance(30_000);
    expect(kinds()).toEqual(['refused', 'breaker-opened', 'answering', 'breaker-closed']);
  });
});
