import type { Clock } from '../domain/clock.ts';

/**
 * Spreads requests over turns of the event loop, so that no turn is long. Node accepts one connection a turn: a client that
 * connects waits for as many turns as there are connections before it.
 */
export interface RequestTurns {
  /** Undefined if this turn has time for one more request; else resolves in a later turn, in the order of the calls. */
  take(): Promise<void> | undefined;
  /** Notes that a connection was accepted. While every turn accepts one, more are waiting, and requests wait for them. */
  noteAccepted(): void;
}

/** Time for requests in one turn, in milliseconds. The last of them may take longer. */
const TURN_MS = 10;
/** Requests that are begun in one turn, of those that wait. */
const MOST_BEGUN = 128;
/** After `least` turns in a row that accepted a connection, no request is begun; after `most`, one turn begins some again. */
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
