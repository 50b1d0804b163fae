import type { Clock } from '../domain/clock.ts';

/**
 * Shares the event loop between all executions. Together they write so many list items, for so long, then whoever wants to
 * go on waits until the loop has come round: timers, sockets and other requests get their turn in between.
 */
export interface Turns {
  /** Whether one more item may be written in this turn of the loop, which is then counted. */
  take(): boolean;
  /** Resolves in a later turn: in the order of asking, one execution a turn. */
  next(): Promise<void>;
}

/** Longest time from the first item of a turn to its last, in milliseconds. An item may cost far more than its text. */
const TURN_MS = 20;
/** How many items pass between two looks at the clock. */
const LOOK_EVERY = 50;

/** @param itemsPerTurn of all executions together. */
export function createTurns(itemsPerTurn: number, { monotonicNow }: Pick<Clock, 'monotonicNow'>): Turns {
  const waiting: (() => void)[] = [];
  let isUnderWay = false;
  let left = itemsPerTurn;
  let endsAt = 0;

  function begin(): void {
    if (isUnderWay) return;
    isUnderWay = true;
    left = itemsPerTurn;
    endsAt = monotonicNow() + TURN_MS;
    setImmediate(end);
  }

  function end(): void {
    isUnderWay = false;
    const resume = waiting.shift();
    if (resume === undefined) return;
    // One at a time: who is let in writes until the turn is over, or leaves the rest of it to new requests.
    begin();
    resume();
  }

  return {
    take() {
      begin();
      if (left > 0 && left % LOOK_EVERY === 0 && monotonicNow() > endsAt) left = 0;
      if (left === 0) return false;
      left--;
      return true;
    },
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        begin();
      }),
  };
}
