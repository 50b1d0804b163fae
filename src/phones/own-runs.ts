import type { Phone } from '../domain/phone.ts';
import { endOf, glue, holds, joinEqual, type Seam } from '../paging/run.ts';
import type { PhoneRun } from './row-cache.ts';

/** Why a range cannot be put together from what was read. */
export type Hole =
  /** Some of it was not read yet. */
  | { readonly kind: 'unread' }
  /** Two pages share no row any more; the second starts at `seamAt`. */
  | { readonly kind: 'gap'; readonly seamAt: number }
  /** The list has no order that holds. */
  | { readonly kind: 'disorder' };

/** What one request has read of one list, put together as far as it fits. */
export interface OwnRuns {
  add(run: PhoneRun): void;
  /** A run that holds all of `[lo, hi)` that the list has. */
  find(lo: number, hi: number): PhoneRun | undefined;
  /** The same, glued from pages of different moments where none holds it as it is. */
  glue(lo: number, hi: number): PhoneRun | Hole;
  /** In the order of reading, the latest last. */
  list(): readonly PhoneRun[];
  /** Forgets everything: it does not fit together and is to be read anew. */
  clear(): void;
}

/** @param onMove called for each seam whose row had moved; `isTotalSame` says that the total does not explain it. */
export function createOwnRuns(onMove: (isTotalSame: boolean) => void): OwnRuns {
  let runs: PhoneRun[] = [];

  return {
    add(run) {
      let joined = run;
      runs = runs.filter((other) => {
        const both = joinEqual(other, joined);
        if (both !== undefined) joined = both;
        return both === undefined;
      });
      runs.push(joined);
    },

    find: (lo, hi) => runs.findLast((run) => holds(run, lo, hi)),

    glue(lo, hi) {
      const first = runs.findLast((each) => (each.isHead || each.lo <= lo) && endOf(each) > lo);
      if (first === undefined) return { kind: 'unread' };
      let run: PhoneRun = first;
      let latest = runs.indexOf(first);
      while (!holds(run, lo, hi)) {
        const end: number = endOf(run);
        const next: PhoneRun | undefined = runs.findLast((each) => each.lo < end && endOf(each) > end);
        if (next === undefined) return { kind: 'unread' };
        const isOlder = runs.indexOf(next) < latest;
        const seam: Seam<Phone> = glue(run, next);
        if (seam.kind === 'disorder') return seam;
        if (seam.kind === 'gap') {
          if (!isOlder) return { kind: 'gap', seamAt: next.lo };
          // What follows was read before the list changed: it is read again, from the end of what was read since.
          runs = runs.filter((each) => each !== next);
          latest--;
          continue;
        }
        if (seam.moved) onMove(run.total === next.total);
        latest = Math.max(latest, runs.indexOf(next));
        run = seam.run;
      }
      runs.push(run);
      return run;
    },

    list: () => runs,
    clear() {
      runs = [];
    },
  };
}
