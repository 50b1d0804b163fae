import type { Phone } from '../domain/phone.ts';
import { endOf, glue, holds, isTail, joinEqual, type Seam } from '../paging/run.ts';
import type { PhoneRun } from './run-store.ts';

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
  includes(run: PhoneRun): boolean;
  /** A run that holds all of `[lo, hi)` that the list has. */
  find(lo: number, hi: number): PhoneRun | undefined;
  /** The same, glued from pages of different moments where none holds it as it is. */
  glue(lo: number, hi: number): PhoneRun | Hole;
  /** A run that holds the beginning of `[lo, hi)`, or else the end of it. */
  findPart(lo: number, hi: number): PhoneRun | undefined;
  /** Rows of `[lo, hi)` that are in some run. */
  countHeld(lo: number, hi: number): number;
  getTotal(): number | undefined;
  list(): readonly PhoneRun[];
  /** Forgets everything: it does not fit together and is to be read anew. */
  clear(): void;
}

/** @param onMove called for each seam whose row had moved; `isTotalSame` says whether the total explains it. */
export function createOwnRuns(onMove: (isTotalSame: boolean) => void): OwnRuns {
  /** The latest last. */
  let runs: PhoneRun[] = [];

  function find(lo: number, hi: number): PhoneRun | undefined {
    return runs.findLast((run) => holds(run, lo, hi));
  }

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

    includes: (run) => runs.includes(run),
    find,

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

    findPart(lo, hi) {
      return (
        runs.findLast((run) => (run.isHead || run.lo <= lo) && endOf(run) > lo && endOf(run) < hi) ??
        runs.findLast((run) => run.lo > lo && run.lo < hi && (endOf(run) >= hi || isTail(run)))
      );
    },

    countHeld(lo, hi) {
      return runs.reduce(
        (rows, run) => rows + Math.max(0, Math.min(hi, endOf(run)) - Math.max(lo, run.lo)),
        0,
      );
    },

    getTotal: () => runs.at(-1)?.total,
    list: () => runs,
    clear() {
      runs = [];
    },
  };
}
