import { setImmediate as turn } from 'node:timers/promises';
import { type BackgroundClock, systemClock } from '../../src/domain/clock.ts';

/** A clock that stands still until a test moves it. */
export interface ManualClock extends BackgroundClock {
  /** Moves it on, rings what is due on the way, each at its moment, and lets promises settle in between. */
  advance(ms: number): Promise<void>;
}

export function createManualClock(): ManualClock {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly onTime: () => void }>();
  function startTimer(onTime: () => void, ms: number): () => void {
    const timer = { at: now + Math.max(ms, 0), onTime };
    timers.add(timer);
    return () => void timers.delete(timer);
  }
  return {
    epochNow: () => now,
    monotonicNow: () => now,
    startTimer,
    startBackgroundTimer: startTimer,
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        await turn();
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers.delete(next);
        now = next.at;
        next.onTime();
      }
      now = end;
    },
  };
}

/** The time that a test tells, with the timers of this machine. */
export function clockAt(now: () => number): BackgroundClock {
  return { ...systemClock, epochNow: now, monotonicNow: now };
}
