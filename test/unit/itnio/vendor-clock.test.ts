import { describe, expect, it } from '@jest/globals';
import { UpstreamMisconfiguredError } from '../../../src/errors/upstream-errors.ts';
import { createVendorClock } from '../../../src/itnio/vendor-clock.ts';

const HOUR_MS = 3_600_000;
const NOON = Date.parse('2026-03-01T12:00:00Z');

/** A clock whose own time a test can set, and the offsets that it reported. */
function createFixture(ownTime: number) {
  const own = { time: ownTime };
  const offsets: unknown[] = [];
  const clock = createVendorClock({
    clock: { epochNow: () => own.time },
    observer: {
      onChange: (change) => void offsets.push('offsetMs' in change ? change.offsetMs : change),
    },
  });
  const correctTo = (date: string | null, roundTripMs = 0) =>
    clock.correct(clock.read(), { date, isKept: false, roundTripMs });
  return { own, clock, offsets, correctTo };
}

describe('createVendorClock', () => {
  it('reads our own clock, in whole seconds, until it is corrected', () => {
    const { clock } = createFixture(NOON + 999);
    expect(clock.read()).toEqual({ epochSeconds: NOON / 1000, correction: 0 });
  });

  it.each([
    ['behind', NOON - HOUR_MS],
    ['ahead', NOON + HOUR_MS],
  ])("reads the vendor's clock once ours was found an hour %s", (_, ownTime) => {
    const { clock, correctTo } = createFixture(ownTime);
    correctTo('Sun, 01 Mar 2026 12:00:00 GMT');
    expect(clock.read()).toEqual({ epochSeconds: NOON / 1000, correction: 1 });
  });

  it('goes on with our own pace after a correction', () => {
    const { own, clock, correctTo } = createFixture(NOON - HOUR_MS);
    correctTo('Sun, 01 Mar 2026 12:00:00 GMT');
    own.time += 90_000;
    expect(clock.read().epochSeconds).toBe(NOON / 1000 + 90);
  });

  it('takes the Date as the middle of its second, at the middle of the round trip', () => {
    const { offsets, correctTo } = createFixture(NOON - HOUR_MS);
    correctTo('Sun, 01 Mar 2026 12:00:00 GMT', 2_000);
    expect(offsets).toEqual([HOUR_MS + 500 + 1_000]);
  });

  it('is corrected once by many calls that were refused together', () => {
    const { clock, offsets } = createFixture(NOON - HOUR_MS);
    const refused = Array.from({ length: 50 }, () => clock.read());
    for (const reading of refused)
      clock.correct(reading, { date: 'Sun, 01 Mar 2026 12:00:00 GMT', isKept: false, roundTripMs: 0 });
    expect(offsets).toEqual([HOUR_MS + 500]);
  });

  it('asks no evidence of a call that was overtaken by a correction', () => {
    const { clock, correctTo } = createFixture(NOON - HOUR_MS);
    const overtaken = clock.read();
    correctTo('Sun, 01 Mar 2026 12:00:00 GMT');
    expect(() => clock.correct(overtaken, { date: null, isKept: false, roundTripMs: 0 })).not.toThrow();
  });

  it('forgets the offset when our own clock is right again', () => {
    const { own, clock, offsets, correctTo } = createFixture(NOON - HOUR_MS);
    correctTo('Sun, 01 Mar 2026 12:00:00 GMT');
    own.time = NOON + 60_000;
    correctTo('Sun, 01 Mar 2026 12:01:02 GMT');
    expect(offsets).toEqual([HOUR_MS + 500, 0]);
    expect(clock.read()).toEqual({ epochSeconds: NOON / 1000 + 60, correction: 2 });
  });

  it('leaves a difference of under three seconds alone', () => {
    const { clock, offsets, correctTo } = createFixture(NOON);
    correctTo('Sun, 01 Mar 2026 12:00:02 GMT');
    expect(offsets).toEqual([]);
    expect(clock.read().epochSeconds).toBe(NOON / 1000);
  });

  it('learns a difference of three seconds and more', () => {
    const { offsets, correctTo } = createFixture(NOON);
    correctTo('Sun, 01 Mar 2026 12:00:03 GMT');
    expect(offsets).toEqual([3_500]);
  });

  it.each([
    ['no Date', null],
    ['an empty Date', ''],
    ['a Date that is none', 'yesterday'],
    ['a number', '1772366400'],
    ['a day that does not exist', 'Sun, 99 Mar 2026 12:00:00 GMT'],
    ['text around a date', 'x Sun, 01 Mar 2026 12:00:00 GMT'],
  ])('calls %s a misconfiguration, and keeps its reading', (_, date) => {
    const { clock, correctTo } = createFixture(NOON);
    expect(() => correctTo(date)).toThrow(UpstreamMisconfiguredError);
    expect(clock.read()).toEqual({ epochSeconds: NOON / 1000, correction: 0 });
  });

  it.each([
    ['no Date', null, false, 'no Date header'],
    ['a Date that is none', 'yesterday', false, 'a Date header that is no HTTP date'],
    ['a Date that a cache has kept', 'Sun, 01 Mar 2026 12:00:00 GMT', true, 'an Age header'],
  ])('tells the operator of %s', (_, date, isKept, fault) => {
    const { clock } = createFixture(NOON);
    expect(() => clock.correct(clock.read(), { date, isKept, roundTripMs: 0 })).toThrow(
      expect.objectContaining({ fault: expect.stringContaining(fault) }),
    );
  });
});
