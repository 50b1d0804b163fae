import type { Clock } from '../../src/domain/clock.ts';

/** Timers that ring when a test says so, and never by themselves. */
export interface ManualTimers {
  readonly startTimer: Clock['startTimer'];
  /** How long each of those was set for that have neither rung nor been called off, in milliseconds. */
  readonly pendingMs: readonly number[];
  /** Rings the one that has been pending for longest. */
  ringFirst(): void;
}

export function createManualTimers(): ManualTimers {
  const pending = new Map<() => void, number>();
  return {
    startTimer(onTime, ms) {
      const ring = () => {
        pending.delete(ring);
        onTime();
      };
      pending.set(ring, ms);
      return () => void pending.delete(ring);
    },
    get pendingMs() {
      return [...pending.values()];
    },
    ringFirst() {
      const [ring] = pending.keys();
      if (ring === undefined) throw new Error('No timer is pending.');
      ring();
    },
  };
}
