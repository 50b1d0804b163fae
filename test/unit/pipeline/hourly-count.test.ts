import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HourlyCount } from '../../../src/pipeline/hourly-count.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('HourlyCount', () => {
  it('forgets a minute an hour after its end', () => {
    const count = new HourlyCount();
    count.add(0.5 * MINUTE, 3);
    expect(count.sum(HOUR + MINUTE - 1)).toBe(3);
    expect(count.sum(HOUR + MINUTE)).toBe(0);
  });

  it('tells how long until some are forgotten', () => {
    const count = new HourlyCount();
    count.add(90_000, 1);
    count.add(150_000, 1);
    expect(count.msUntilLess(160_000)).toBe(HOUR + 2 * MINUTE - 160_000);
    expect(count.sum(160_000 + count.msUntilLess(160_000))).toBe(1);
  });

  it('takes back what was counted', () => {
    const count = new HourlyCount();
    count.add(0, 2);
    count.add(0, -1);
    expect(count.sum(0)).toBe(1);
  });

  it('counts at least what the last hour brought, and at most what 61 minutes did', () => {
    const events = fc.array(fc.integer({ min: 0, max: 3 * HOUR }), { maxLength: 60 });
    fc.assert(
      fc.property(events, fc.integer({ min: 0, max: HOUR }), (moments, later) => {
        const count = new HourlyCount();
        const sorted = moments.toSorted((a, b) => a - b);
        for (const at of sorted) count.add(at, 1);
        const now = (sorted.at(-1) ?? 0) + later;
        const within = (ms: number) => sorted.filter((at) => at > now - ms).length;
        const sum = count.sum(now);
        expect(sum).toBeGreaterThanOrEqual(within(HOUR));
        expect(sum).toBeLessThanOrEqual(within(HOUR + MINUTE));
      }),
    );
  });
});
