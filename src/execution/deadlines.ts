import type { Clock } from '../domain/clock.ts';
import { Places } from '../domain/places.ts';

/** Something that has to end at a moment of the clock `monotonicNow`. */
export interface Dated {
  readonly deadlineAt: number;
  /** Where it is watched. Set by the watch. */
  place: number | undefined;
  /** Called once, when the moment has passed. */
  end(): void;
}

/** Ends what is late. One timer for all: a timer a request would cost more than the rest of the watch. */
export interface Deadlines {
  add(dated: Dated): void;
  /** Harmless for what has been ended. */
  delete(dated: Dated): void;
}

export function createDeadlines(clock: Pick<Clock, 'monotonicNow' | 'startTimer'>): Deadlines {
  const watched = new Places<Dated>();
  let timer: { readonly at: number; stop(): void } | undefined;

  function ringAt(at: number): void {
    if (at >= (timer?.at ?? Number.POSITIVE_INFINITY)) return;
    timer?.stop();
    timer = { at, stop: clock.startTimer(endLate, at - clock.monotonicNow()) };
  }

  function endLate(): void {
    timer = undefined;
    const now = clock.monotonicNow();
    let earliest = Number.POSITIVE_INFINITY;
    for (const dated of watched) {
      if (dated.deadlineAt > now) {
        earliest = Math.min(earliest, dated.deadlineAt);
        continue;
      }
      forget(dated);
      dated.end();
    }
    // What was added meanwhile may stand where this has been already: it has a timer then.
    ringAt(earliest);
  }

  function forget(dated: Dated): void {
    if (dated.place !== undefined) watched.remove(dated.place, dated);
    dated.place = undefined;
  }

  return {
    add(dated) {
      dated.place = watched.add(dated);
      ringAt(dated.deadlineAt);
    },
    delete(dated) {
      forget(dated);
      // Nothing is left behind that would keep a process from ending.
      if (watched.count > 0) return;
      timer?.stop();
      timer = undefined;
    },
  };
}
