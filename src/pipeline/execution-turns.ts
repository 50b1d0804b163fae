import { type Bounds, watchBounds } from '../domain/bounds.ts';
import type { Clock } from '../domain/clock.ts';
import { DeadlineExceededError } from '../errors/request-errors.ts';

/** Bounds what executions under way hold in memory together. */
export interface ExecutionTurns {
  /**
   * Runs an execution that may bring so many objects, once those before it leave room for it. First come, first served.
   * One that is larger than all the room runs alone.
   * @throws {DeadlineExceededError} when the time is used up before its turn.
   * @throws the signal's reason when that aborts before its turn.
   */
  run<Result>(objects: number, bounds: Bounds, execute: () => Result | Promise<Result>): Promise<Result>;
}

interface Waiter {
  readonly weight: number;
  readonly start: () => void;
}

/** @param room objects of all executions that are under way at a time. */
export function createExecutionTurns(room: number, clock: Clock): ExecutionTurns {
  const waiters = new Set<Waiter>();
  let taken = 0;

  function startNext(): void {
    for (const waiter of waiters) {
      if (taken + waiter.weight > room) return;
      waiters.delete(waiter);
      taken += waiter.weight;
      waiter.start();
    }
  }

  function waitForTurn(weight: number, { signal, deadlineAt }: Bounds): Promise<void> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        weight,
        start() {
          stop();
          resolve();
        },
      };
      const stop = watchBounds(signal, deadlineAt - clock.monotonicNow(), clock.startTimer, (end) => {
        waiters.delete(waiter);
        reject(end === 'late' ? new DeadlineExceededError() : signal?.reason);
        // Whoever stood behind it may be small enough.
        startNext();
      });
      waiters.add(waiter);
      startNext();
    });
  }

  return {
    async run(objects, bounds, execute) {
      const weight = Math.min(objects, room);
      await waitForTurn(weight, bounds);
      try {
        return await execute();
      } finally {
        taken -= weight;
        startNext();
      }
    },
  };
}
