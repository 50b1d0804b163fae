import { describe, expect, it } from '@jest/globals';
import { UpstreamRateLimitedError } from '../../../src/errors/upstream-errors.ts';
import type { Call } from '../../../src/itnio/call.ts';
import type { Endpoint } from '../../../src/itnio/endpoint.ts';
import { createHoldingCall } from '../../../src/itnio/holding-call.ts';

const echo: Endpoint<string, string> = {
  name: 'echo',
  path: '/echo',
  isRepeatable: true,
  encode: (request) => request,
  decode: (_, request) => request,
  describe: (request) => ({ request }),
};

/** A clock at 0 that sleeping puts forward, and a vendor that answers a call when and as a test says. */
function createFixture(draws: readonly number[] = []) {
  const time = { now: 0 };
  const waits: number[] = [];
  const sent: string[] = [];
  const refuse = new Map<string, (retryAfterMs: number) => void>();
  const randomDraws = [...draws];
  const next: Call = async (endpoint, request) => {
    const name = endpoint.encode(request);
    sent.push(name);
    if (name.startsWith('refused'))
      await new Promise((_, reject) =>
        refuse.set(name, (retryAfterMs) => reject(new UpstreamRateLimitedError(retryAfterMs))),
      );
    return endpoint.decode(undefined, request);
  };
  /** What happens while the first call sleeps. */
  const meanwhile = { run: async () => {} };
  const call = createHoldingCall(next, {
    now: () => time.now,
    random: () => randomDraws.shift() ?? 0,
    sleep: async (ms) => {
      const wakeAt = time.now + ms;
      waits.push(ms);
      await (waits.length === 1 ? meanwhile.run() : undefined);
      time.now = Math.max(time.now, wakeAt);
    },
  });
  const ask = (name: string, deadlineAt = 8_000) => call(echo, name, { deadlineAt });
  return {
    time,
    waits,
    sent,
    meanwhile,
    ask,
    /** Sends a call at once, which the vendor refuses later. */
    send(name: string): { refuse(retryAfterMs: number): Promise<void> } {
      const outcome = ask(name).catch((error: unknown) => error);
      return {
        async refuse(retryAfterMs) {
          refuse.get(name)?.(retryAfterMs);
          expect(await outcome).toMatchObject({ retryAfterMs });
        },
      };
    },
  };
}

async function createHeldFixture(retryAfterMs: number, draws?: readonly number[]) {
  const fixture = createFixture(draws);
  await fixture.send('refused').refuse(retryAfterMs);
  return fixture;
}

describe('createHoldingCall', () => {
  it('holds a call for what is left of the wait', async () => {
    const { ask, time, waits } = await createHeldFixture(2_000);
    time.now = 500;
    await expect(ask('a')).resolves.toBe('a');
    expect(waits).toEqual([1_500]);
  });

  it('lets held calls go at moments of their own, up to 100 ms later', async () => {
    const { ask, waits } = await createHeldFixture(2_000, [0, 0.25, 0.99]);
    await Promise.all(['a', 'b', 'c'].map((name) => ask(name)));
    expect(waits).toEqual([2_000, 2_025, 2_099]);
  });

  it('holds a waiting call for longer when the vendor asks for more meanwhile', async () => {
    const { ask, meanwhile, send, sent, waits } = createFixture();
    const [first, second] = [send('refused'), send('refused later')];
    await first.refuse(2_000);
    meanwhile.run = () => second.refuse(5_000);
    await expect(ask('a')).resolves.toBe('a');
    expect(waits).toEqual([2_000, 3_000]);
    expect(sent).toEqual(['refused', 'refused later', 'a']);
  });

  it('fails a waiting call when the vendor asks for more than its deadline allows', async () => {
    const { ask, meanwhile, send, sent } = createFixture();
    const [first, second] = [send('refused'), send('refused later')];
    await first.refuse(2_000);
    meanwhile.run = () => second.refuse(30_000);
    await expect(ask('a')).rejects.toMatchObject({ code: 'UPSTREAM_RATE_LIMITED', retryAfterMs: 28_000 });
    expect(sent).toEqual(['refused', 'refused later']);
  });

  it.each([
    [2_299, 0],
    [2_349, 0.5],
  ])('fails a call at once whose deadline at %d leaves too little of it', async (deadlineAt, draw) => {
    const { ask, sent, waits } = await createHeldFixture(2_000, [draw]);
    await expect(ask('a', deadlineAt)).rejects.toMatchObject({
      code: 'UPSTREAM_RATE_LIMITED',
      retryAfterMs: 2_000,
    });
    expect(waits).toEqual([]);
    expect(sent).toEqual(['refused']);
  });
});
