import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { systemClock } from '../../../src/domain/clock.ts';
import { DeadlineExceededError } from '../../../src/errors/request-errors.ts';
import {
  UpstreamBadResponseError,
  UpstreamMisconfiguredError,
  UpstreamRateLimitedError,
  UpstreamRejectedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../../../src/errors/upstream-errors.ts';
import type { Layer } from '../../../src/itnio/call.ts';
import { createRetry, planRetry } from '../../../src/itnio/retry.ts';
import { createEchoCall } from './echo-call.ts';

describe('planRetry', () => {
  it.each([
    ['a timeout', new UpstreamTimeoutError(), 0],
    ['an upstream that is unavailable', new UpstreamUnavailableError(), 0],
    ['a 503 with Retry-After', new UpstreamUnavailableError({ retryAfterMs: 2_000 }), 2_000],
    ['a rate limit that names its time', new UpstreamRateLimitedError(3_000), 3_000],
    ['an answer that may read better', new UpstreamBadResponseError('x', { mayPass: true }), 0],
  ])('allows another call after %s', (_, error, leastWaitMs) => {
    expect(planRetry(error)).toBe(leastWaitMs);
  });

  it.each([
    ['a rate limit that names no time', new UpstreamRateLimitedError(1_000, { isWaitKnown: false })],
    ['an answer that will not read better', new UpstreamBadResponseError('x')],
    ['a misconfiguration', new UpstreamMisconfiguredError('x')],
    ['a rejection', new UpstreamRejectedError()],
    ['a used-up deadline', new DeadlineExceededError()],
    ['an abort', new DOMException('gone', 'AbortError')],
    ['a bug', new TypeError('x')],
  ])('allows none after %s', (_, error) => {
    expect(planRetry(error)).toBeUndefined();
  });
});

describe('createRetry', () => {
  /** A vendor that fails the calls for which a test says so, and a clock that waits put forward. */
  function createFixture() {
    const fixture = { now: 0, callCount: 0, fails: (_callNumber: number) => true };
    const waits: number[] = [];
    const next: Layer = async ({ endpoint, query }) => {
      fixture.callCount += 1;
      if (fixture.fails(fixture.callCount)) throw new UpstreamUnavailableError();
      return endpoint.decode(undefined, query);
    };
    const retry = createRetry(next, {
      clock: { ...systemClock, monotonicNow: () => fixture.now },
      random: () => 0.5,
      sleep: async (ms) => void waits.push(ms),
    });
    const ask = (options?: Parameters<typeof createEchoCall>[1]) =>
      retry(createEchoCall('a', options)).catch((error: unknown) => error);
    return { fixture, waits, ask };
  }

  it('asks once more after a random wait', async () => {
    const { fixture, waits, ask } = createFixture();
    fixture.fails = (callNumber) => callNumber === 1;
    expect(await ask()).toBe('a');
    expect(waits).toEqual([50]);
  });

  it('asks no third time', async () => {
    const { fixture, ask } = createFixture();
    expect(await ask()).toBeInstanceOf(UpstreamUnavailableError);
    expect(fixture.callCount).toBe(2);
  });

  it('does not repeat what the vendor must not meet twice', async () => {
    const { fixture, ask } = createFixture();
    await ask({ isRepeatable: false });
    expect(fixture.callCount).toBe(1);
  });

  it.each([
    [349, 1],
    [350, 2],
  ])('needs 300 ms after the wait: with a deadline in %d ms it makes %d calls', async (deadlineAt, calls) => {
    const { fixture, ask } = createFixture();
    await ask({ deadlineAt });
    expect(fixture.callCount).toBe(calls);
  });

  it('starts with twenty retries', async () => {
    const { fixture, ask } = createFixture();
    for (let call = 0; call < 20; call += 1) await ask();
    expect(fixture.callCount).toBe(40);
  });

  it('earns 0.15 of a retry with each call', async () => {
    const { fixture, ask } = createFixture();
    // Twenty at the start, and 3.3 that 22 calls earn: the first one finds all twenty there.
    for (let call = 0; call < 23; call += 1) await ask();
    expect(fixture.callCount).toBe(46);
    for (let call = 0; call < 4; call += 1) await ask();
    expect(fixture.callCount).toBe(50);
    await ask();
    expect(fixture.callCount).toBe(52);
  });

  it('saves up no more than twenty', async () => {
    const { fixture, ask } = createFixture();
    fixture.fails = () => false;
    for (let call = 0; call < 1_000; call += 1) await ask();
    fixture.callCount = 0;
    fixture.fails = () => true;
    for (let call = 0; call < 24; call += 1) await ask();
    expect(fixture.callCount).toBe(24 + 23);
  });

  it('holds retries to 15 % of calls beyond the first twenty, whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 1_000 }), async (failures) => {
        const { fixture, ask } = createFixture();
        for (const hasFailed of failures) {
          fixture.fails = () => hasFailed;
          await ask();
        }
        expect(fixture.callCount - failures.length).toBeLessThanOrEqual(20 + 0.15 * failures.length);
      }),
      { numRuns: 30 },
    );
  });
});
