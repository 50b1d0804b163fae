import { createHook } from 'node:async_hooks';

/** What a piece of work took of the event loop. */
export interface Turns<T> {
  readonly result: T;
  /** The most promises that were made in one turn of the event loop. */
  readonly busiest: number;
}

/** No honest turn of a test makes so many. */
const RUNAWAY = 2_000_000;

/**
 * Counts the promises of each turn of the event loop while the work runs: unlike its time, their number does not depend
 * on the machine. A loop that never gives the event loop a turn can only be ended from inside: it ends the process, with
 * a stack that shows it.
 */
export async function countTurns<T>(work: () => Promise<T>): Promise<Turns<T>> {
  let inThisTurn = 0;
  let busiest = 0;
  const hook = createHook({
    init(_, type) {
      if (type !== 'PROMISE') return;
      inThisTurn++;
      if (inThisTurn > busiest) busiest = inThisTurn;
      if (inThisTurn > RUNAWAY) throw new Error(`${RUNAWAY} promises in one turn of the event loop`);
    },
  });
  let isDone = false;
  const beat = () => {
    inThisTurn = 0;
    if (!isDone) setImmediate(beat);
  };
  setImmediate(beat);
  hook.enable();
  try {
    const result = await work();
    return { result, busiest };
  } finally {
    hook.disable();
    isDone = true;
  }
}
