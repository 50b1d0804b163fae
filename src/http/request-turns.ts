import type { Clock } from '../domain/clock.ts';

/**
 * Shares the event loop between requests that have come, so that no turn of it is long: Node accepts one connection a turn,
 * and whoever connects to ask whether the gateway is alive waits for as many turns as connections stand before it.
 */
export interface RequestTurns {
  /** Undefined where this turn has time for one more request; else resolves in a later turn, in the order of asking. */
  take(): Promise<void> | undefined;
  /** Says that a connection was accepted. Where each turn brings one, others stand behind it, and requests wait for them. */
  noteAccepted(): void;
}

/** Time for requests in one turn, in milliseconds. The last of them may take longer. */
const TURN_MS = 10;
/** Requests that are begun in one turn, of those that wait. */
const MOST_BEGUN = 128;
/** After so many turns in a row that have each accepted a connection, no request is begun; after the most, one turn begins some again. */
const ACCEPTING_TURNS = { least: 3, most: 400 } as const;

export function createRequestTurns({ monotonicNow }: Pick<Clock, 'monotonicNow'>): RequestTurns {
  /** One for each connection at most. */
  const waiting: (() => void)[] = [];
  let isUnderWay = false;
  /** When the first request of this turn was begun; undefined before. */
  let begunAt: number | undefined;
  let hasAccepted = false;
  let acceptingTurns = 0;

  function begin(): void {
    if (isUnderWay) return;
    isUnderWay = true;
    setImmediate(end);
  }

  function end(): void {
    isUnderWay = false;
    begunAt = undefined;
    acceptingTurns = hasAccepted && acceptingTurns < ACCEPTING_TURNS.most ? acceptingTurns + 1 : 0;
    hasAccepted = false;
    if (waiting.length === 0 && acceptingTurns === 0) return;
    // Each by itself: what the one before it has begun is over by then, and its time is known.
    if (!isAccepting())
      for (let count = Math.min(waiting.length, MOST_BEGUN); count > 0; count--) setImmediate(beginNext);
    begin();
  }

  function isAccepting(): boolean {
    return acceptingTurns >= ACCEPTING_TURNS.least;
  }

  function beginNext(): void {
    if (hasTime()) waiting.shift()?.();
  }

  function hasTime(): boolean {
    const now = monotonicNow();
    begunAt ??= now;
    return now - begunAt < TURN_MS;
  }

  return {
    take() {
      begin();
      if (waiting.length === 0 && !isAccepting() && hasTime()) return undefined;
      return new Promise((resolve) => {
        waiting.push(resolve);
      });
    },
    noteAccepted() {
      begin();
      hasAccepted = true;
    },
  };
}
