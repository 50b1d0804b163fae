import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../../src/domain/clock.ts';
import { type Requester, Waiters } from '../../../../src/domain/requester.ts';
import { RateLimitedError } from '../../../../src/errors/request-errors.ts';
import { UpstreamRateLimitedError } from '../../../../src/errors/upstream-errors.ts';
import type { Layer } from '../../../../src/itnio/call.ts';
import { ConcurrencyLimit } from '../../../../src/itnio/gate/concurrency.ts';
import { createGate } from '../../../../src/itnio/gate/gate.ts';
import { createManualTimers } from '../../../support/manual-timers.ts';
import { createRequester } from '../../../support/requester.ts';
import { createEchoCall } from '../echo-call.ts';

const GONE = new Error('The client is gone.');
const REFUSED = new Error('The breaker is open.');

interface AskOptions {
  readonly deadlineAt?: number;
  readonly signal?: AbortSignal;
  readonly requester?: Requester;
  readonly waiters?: Waiters;
}

/** Two slots, a clock that stands still unless something sleeps, and a vendor that answers when and as a test says. */
function createFixture(
  draws: readonly number[] = [],
  concurrency = new ConcurrencyLimit({ least: 2, most: 2 }),
) {
  const timers = createManualTimers();
  const time = { now: 0 };
  const waits: number[] = [];
  const randomDraws = [...draws];
  const coolDowns: unknown[] = [];
  const refused = new Set<string>();
  /** What happens while the first call sleeps. */
  const meanwhile = { run: async () => {} };
  const inside = new Map<string, (error?: Error) => void>();
  const started: string[] = [];
  const next: Layer = async ({ endpoint, query, appId }) => {
    started.push(appId);
    await new Promise<void>((resolve, reject) =>
      inside.set(appId, (error) => (error === undefined ? resolve() : reject(error))),
    );
    return endpoint.decode(undefined, query);
  };
  const gate = createGate(next, {
    concurrency,
    clock: { ...systemClock, monotonicNow: () => time.now, startTimer: timers.startTimer },
    random: () => randomDraws.shift() ?? 0,
    sleep: async (ms) => {
      const wakeAt = time.now + ms;
      waits.push(ms);
      await (waits.length === 1 ? meanwhile.run() : undefined);
      time.now = Math.max(time.now, wakeAt);
    },
    observer: { onAttempt() {}, onChange: (change) => void coolDowns.push(change) },
    findRefusal: ({ appId }) => (refused.has(appId) ? REFUSED : undefined),
  });
  const turn = () => new Promise(setImmediate);
  const ask = (name: string, { requester = createRequester(), ...options }: AskOptions = {}) =>
    gate.layer(createEchoCall(name, { waiters: new Waiters(requester), ...options }));
  return {
    timers,
    time,
    waits,
    meanwhile,
    started,
    coolDowns,
    refused,
    recheck: gate.recheck,
    ask,
    /** Asks without looking at what comes of it. */
    start: (name: string, options?: AskOptions) => void ask(name, options).catch(() => undefined),
    /** Lets a call end, and those behind it move up. */
    async finish(name: string, error?: Error) {
      inside.get(name)?.(error);
      await turn();
    },
    /** Lets calls end one by one, and says in which order the others were let in. */
    async finishAll() {
      const seen = started.length;
      for (const name of started) {
        inside.get(name)?.();
        await turn();
      }
      return started.slice(seen);
    },
    /** Sends a call at once, which the vendor refuses later. */
    send(name: string) {
      const outcome = ask(name).catch((error: unknown) => error);
      return {
        async refuse(retryAfterMs: number) {
          inside.get(name)?.(new UpstreamRateLimitedError(retryAfterMs));
          expect(await outcome).toMatchObject({ retryAfterMs });
        },
      };
    },
  };
}

function createFullFixture() {
  const fixture = createFixture();
  fixture.start('a');
  fixture.start('b');
  return fixture;
}

