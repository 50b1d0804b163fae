import type { Phone } from '../domain/phone.ts';
import type { Range } from '../paging/plan.ts';
import { endOf, holds, isTail } from '../paging/run.ts';
import { createOwnRuns, type Hole } from './own-runs.ts';
import type { PhoneRun, RowCache } from './row-cache.ts';

/** All that one request has in hand of one list without a call: what it has read itself, and what is kept. */
export interface RequestRows {
  /** Adds a page that was read. False when kept rows show that the list has no order that holds. */
  add(run: PhoneRun): boolean;
  /** A run that holds all of `[lo, hi)` that the list has. `isFresh`: of what this request has read itself alone. */
  find(lo: number, hi: number, isFresh: boolean): PhoneRun | undefined;
  /** The same, glued from pages that this request has read at different moments. */
  glue(lo: number, hi: number): PhoneRun | Hole;
  /** The stretches of `[lo, hi)` of which some two neighbours are in no run together. */
  listMissing(lo: number, hi: number, isFresh: boolean): readonly Range[];
  /** The row of an account, and whether it was kept; null when a complete kept list shows that there is none. */
  findPhone(account: string): { readonly phone: Phone; readonly isKept: boolean } | null | undefined;
  getTotal(): number | undefined;
  /** Rows of `[lo, hi)` that this request has not read itself. */
  countKept(lo: number, hi: number): number;
  /** Forgets what this request has read: it does not fit together. */
  clear(): void;
}

/** @param onMove called for each seam whose row had moved; `isTotalSame` says that the total does not explain it. */
export function createRequestRows(
  appId: string,
  store: RowCache,
  onMove: (isTotalSame: boolean) => void,
): RequestRows {
  const own = createOwnRuns(onMove);
  /** Kept runs, alone or joined to own ones, that this request was answered from. They do not expire under it. */
  const seen: PhoneRun[] = [];

  return {
    add(run) {
      own.add(run);
      if (run.rows.length === 0) return true;
      const kept = store.keep(appId, run);
      if (kept !== undefined && kept !== run) seen.push(kept);
      return kept !== undefined;
    },

    find(lo, hi, isFresh) {
      const read = own.find(lo, hi);
      if (read !== undefined || isFresh) return read;
      const used = seen.findLast((run) => holds(run, lo, hi));
      if (used !== undefined) return used;
      const kept = store.find(appId, lo, hi);
      if (kept !== undefined) seen.push(kept);
      return kept;
    },

    glue: (lo, hi) => own.glue(lo, hi),

    listMissing(lo, hi, isFresh) {
      if (!isFresh) {
        const missing = subtract({ lo, hi }, [...own.list(), ...store.list(appId)]);
        if (missing.length > 0) return missing;
      }
      // Runs that cover the range and still do not hold it are of different moments.
      const unread = subtract({ lo, hi }, own.list());
      return unread.length > 0 ? unread : [{ lo, hi }];
    },

    findPhone(account) {
      for (const run of own.list()) {
        const phone = run.rows.find((row) => row.account === account);
        if (phone !== undefined) return { phone, isKept: false };
      }
      const kept = store.findPhone(appId, account);
      return kept == null ? kept : { phone: kept, isKept: true };
    },

    getTotal: () => own.list().at(-1)?.total ?? store.getTotal(appId),

    countKept(lo, hi) {
      let kept = 0;
      for (let at = lo; at < hi; at++) if (!own.list().some((run) => run.lo <= at && at < endOf(run))) kept++;
      return kept;
    },

    clear: own.clear,
  };
}

/** What of a range is in no run: from the last row that is, to the next one, so that what is read fits on. */
function subtract({ lo, hi }: Range, runs: readonly PhoneRun[]): readonly Range[] {
  const missing: Range[] = [];
  const isSingle = hi - lo === 1;
  let at = lo;
  for (const run of runs.toSorted((a, b) => a.lo - b.lo)) {
    const start = run.isHead ? Number.NEGATIVE_INFINITY : run.lo;
    const end = isTail(run) ? Number.POSITIVE_INFINITY : endOf(run);
    if (end <= at || start >= hi) continue;
    if (start > at) missing.push({ lo: at, hi: start + 1 });
    at = Math.max(at, isSingle ? end : end - 1);
  }
  if (isSingle ? at < hi : at < hi - 1) missing.push({ lo: at, hi });
  return missing;
}
