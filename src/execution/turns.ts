/**
 * Shares the event loop between all executions. Together they write so many list items, then whoever wants to go on waits
 * until the loop has come round: timers, sockets and other requests get their turn in between.
 */
export interface Turns {
  /** Whether one more item may be written in this turn, which is then counted. */
  take(): boolean;
  /** Resolves when it is the caller's turn again: in the order of asking, one execution a turn. */
  next(): Promise<void>;
}

/** @param itemsPerTurn some 2 µs each. */
export function createTurns(itemsPerTurn: number): Turns {
  let left = itemsPerTurn;
  let isScheduled = false;
  const waiting: (() => void)[] = [];

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(begin);
  }

  function begin(): void {
    isScheduled = false;
    left = itemsPerTurn;
    // One at a time: who is let in writes until the turn is over, or leaves the rest of it to new requests.
    waiting.shift()?.();
    if (waiting.length > 0) schedule();
  }

  return {
    take() {
      if (left === 0) return false;
      left--;
      return true;
    },
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        schedule();
      }),
  };
}
