import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCallAllowances } from '../../../src/callers/call-allowances.ts';
import type { Caller } from '../../../src/domain/caller.ts';

const NO_LIMITS = () => ({ callerCallsPerMinute: undefined, anonymousCallsPerMinute: undefined });

/** A clock that stands still, and the allowance of a caller who may make so many calls a minute. */
function createFixture(callsPerMinute: number) {
  const time = { now: 0 };
  const allowances = createCallAllowances(NO_LIMITS, () => time.now);
  const find = (name: string, limit: number | undefined = callsPerMinute) =>
    allowances.find({ name, scopes: new Set(), callsPerMinute: limit } satisfies Caller);
  const allowance = find('web');
  if (allowance === undefined) throw new Error('There is a limit.');
  /** Takes calls until none is left. */
  const takeAll = () => {
    for (let count = 0; ; count += 1)
      try {
        allowance.take();
      } catch {
        return count;
      }
  };
  return { time, allowances, allowance, find, takeAll };
}

describe('createCallAllowances', () => {
  it('has none for a caller without a limit', () => {
    const allowances = createCallAllowances(NO_LIMITS, () => 0);
    expect(allowances.find({ name: 'web', scopes: new Set() })).toBeUndefined();
  });

  it('has one for each caller', () => {
    const { find } = createFixture(1);
    find('web')?.take();
    expect(() => find('web')?.take()).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
    expect(() => find('other')?.take()).not.toThrow();
  });

  it.each([
    ['a caller with a token', { known: true }, 2],
    ['an anonymous caller', {}, 3],
    ['a caller with a limit of its own', { known: true, callsPerMinute: 1 }, 1],
  ] as const)('has as many calls for %s as are configured', (_, caller, calls) => {
    const limits = { callerCallsPerMinute: 2, anonymousCallsPerMinute: 3 };
    const allowance = createCallAllowances(
      () => limits,
      () => 0,
    ).find({ name: 'web', scopes: new Set(), ...caller });
    for (let call = 0; call < calls; call += 1) allowance?.take();
    expect(() => allowance?.take()).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
  });

  it('begins anew when the limit of a caller changes', () => {
    const { find } = createFixture(1);
    find('web')?.take();
    expect(() => find('web', 2)?.take()).not.toThrow();
  });
});

describe('an allowance', () => {
  it.each([1, 7, 60, 1_200, 100_000])('of %d calls holds so many at the start, and no more', (limit) => {
    expect(createFixture(limit).takeAll()).toBe(limit);
  });

  it('gives back one call after another, evenly over a minute', () => {
    const { takeAll, time } = createFixture(60);
    takeAll();
    time.now = 999;
    expect(takeAll()).toBe(0);
    time.now = 1_000;
    expect(takeAll()).toBe(1);
    time.now = 31_000;
    expect(takeAll()).toBe(30);
  });

  it('is whole again after a minute, and never more than whole', () => {
    const { takeAll, time } = createFixture(60);
    takeAll();
    time.now = 60_000;
    expect(takeAll()).toBe(60);
    time.now = 600_000;
    expect(takeAll()).toBe(60);
  });

  it('says how long the next call takes', () => {
    const { allowance, takeAll, time } = createFixture(60);
    takeAll();
    time.now = 250;
    expect(() => allowance.assertLeft()).toThrow(expect.objectContaining({ retryAfterMs: 750 }));
  });

  it('takes nothing by being asked whether anything is left', () => {
    const { allowance, takeAll } = createFixture(60);
    allowance.assertLeft();
    expect(takeAll()).toBe(60);
  });

  it('has a call more when one is given back', () => {
    const { allowance, takeAll } = createFixture(60);
    takeAll();
    allowance.giveBack();
    expect(takeAll()).toBe(1);
  });

  it('owes a call when none is left', () => {
    const { allowance, takeAll, time } = createFixture(60);
    takeAll();
    allowance.owe();
    time.now = 1_000;
    expect(takeAll()).toBe(0);
    time.now = 2_000;
    expect(takeAll()).toBe(1);
  });

  it('lets no more than the limit and what came back through, whenever calls are made', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 300 }),
        (limit, pauses) => {
          const { allowance, time } = createFixture(limit);
          let taken = 0;
          for (const pause of pauses) {
            time.now += pause;
            try {
              allowance.take();
              taken += 1;
            } catch {
              // None was left.
            }
          }
          expect(taken).toBeLessThanOrEqual(limit + (time.now * limit) / 60_000 + 1e-6);
        },
      ),
    );
  });
});
