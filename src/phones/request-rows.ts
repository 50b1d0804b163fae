import type { Phone } from '../domain/phone.ts';
import type { Secret } from '../domain/secret.ts';
import { passwordAt, type SipPage } from '../itnio/sip-page.ts';
import type { PhoneRun, RowCache } from '../lists/row-cache.ts';
import type { Range } from '../paging/plan.ts';
import { endOf, glue, holds, isTail, isTooLongJoined, joinEqual } from '../paging/run.ts';

/** Why a range cannot be put together from what was read. */
export type Hole =
  /** Some of it was not read yet. */
  | { readonly kind: 'unread' }
  /** Two pages share no row any more; the second starts at `seamAt`. */
  | { readonly kind: 'gap'; readonly seamAt: number }
  /** Rows that both pages show stand in another order. */
  | { readonly kind: 'disorder' };

/** A row that one request has read itself. */
export interface ReadRow {
  readonly phone: Phone;
  /** Made when it is read, with all others of its page. Null where the vendor sent none. */
  readonly password: Secret | null;
}

/** The rows of one list that one request may use without a call: what it has read itself, and what is kept. */
export interface RequestRows {
  /** Adds a page that was read: its phones exist, wherever the page belongs. */
  addPage(page: SipPage): void;
  /** Adds the run that a page makes. */
  addRun(run: PhoneRun): void;
  /** A run that holds all rows of `[lo, hi)` that the list has. With `isFresh` kept rows do not count. */
  find(lo: number, hi: number, isFresh: boolean): PhoneRun | undefined;
  /** The same, of kept rows alone. */
  findKept(lo: number, hi: number): PhoneRun | undefined;
  /** The same, glued from pages that this request has read at different moments. */
  glue(lo: number, hi: number): PhoneRun | Hole;
  /** The ranges within `[lo, hi)` that no single run covers. */
  listMissing(lo: number, hi: number, isFresh: boolean): readonly Range[];
  /** The row of an account, and whether it was kept; null when a complete kept list shows that there is none. */
  findPhone(account: string): { readonly phone: Phone; readonly isKept: boolean } | null | undefined;
  /** A row that this request has read itself, with its password, from the latest page that has it. */
  findRead(account: string): ReadRow | undefined;
  getTotal(): number | undefined;
  /** Rows of `[lo, hi)` that this request has not read itself. */
  countKept(lo: number, hi: number): number;
  /** Forgets how the pages that were read fit together, but not the phones on them. */
  clear(): void;
}

