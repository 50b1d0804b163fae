import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/domain/clock.ts';

const { startTimer } = systemClock;

describe('systemClock.startTimer', () => {
  it('calls back when the time is over', async () => {
    const startedAt = performance.now();
    await new Promise<void>((resolve) => startTimer(resolve, 20));
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19);
  });

  it.each([
    ['is called off', 10, true],
    ['is set for longer than Node can count', Number.POSITIVE_INFINITY, false],
  ])('does not call back when it %s', async (_, ms, isCalledOff) => {
    let hasRung = false;
    const stop = startTimer(() => {
      hasRung = true;
    }, ms);
    if (isCalledOff) stop();
    // Timers ring in the order of their times.
    await new Promise<void>((resolve) => startTimer(resolve, 20));
    stop();
    expect(hasRung).toBe(false);
  });
});