describe('createGate', () => {
  it('lets as many calls through as there are slots, and the others of a request in order of arrival', async () => {
    const { ask, finish, started } = createFixture();
    const asked = Promise.all(['a', 'b', 'c', 'd'].map((name) => ask(name)));
    expect(started).toEqual(['a', 'b']);
    await finish('b');
    expect(started).toEqual(['a', 'b', 'c']);
    await finish('a');
    expect(started).toEqual(['a', 'b', 'c', 'd']);
    await finish('c');
    await finish('d');
    await expect(asked).resolves.toEqual(['a', 'b', 'c', 'd']);
  });

  it('frees the slot of a call that fails', async () => {
    const { ask, finish, start, started } = createFixture();
    const failed = expect(ask('a')).rejects.toBe(GONE);
    start('b');
    start('c');
    await finish('a', GONE);
    await failed;
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('has all its slots again once everything is over', async () => {
    const { ask, finish, start, started } = createFixture();
    const asked = ['a', 'b', 'c'].map((name) => ask(name));
    for (const name of ['a', 'b', 'c']) await finish(name);
    await Promise.all(asked);
    for (const name of ['d', 'e', 'f']) start(name);
    expect(started).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('sends no call whose signal had aborted before', async () => {
    const { ask, started } = createFixture();
    await expect(ask('a', { signal: AbortSignal.abort(GONE) })).rejects.toBe(GONE);
    expect(started).toEqual([]);
  });
});

describe('a call that waits for a slot', () => {
  it('leaves with its signal, and its place goes to the next', async () => {
    const { ask, finish, start, started, timers } = createFullFixture();
    const controller = new AbortController();
    const leaving = expect(ask('c', { signal: controller.signal })).rejects.toBe(GONE);
    start('d');
    controller.abort(GONE);
    await leaving;
    await finish('a');
    expect(started).toEqual(['a', 'b', 'd']);
    expect(timers.pendingMs).toEqual([]);
  });

  it('leaves as DEADLINE_EXCEEDED when 300 ms are left', async () => {
    const { ask, finish, started, timers } = createFullFixture();
    const leaving = expect(ask('c', { deadlineAt: 2_000 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
    expect(timers.pendingMs).toEqual([1_700]);
    timers.ringFirst();
    await leaving;
    await finish('a');
    expect(started).toEqual(['a', 'b']);
  });

  it('does not even wait with under 300 ms left', async () => {
    const { ask, timers } = createFullFixture();
    await expect(ask('c', { deadlineAt: 299 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(timers.pendingMs).toEqual([]);
  });

  it('takes no slot with less time left than the fastest call of late took', async () => {
    const { ask, finish, start, started, time } = createFullFixture();
    const late = expect(ask('c', { deadlineAt: 1_999 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    start('d', { deadlineAt: 2_000 });
    time.now = 1_000;
    await finish('a');
    await late;
    expect(started).toEqual(['a', 'b', 'd']);
    await expect(ask('e', { deadlineAt: 1_999 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });

  it('forgets how slow the vendor was after twenty seconds', async () => {
    const { finishAll, start, started, time } = createFullFixture();
    time.now = 1_000;
    await finishAll();
    time.now = 21_001;
    for (const name of ['c', 'd', 'e']) start(name, { deadlineAt: 21_301 });
    await finishAll();
    expect(started).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('is no more watched once it has its slot', async () => {
    const { ask, finish, started, timers } = createFullFixture();
    const controller = new AbortController();
    const asked = ask('c', { signal: controller.signal });
    await finish('a');
    expect(timers.pendingMs).toEqual([]);
    controller.abort(GONE);
    expect(started).toEqual(['a', 'b', 'c']);
    await finish('c');
    await expect(asked).resolves.toBe('c');
  });

  it('leaves as soon as it is refused, and others stay', async () => {
    const { ask, finish, recheck, refused, start, started } = createFullFixture();
    const leaving = expect(ask('c')).rejects.toBe(REFUSED);
    start('d');
    refused.add('c');
    recheck();
    await leaving;
    await finish('a');
    expect(started).toEqual(['a', 'b', 'd']);
  });

  it('takes no slot when it is refused at its turn', async () => {
    const { ask, finish, refused, start, started } = createFullFixture();
    const leaving = expect(ask('c')).rejects.toBe(REFUSED);
    start('d');
    refused.add('c');
    await finish('a');
    await leaving;
    expect(started).toEqual(['a', 'b', 'd']);
  });
});

describe('a call that is refused', () => {
  it('does not wait', async () => {
    const { ask, refused } = createFullFixture();
    refused.add('c');
    await expect(ask('c')).rejects.toBe(REFUSED);
  });
});

describe('calls of several callers', () => {
  const createCaller = (share: string) => createRequester({ share });

  it('take turns, however many calls one of them makes', async () => {
    const { finishAll, start } = createFullFixture();
    const [many, few] = [createCaller('many'), createCaller('few')];
    for (const name of ['m1', 'm2', 'm3', 'm4']) start(name, { requester: many });
    for (const name of ['f1', 'f2']) start(name, { requester: few });
    expect(await finishAll()).toEqual(['m1', 'f1', 'm2', 'f2', 'm3', 'm4']);
  });

  it('take turns, however many requests one of them makes', async () => {
    const { finishAll, start } = createFullFixture();
    for (const name of ['m1', 'm2', 'm3']) start(name, { requester: createCaller('many') });
    start('f1', { requester: createCaller('few') });
    expect(await finishAll()).toEqual(['m1', 'f1', 'm2', 'm3']);
  });

  it('and of several requests of one caller take turns', async () => {
    const { finishAll, start } = createFullFixture();
    const [first, second] = [createCaller('one'), createCaller('one')];
    for (const name of ['1a', '1b', '1c']) start(name, { requester: first });
    for (const name of ['2a', '2b']) start(name, { requester: second });
    expect(await finishAll()).toEqual(['1a', '2a', '1b', '2b', '1c']);
  });
});

describe('a call that several requests wait for', () => {
  function createSharedFixture() {
    const fixture = createFullFixture();
    const [many, few] = [createRequester({ share: 'many' }), createRequester({ share: 'few' })];
    const waiters = new Waiters(many);
    for (const name of ['m1', 'm2', 'm3']) fixture.start(name, { requester: many });
    fixture.start('shared', { waiters });
    return { ...fixture, many, few, waiters };
  }

  it('waits at the best place of all of them', async () => {
    const { few, finishAll, waiters } = createSharedFixture();
    waiters.join(few);
    expect(await finishAll()).toEqual(['m1', 'shared', 'm2', 'm3']);
  });

  it('takes the turn of the one that started it, not of those who joined', async () => {
    const { few, finishAll, start, waiters } = createSharedFixture();
    waiters.join(few);
    start('f1', { requester: few });
    start('f2', { requester: few });
    expect(await finishAll()).toEqual(['m1', 'shared', 'f1', 'm2', 'f2', 'm3']);
  });

  it('loses the place of one that leaves', async () => {
    const { few, finishAll, waiters } = createSharedFixture();
    waiters.join(few);
    waiters.leave(few);
    expect(await finishAll()).toEqual(['m1', 'm2', 'm3', 'shared']);
  });

  it('keeps its other places when the one that started it leaves', async () => {
    const { few, finishAll, many, waiters } = createSharedFixture();
    waiters.join(few);
    waiters.leave(many);
    expect(await finishAll()).toEqual(['m1', 'shared', 'm2', 'm3']);
  });

  it('keeps a place for one that joined twice and left once', async () => {
    const { few, finishAll, waiters } = createSharedFixture();
    waiters.join(few);
    waiters.join(few);
    waiters.leave(few);
    expect(await finishAll()).toEqual(['m1', 'shared', 'm2', 'm3']);
  });

  it('is let in once', async () => {
    const { few, finishAll, started, waiters } = createSharedFixture();
    waiters.join(few);
    await finishAll();
    await finishAll();
    expect(started.filter((name) => name === 'shared')).toHaveLength(1);
  });
});

describe('a request at its first call', () => {
  const createNewcomer = () => createRequester({ hasCalled: false });

  it('waits a second at most, and is then OVERLOADED', async () => {
    const { ask, timers } = createFullFixture();
    const leaving = expect(ask('c', { requester: createNewcomer() })).rejects.toMatchObject({
      code: 'OVERLOADED',
    });
    expect(timers.pendingMs).toEqual([1_000]);
    timers.ringFirst();
    await leaving;
    expect(timers.pendingMs).toEqual([]);
  });

  it('is OVERLOADED at once where forty others wait', async () => {
    const { ask, start } = createFullFixture();
    for (let index = 0; index < 39; index += 1) start(`n${index}`, { requester: createNewcomer() });
    const last = createNewcomer();
    start('n39', { requester: last });
    await expect(ask('c', { requester: createNewcomer() })).rejects.toMatchObject({ code: 'OVERLOADED' });
    // One request, however many calls it begins with.
    start('again', { requester: last });
  });

  it('has a place again when one of the forty has left or was let in', async () => {
    const { ask, finish, start, timers } = createFullFixture();
    for (let index = 0; index < 40; index += 1) start(`n${index}`, { requester: createNewcomer() });
    await finish('a');
    start('c', { requester: createNewcomer() });
    await expect(ask('d', { requester: createNewcomer() })).rejects.toMatchObject({ code: 'OVERLOADED' });
    timers.ringFirst();
    await new Promise(setImmediate);
    start('e', { requester: createNewcomer() });
    await expect(ask('f', { requester: createNewcomer() })).rejects.toMatchObject({ code: 'OVERLOADED' });
  });

  it('is finished once it has called: its later calls wait until its deadline, however many wait', async () => {
    const { finish, start, timers } = createFixture();
    const requester = createNewcomer();
    start('a', { requester });
    start('b', { requester });
    await finish('a');
    start('c', { requester });
    for (let index = 0; index < 40; index += 1) start(`n${index}`, { requester: createNewcomer() });
    start('d', { requester });
    expect(timers.pendingMs.filter((ms) => ms === 7_700)).toHaveLength(1);
  });

  it('waits on when another of its calls was let in meanwhile', async () => {
    const { ask, finish, start, started, timers } = createFullFixture();
    const requester = createNewcomer();
    start('c', { requester });
    const asked = ask('d', { requester });
    await finish('a');
    expect(started).toEqual(['a', 'b', 'c']);
    timers.ringFirst();
    expect(timers.pendingMs).toEqual([7_700]);
    await finish('b');
    await finish('d');
    await expect(asked).resolves.toBe('d');
  });

  it('waits on when a request that has called waits for the same call', async () => {
    const { start, timers } = createFullFixture();
    const waiters = new Waiters(createNewcomer());
    start('c', { waiters });
    waiters.join(createRequester());
    timers.ringFirst();
    expect(timers.pendingMs).toEqual([7_700]);
  });
});

describe('shares that may not hold all slots', () => {
  const createAnonymous = (options: Partial<Requester> = {}) =>
    createRequester({ share: 'anonymous', mostOfSlots: 1 / 2, ...options });
  const known = createRequester({ share: 'known', mostOfSlots: 3 / 4 });
  const createWideFixture = (slots = 4) =>
    createFixture([], new ConcurrencyLimit({ least: slots, most: slots }));

  it('leave room for others, who wait for nobody', () => {
    const { start, started } = createWideFixture();
    for (const name of ['a1', 'a2', 'a3', 'a4']) start(name, { requester: createAnonymous() });
    for (const name of ['k1', 'k2', 'k3']) start(name, { requester: known });
    expect(started).toEqual(['a1', 'a2', 'k1', 'k2']);
  });

  it('get their slots back as their calls end, and only these', async () => {
    const { finish, start, started } = createWideFixture();
    for (const name of ['a1', 'a2', 'a3', 'a4']) start(name, { requester: createAnonymous() });
    for (const name of ['k1', 'k2', 'k3', 'k4', 'k5']) start(name, { requester: known });
    await finish('k1');
    await finish('k2');
    expect(started).toEqual(['a1', 'a2', 'k1', 'k2', 'k3', 'k4']);
    await finish('a1');
    expect(started.slice(6)).toEqual(['a3']);
    await finish('k3');
    await finish('k4');
    expect(started.slice(7)).toEqual(['k5']);
    await finish('k5');
    await finish('a2');
    expect(started.slice(8)).toEqual(['a4']);
  });

  it('have one slot at least', () => {
    const { start, started } = createWideFixture(1);
    start('a1', { requester: createAnonymous() });
    expect(started).toEqual(['a1']);
  });

  it('do not keep a call waiting that someone of another share waits for too', async () => {
    const { start, started } = createWideFixture();
    for (const name of ['a1', 'a2']) start(name, { requester: createAnonymous() });
    const waiters = new Waiters(createAnonymous());
    start('shared', { waiters });
    expect(started).toEqual(['a1', 'a2']);
    waiters.join(known);
    start('k1', { requester: known });
    expect(started).toEqual(['a1', 'a2', 'k1']);
  });

  it('may have their part of the forty that wait for a first call', async () => {
    const { ask, start } = createWideFixture();
    for (let index = 0; index < 22; index += 1)
      start(`a${index}`, { requester: createAnonymous({ hasCalled: false }) });
    await expect(ask('late', { requester: createAnonymous({ hasCalled: false }) })).rejects.toMatchObject({
      code: 'OVERLOADED',
    });
  });
});

describe('a request that would wait for its first call for more than a second', () => {
  it('is OVERLOADED at once', async () => {
    const { ask, finish, start, time } = createFixture();
    // Ten answers a second, always with others waiting.
    for (let index = 0; index < 60; index += 1) start(`c${index}`);
    for (let index = 0; index < 48; index += 1) {
      time.now += 100;
      await finish(`c${index}`);
    }
    const createNewcomer = () => createRequester({ share: 'other', hasCalled: false });
    const refused: unknown[] = [];
    for (let index = 0; index < 5; index += 1)
      ask(`n${index}`, { requester: createNewcomer() }).catch((error: unknown) => refused.push(error));
    // Six of the others and five of its own would go before it: more than the vendor answers in a second.
    await expect(ask('late', { requester: createNewcomer() })).rejects.toMatchObject({ code: 'OVERLOADED' });
    // Twelve others wait, but not before these: they take turns.
    expect(refused).toEqual([]);
  });
});

describe('a caller with an allowance', () => {
  /** Counts what is taken, and refuses when a test says so. */
  function createCounted() {
    const counted = { taken: 0, isEmpty: false };
    const assertLeft = () => {
      if (counted.isEmpty) throw new RateLimitedError('Calls', 5);
    };
    const allowance = {
      assertLeft,
      take() {
        assertLeft();
        counted.taken += 1;
      },
      owe() {
        counted.taken += 1;
      },
      giveBack() {
        counted.taken -= 1;
      },
    };
    return { counted, requester: createRequester({ allowance }) };
  }

  it('pays for a call that is sent, also when it fails', async () => {
    const { ask, finish } = createFixture();
    const { counted, requester } = createCounted();
    const failed = expect(ask('a', { requester })).rejects.toBe(GONE);
    await finish('a', GONE);
    await failed;
    expect(counted.taken).toBe(1);
  });

  it('is RATE_LIMITED when nothing is left, and nothing is sent', async () => {
    const { ask, started } = createFixture();
    const { counted, requester } = createCounted();
    counted.isEmpty = true;
    await expect(ask('a', { requester })).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 5 });
    expect(started).toEqual([]);
  });

  it('does not pay for a call that was not sent', async () => {
    const { ask, timers } = createFullFixture();
    const { counted, requester } = createCounted();
    const leaving = expect(ask('c', { requester })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    timers.ringFirst();
    await leaving;
    expect(counted.taken).toBe(0);
  });
});

describe('a cool-down', () => {
  async function createCoolingFixture(retryAfterMs: number, draws?: readonly number[]) {
    const fixture = createFixture(draws);
    await fixture.send('refused').refuse(retryAfterMs);
    return fixture;
  }

  it('holds a call for what is left of it', async () => {
    const { ask, finish, time, waits } = await createCoolingFixture(2_000);
    time.now = 500;
    const asked = ask('a');
    await finish('');
    await finish('a');
    await expect(asked).resolves.toBe('a');
    expect(waits).toEqual([1_500]);
  });

  it('is reported once, however many calls ask for it', async () => {
    const { coolDowns, send } = createFixture();
    const [first, second] = [send('one'), send('two')];
    await first.refuse(2_000);
    await second.refuse(2_500);
    expect(coolDowns).toEqual([{ kind: 'cool-down', retryAfterMs: 2_000 }]);
  });

  it('lets calls go at moments of their own, up to 100 ms later', async () => {
    const { start, waits } = await createCoolingFixture(2_000, [0, 0.25, 0.99]);
    for (const name of ['a', 'b', 'c']) start(name);
    expect(waits).toEqual([2_000, 2_025, 2_099]);
  });

  it('takes longer for a waiting call when the vendor asks for more meanwhile', async () => {
    const { finish, meanwhile, send, start, started, waits } = createFixture();
    const [first, second] = [send('refused'), send('refused later')];
    await first.refuse(2_000);
    meanwhile.run = () => second.refuse(5_000);
    start('a');
    await finish('');
    expect(waits).toEqual([2_000, 3_000]);
    expect(started).toEqual(['refused', 'refused later', 'a']);
  });

  it('fails a waiting call when the vendor asks for more than its deadline allows', async () => {
    const { ask, meanwhile, send, started } = createFixture();
    const [first, second] = [send('refused'), send('refused later')];
    await first.refuse(2_000);
    meanwhile.run = () => second.refuse(30_000);
    await expect(ask('a')).rejects.toMatchObject({ code: 'UPSTREAM_RATE_LIMITED', retryAfterMs: 28_000 });
    expect(started).toEqual(['refused', 'refused later']);
  });

  it.each([
    [2_299, 0],
    [2_349, 0.5],
  ])('fails a call at once whose deadline at %d leaves too little of it', async (deadlineAt, draw) => {
    const { ask, started, waits } = await createCoolingFixture(2_000, [draw]);
    await expect(ask('a', { deadlineAt })).rejects.toMatchObject({
      code: 'UPSTREAM_RATE_LIMITED',
      retryAfterMs: 2_000,
    });
    expect(waits).toEqual([]);
    expect(started).toEqual(['refused']);
  });

  it('fails a call at once that waited for a slot when it came, and whose deadline is near', async () => {
    const { ask, finish, send, start, started } = createFixture();
    const first = send('refused');
    start('b');
    const queued = expect(ask('c', { deadlineAt: 2_000 })).rejects.toMatchObject({
      code: 'UPSTREAM_RATE_LIMITED',
    });
    await first.refuse(5_000);
    await queued;
    await finish('b');
    expect(started).toEqual(['refused', 'b']);
  });

  it('holds no slot: calls that wait for its end leave all of them free', async () => {
    const { send, start, started, time } = createFixture();
    const first = send('refused');
    start('b');
    for (const name of ['c', 'd', 'e']) start(name);
    await first.refuse(2_000);
    await new Promise(setImmediate);
    expect(time.now).toBeGreaterThanOrEqual(2_000);
    // 'b' still holds one of two slots; had a waiting call kept the other, none would have been let in.
    expect(started).toHaveLength(3);
  });
});
