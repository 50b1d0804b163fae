import type { BackgroundClock } from '../domain/clock.ts';
import type { Phone } from '../domain/phone.ts';
import {
  areEqual,
  endOf,
  holds,
  isInOneOrder,
  isTail,
  isTooLongJoined,
  joinEqual,
  type Run,
} from '../paging/run.ts';

export type PhoneRun = Run<Phone>;

/** Rows kept for a moment, as runs that later pages extend while they agree. Never a password: a {@link Phone} has none. */
export interface RowCache {
  /** A run that holds all of `[lo, hi)` that the list has. */
  find(appId: string, lo: number, hi: number): PhoneRun | undefined;
  /** All runs of an app, those kept last first. */
  list(appId: string): readonly PhoneRun[];
  /** The row of an account, or null when a complete run shows that there is none, or undefined. */
  findPhone(appId: string, account: string): Phone | null | undefined;
  getTotal(appId: string): number | undefined;
  /**
   * Keeps a run, joined to those that it overlaps and agrees with, in place of those that it contradicts.
   * @returns the run that is kept now; undefined where rows have changed places: nothing is kept of a list without a stable
   * order.
   */
  keep(appId: string, run: PhoneRun): PhoneRun | undefined;
}

export interface RowCacheOptions {
  /** How long rows are kept, in milliseconds, counted from when the oldest page of a run was asked for. 0 keeps none. */
  readonly keepMs: number;
  readonly clock: Pick<BackgroundClock, 'monotonicNow' | 'startBackgroundTimer'>;
  /** Defaults to 100,000. */
  readonly maxRows?: number;
  /** An estimate. Defaults to 32 MiB. */
  readonly maxBytes?: number;
}

export function createRowCache(options: RowCacheOptions): RowCache {
  const { keepMs, clock, maxRows = 100_000, maxBytes = 32 * 1024 * 1024 } = options;
  const apps = new Map<string, PhoneRun[]>();
  /** All runs, those kept first at the front. */
  const kept = new Map<PhoneRun, Entry>();
  let rows = 0;
  let bytes = 0;
  let isSweepDue = false;

  function drop(run: PhoneRun): Entry | undefined {
    const entry = kept.get(run);
    if (entry === undefined) return undefined;
    kept.delete(run);
    rows -= run.rows.length;
    bytes -= entry.bytes;
    const others = (apps.get(entry.appId) ?? []).filter((other) => other !== run);
    if (others.length === 0) apps.delete(entry.appId);
    else apps.set(entry.appId, others);
    return entry;
  }

  function put(run: PhoneRun, entry: Entry): void {
    kept.set(run, entry);
    rows += run.rows.length;
    bytes += entry.bytes;
    apps.set(entry.appId, [run, ...(apps.get(entry.appId) ?? [])]);
    for (const oldest of kept.keys()) {
      if (rows <= maxRows && bytes <= maxBytes) break;
      drop(oldest);
    }
    sweepLater();
  }

  /** Rows of an app that nobody asks for again must go as well. */
  function sweepLater(): void {
    if (isSweepDue) return;
    isSweepDue = true;
    const sweep = () => {
      isSweepDue = false;
      for (const run of kept.keys()) if (!isFresh(run)) drop(run);
      if (kept.size > 0) sweepLater();
    };
    clock.startBackgroundTimer(sweep, keepMs + 1);
  }

  function isFresh(run: PhoneRun): boolean {
    return clock.monotonicNow() - run.readAt <= keepMs;
  }

  function freshRuns(appId: string): readonly PhoneRun[] {
    const runs = apps.get(appId);
    return runs === undefined ? [] : runs.filter(isFresh);
  }

  return {
    find: (appId, lo, hi) => freshRuns(appId).find((run) => holds(run, lo, hi)),
    list: freshRuns,

    findPhone(appId, account) {
      for (const run of freshRuns(appId)) {
        const phone = kept.get(run)?.index.get(account);
        if (phone !== undefined) return phone;
        if (run.isHead && isTail(run)) return null;
      }
      return undefined;
    },

    getTotal: (appId) => freshRuns(appId)[0]?.total,

    keep(appId, run) {
      if (keepMs === 0) return run;
      let joined = run;
      let entry = createEntry(appId, run);
      let isOrdered = true;
      for (const other of freshRuns(appId)) {
        const isApart = other.lo >= endOf(joined) || joined.lo >= endOf(other);
        if (isApart && other.total > 0 && joined.total > 0) continue;
        if (isTooLongJoined(other, joined) && areEqual(other, joined)) continue;
        const both = joinEqual(other, joined);
        isOrdered &&= both !== undefined || isInOneOrder(other, run);
        const isCovered = joined.lo <= other.lo && endOf(joined) >= endOf(other);
        const dropped = drop(other);
        if (both === undefined || isCovered || dropped === undefined) continue;
        entry = mergeEntries(dropped, entry);
        joined = both;
        // An account at two places of one run.
        isOrdered &&= entry.index.size === joined.rows.length;
      }
      if (!isOrdered) return undefined;
      put(joined, entry);
      return joined;
    },
  };
}

/** What is known of a kept run beside its rows. */
interface Entry {
  readonly appId: string;
  readonly bytes: number;
  readonly index: Map<string, Phone>;
}

function createEntry(appId: string, run: PhoneRun): Entry {
  return {
    appId,
    bytes: estimateBytes(run),
    index: new Map(run.rows.map((phone) => [phone.account, phone])),
  };
}

/** Of two runs that are joined. The larger index is taken over: a list that is read through must not be indexed at each page. */
function mergeEntries(a: Entry, b: Entry): Entry {
  const [larger, smaller] = a.index.size < b.index.size ? [b, a] : [a, b];
  const before = larger.index.size;
  for (const [account, phone] of smaller.index) larger.index.set(account, phone);
  const added = (larger.index.size - before) / Math.max(1, smaller.index.size);
  return { appId: a.appId, bytes: larger.bytes + Math.round(smaller.bytes * added), index: larger.index };
}

/** Rough, from the shape that V8 gives a row and its texts. */
function estimateBytes(run: PhoneRun): number {
  let bytes = 0;
  for (const { account, phoneName, groupName, displayNum } of run.rows) {
    const texts =
      account.length + (phoneName?.length ?? 0) + (groupName?.length ?? 0) + (displayNum?.length ?? 0);
    bytes += 160 + 2 * texts;
  }
  return bytes;
}
