import { describe, expect, it } from '@jest/globals';
import type { Call } from '../../../src/itnio/call.ts';
import type { Endpoint } from '../../../src/itnio/endpoint.ts';
import { createSlottedCall } from '../../../src/itnio/slotted-call.ts';
import { createManualTimers } from '../../support/manual-timers.ts';

const GONE = new Error('The client is gone.');

const echo: Endpoint<string, string> = {
  name: 'echo',
  path: '/echo',
  isRepeatable: true,
  encode: (request) => request,
  decode: (_, request) => request,
  describe: (request) => ({ request }),
};

/** Two slots, a clock that stands at 0, and what happens inside the slots under the test's control. */
function createFixture() {
  const timers = createManualTimers();
  const inside = new Map<string, (error?: Error) => void>();
  const started: string[] = [];
  const next: Call = async (endpoint, request) => {
    const name = endpoint.encode(request);
    started.push(name);
    await new Promise<void>((resolve, reject) =>
      inside.set(name, (error) => (error === undefined ? resolve() : reject(error))),
    );
    return endpoint.decode(undefined, request);
  };
  const call = createSlottedCall(next, { slotCount: 2, now: () => 0, startTimer: timers.startTimer });
  return {
    timers,
    started,
    ask: (name: string, options: { deadlineAt?: number; signal?: AbortSignal } = {}) =>
      call(echo, name, { deadlineAt: 8_000, ...options }),
    /** Lets a call end, and those behind it move up. */
    async finish(name: string, error?: Error) {
      inside.get(name)?.(error);
      await new Promise(setImmediate);
    },
  };
}

describe('createSlottedCall', () => {
  it('lets as many calls through as there are slots, and the others in order of arrival', async () => {
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
    const { ask, finish, started } = createFixture();
    const failed = expect(ask('a')).rejects.toBe(GONE);
    const others = ['b', 'c'].map((name) => ask(name));
    await finish('a', GONE);
    await failed;
    expect(started).toEqual(['a', 'b', 'c']);
    await finish('b');
    await finish('c');
    await Promise.all(others);
  });

  it('has all its slots again once everything is over', async () => {
    const { ask, finish, started } = createFixture();
    const asked = ['a', 'b', 'c'].map((name) => ask(name));
    for (const name of ['a', 'b', 'c']) await finish(name);
    await Promise.all(asked);
    for (const name of ['d', 'e', 'f']) void ask(name);
    expect(started).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('sends no call whose signal had aborted before', async () => {
    const { ask, started } = createFixture();
    await expect(ask('a', { signal: AbortSignal.abort(GONE) })).rejects.toBe(GONE);
    expect(started).toEqual([]);
  });
});

describe('a call that waits for a slot', () => {
  function createFullFixture() {
    const fixture = createFixture();
    void fixture.ask('a');
    void fixture.ask('b');
    return fixture;
  }

  it('leaves with its signal, and its place goes to the next', async () => {
    const { ask, finish, started, timers } = createFullFixture();
    const controller = new AbortController();
    const leaving = expect(ask('c', { signal: controller.signal })).rejects.toBe(GONE);
    void ask('d');
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
});
