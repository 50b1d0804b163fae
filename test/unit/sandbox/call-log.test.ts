import { describe, expect, it } from '@jest/globals';
import { createCallLog, RECENT_CALLS } from '../../../src/sandbox/call-log.ts';

describe('createCallLog', () => {
  it('forgets old calls but goes on counting', () => {
    const log = createCallLog();
    const count = 2 * RECENT_CALLS + 1;
    for (let current = 1; current <= count; current++) {
      log.started();
      log.answered({ appId: 'a', current, size: 1 }, 0, undefined);
    }
    expect([log.total, log.byApp]).toEqual([20_001, { a: 20_001 }]);
    expect(log.recent.length).toBeGreaterThanOrEqual(RECENT_CALLS);
    expect(log.recent.length).toBeLessThan(count);
    expect(log.recent.at(-1)?.current).toBe(20_001);
  });

  it('keeps the calls in flight through a reset', () => {
    const log = createCallLog();
    log.started();
    log.started();
    log.ended(true);
    log.reset();
    expect([log.total, log.inFlight, log.peakInFlight, log.abandoned]).toEqual([0, 1, 1, 0]);
  });
});