/** @param onMove called for each seam whose row had moved; `isTotalSame` says that the total does not explain it. */
export function createRequestRows(
  appId: string,
  cache: RowCache,
  onMove: (isTotalSame: boolean) => void,
): RequestRows {
  /** Runs that were read, put together as far as they fit, the latest last. */
  let own: PhoneRun[] = [];
  /** Kept runs, alone or joined to own ones, that this request was answered from: for it they do not expire. */
  const used: PhoneRun[] = [];
  const pages: SipPage[] = [];
  /** Where each account of the first `indexed` pages stands. Most requests never ask. */
  const index = new Map<string, { readonly page: SipPage; readonly at: number }>();
  let indexed = 0;

  function addOwn(run: PhoneRun): void {
    let joined = run;
    own = own.filter((other) => {
      const both = isTooLongJoined(other, joined) ? undefined : joinEqual(other, joined);
      if (both !== undefined) joined = both;
      return both === undefined;
    });
    own.push(joined);
  }

  function findRead(account: string): ReadRow | undefined {
    for (; indexed < pages.length; indexed++) {
      const page = pages[indexed];
      page?.phones.forEach((phone, at) => {
        index.set(phone.account, { page, at });
      });
    }
    const place = index.get(account);
    const phone = place?.page.phones[place.at];
    return place && phone && new RowOfPage(phone, place.page, place.at);
  }

  return {
    addPage: (page) => void pages.push(page),
    addRun(run) {
      addOwn(run);
      if (run.rows.length === 0) return;
      const kept = cache.keep(appId, run);
      if (kept !== undefined && kept !== run) used.push(kept);
    },

    find(lo, hi, isFresh) {
      const read = own.findLast((run) => holds(run, lo, hi));
      if (read !== undefined || isFresh) return read;
      const again = used.findLast((run) => holds(run, lo, hi));
      if (again !== undefined) return again;
      const kept = cache.find(appId, lo, hi);
      if (kept !== undefined) used.push(kept);
      return kept;
    },

    glue(lo, hi) {
      const first = own.findLast((each) => (each.isHead || each.lo <= lo) && endOf(each) > lo);
      if (first === undefined) return { kind: 'unread' };
      let run: PhoneRun = first;
      let latest = own.indexOf(first);
      while (!holds(run, lo, hi)) {
        const end: number = endOf(run);
        const next: PhoneRun | undefined = own.findLast((each) => each.lo < end && endOf(each) > end);
        if (next === undefined) return { kind: 'unread' };
        const isOlder = own.indexOf(next) < latest;
        const seam = glue(run, next);
        if (seam.kind === 'disorder') return seam;
        if (seam.kind === 'gap') {
          if (!isOlder) return { kind: 'gap', seamAt: next.lo };
          // What follows was read before the list changed: it is read again, from the end of what was read since.
          own = own.filter((each) => each !== next);
          latest--;
          continue;
        }
        if (seam.moved) onMove(run.total === next.total);
        latest = Math.max(latest, own.indexOf(next));
        run = seam.run;
      }
      own.push(run);
      return run;
    },

    listMissing(lo, hi, isFresh) {
      if (!isFresh) {
        const missing = subtract({ lo, hi }, [...own, ...cache.list(appId)]);
        if (missing.length > 0) return missing;
      }
      // Runs that cover the range and still do not hold it are of different moments.
      const unread = subtract({ lo, hi }, own);
      return unread.length > 0 ? unread : [{ lo, hi }];
    },

    findPhone(account) {
      const read = findRead(account);
      if (read !== undefined) return { phone: read.phone, isKept: false };
      const kept = cache.findPhone(appId, account);
      return kept == null ? kept : { phone: kept, isKept: true };
    },

    findRead,
    findKept: (lo, hi) => cache.find(appId, lo, hi),
    getTotal: () => own.at(-1)?.total ?? cache.getTotal(appId),

    countKept(lo, hi) {
      if (own.length === 0) return hi - lo;
      let kept = 0;
      for (let at = lo; at < hi; at++) if (!own.some((run) => run.lo <= at && at < endOf(run))) kept++;
      return kept;
    },

    clear() {
      own = [];
    },
  };
}

class RowOfPage implements ReadRow {
  readonly phone: Phone;
  readonly #page: SipPage;
  readonly #at: number;

  constructor(phone: Phone, page: SipPage, at: number) {
    this.phone = phone;
    this.#page = page;
    this.#at = at;
  }

  get password(): Secret | null {
    return passwordAt(this.#page, this.#at);
  }
}

/**
 * The parts of a range that are in no run, each with the row before and behind it, so that what is read fits to the runs.
 * None of a single row.
 */
function subtract({ lo, hi }: Range, runs: readonly PhoneRun[]): readonly Range[] {
  const missing: Range[] = [];
  let at = lo;
  for (const run of runs.toSorted((a, b) => a.lo - b.lo)) {
    const start = run.isHead ? Number.NEGATIVE_INFINITY : run.lo;
    const end = isTail(run) ? Number.POSITIVE_INFINITY : endOf(run);
    if (end <= at || start >= hi) continue;
    if (start > at) missing.push({ lo: at, hi: start + 1 });
    at = Math.max(at, end - 1);
  }
  if (at < hi - 1) missing.push({ lo: at, hi });
  return missing;
}
