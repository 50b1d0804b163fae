import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boundByPace } from '../../../src/http/admission-bounds.ts';

const MOST = { inFlight: 60, waiting: 100 };

describe('boundByPace', () => {
  it('takes nothing away while the vendor keeps up', () => {
    expect(boundByPace(MOST, undefined)).toBe(MOST);
  });

  it('lets as many in as the vendor serves in half a second, beside those it works on', () => {
    expect(boundByPace(MOST, { callsAtATime: 3, callsPerSecond: 50, mostWaiting: 40 })).toEqual({
      inFlight: 28,
      waiting: 20,
    });
  });

  it('lets nobody in who would be one too many to wait for a first call', () => {
    const pace = { callsAtATime: 8, callsPerSecond: 200, mostWaiting: 40 };
    expect(boundByPace(MOST, pace)).toEqual({ inFlight: 48, waiting: 80 });
  });

  it('lets some in however slow the vendor is, and never more than at the most', () => {
    const pace = fc.record({
      callsAtATime: fc.integer({ min: 3, max: 20 }),
      callsPerSecond: fc.double({ min: 0, max: 1e6, noNaN: true }),
      mostWaiting: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), pace, (inFlight, pace) => {
        const bounds = boundByPace({ ...MOST, inFlight }, pace);
        expect(bounds.inFlight).toBeLessThanOrEqual(inFlight);
        expect(bounds.inFlight).toBeGreaterThanOrEqual(Math.min(inFlight, 10));
        expect(bounds.waiting).toBeLessThanOrEqual(100);
        expect(bounds.waiting).toBeGreaterThanOrEqual(5);
      }),
    );
  });
});
