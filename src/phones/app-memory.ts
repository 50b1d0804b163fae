import type { Phone } from '../domain/phone.ts';
import type { Run } from '../paging/run.ts';

/** Accounts remembered over all apps. One takes about 50 bytes beside its text. */
const MAX_HINTS = 100_000;
/** Apps of which anything is remembered. */
const MAX_APPS = 10_000;

/** Where accounts were last seen, however long ago, and what the lists' totals were. Where to look first, never an answer. */
export interface AppMemories {
  forApp(appId: string): AppMemory;
}

/** {@link AppMemories} of one app's list. */
export interface AppMemory {
  learn(run: Run<Phone>): void;
  learnTotal(total: number): void;
  getPosition(account: string): number | undefined;
  /** Forgets a position at which the account was not. */
  forget(account: string): void;
  getTotal(): number | undefined;
  /** Where a scan of the list that did not get through has stopped; 0 when there was none. */
  getScanStart(): number;
  setScanStart(position: number): void;
}

interface Memory {
  readonly positions: Map<string, number>;
  total: number | undefined;
  scanStart: number;
}

export function createAppMemories(): AppMemories {
  /** The app that was learned of last at the end. */
  const apps = new Map<string, Memory>();
  let count = 0;

  function remember(appId: string): Memory {
    const memory = apps.get(appId) ?? {
      positions: new Map<string, number>(),
      total: undefined,
      scanStart: 0,
    };
    apps.delete(appId);
    apps.set(appId, memory);
    return memory;
  }

  /** Forgets whole apps, those not learned of for longest first; of the last one its oldest accounts. */
  function makeRoom(): void {
    for (const [appId, { positions }] of apps) {
      if (count <= MAX_HINTS && apps.size <= MAX_APPS) return;
      if (apps.size === 1) break;
      count -= positions.size;
      apps.delete(appId);
    }
    for (const { positions } of apps.values()) {
      for (const account of positions.keys()) {
        if (count <= MAX_HINTS) return;
        positions.delete(account);
        count--;
      }
    }
  }

  return {
    forApp: (appId) => ({
      learn({ lo, rows, total }) {
        const memory = remember(appId);
        memory.total = total;
        // Mostly a page is found as it was last time.
        const isKnown = (row: Phone | undefined, at: number) =>
          row !== undefined && memory.positions.get(row.account) === at;
        if (isKnown(rows[0], lo) && isKnown(rows.at(-1), lo + rows.length - 1)) return;
        const before = memory.positions.size;
        for (const [index, { account }] of rows.entries()) memory.positions.set(account, lo + index);
        count += memory.positions.size - before;
        makeRoom();
      },
      learnTotal(total) {
        remember(appId).total = total;
        makeRoom();
      },
      getPosition: (account) => apps.get(appId)?.positions.get(account),
      forget(account) {
        if (apps.get(appId)?.positions.delete(account)) count--;
      },
      getTotal: () => apps.get(appId)?.total,
      getScanStart: () => apps.get(appId)?.scanStart ?? 0,
      setScanStart(position) {
        const known = apps.get(appId);
        if (known !== undefined) known.scanStart = position;
      },
    }),
  };
}
