import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { sleep, watchBounds } from '../../../src/domain/bounds.ts';
import { createManualTimers } from '../../support/manual-timers.ts';

function watch(signal?: AbortSignal) {
  const timers = createManualTimers();
  const ends: string[] = [];
  const stop = watchBounds(signal, 500, timers.startTimer, (end) => ends.push(end));
  return { timers, ends, stop };
}

describe('watchBounds', () => {
  it('tells when the time is over', () => {
    const { timers, ends } = watch();
    timers.ringFirst();
    expect(ends).toEqual(['late']);
  });

  it('tells when the signal aborts, and leaves no timer', () => {
    const controller = new AbortController();
    const { timers, ends } = watch(controller.signal);
    controller.abort();
    expect({ ends, pending: timers.pendingMs }).toEqual({ ends: ['aborted'], pending: [] });
  });

  it('tells at once of a signal that had aborted before', () => {
    expect(watch(AbortSignal.abort()).ends).toEqual(['aborted']);
  });

  it('leaves no listener after the time is over', () => {
    const { signal } = new AbortController();
    watch(signal).timers.ringFirst();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('tells nothing once it is stopped, and leaves neither timer nor listener', () => {
    const controller = new AbortController();
    const { timers, ends, stop } = watch(controller.signal);
    stop();
    controller.abort();
    expect({
      ends,
      pending: timers.pendingMs,
      listeners: getEventListeners(controller.signal, 'abort'),
    }).toEqual({
      ends: [],
      pending: [],
      listeners: [],
    });
  });
});

describe('sleep', () => {
  it('waits for as long as it is told', async () => {
    const timers = createManualTimers();
    const slept = sleep(timers, 20);
    expect(timers.pendingMs).toEqual([20]);
    timers.ringFirst();
    await expect(slept).resolves.toBeUndefined();
  });

  it("rejects with the signal's reason as soon as that aborts", async () => {
    const controller = new AbortController();
    const reason = new Error('gone');
    const slept = sleep(createManualTimers(), 60_000, controller.signal);
    controller.abort(reason);
    await expect(slept).rejects.toBe(reason);
  });
});
