import type { Phone } from '../domain/phone.ts';
import type { Run } from '../paging/run.ts';

/** Accounts remembered over all apps. One takes about 50 bytes beside its text. */
const MAX_HINTS = 100_000;

/** Where accounts were last seen, however long ago, and what the lists' totals were. Where to look first, never an answer. */
export interface Hints {
  learn(appId: string, run: Run<Phone>): void;
  learnTotal(appId: string, total: number): void;
  getPosition(appId: string, account: string): number | undefined;
  getTotal(appId: string): number | undefined;
  /** Where a scan of the list that did not get through has stopped; 0 when there was none. */
  getScanStart(appId: string): number;
  setScanStart(appId: string, position: number): void;
}

interface AppHints {
  readonly positions: Map<string, number>;
  total: number | undefined;
  scanStart: number;
}

export function createHints(): Hints {
  const apps = new Map<string, AppHints>();
  let count = 0;

  /** Moves the app to the end of the line in which room is made. */
  function touch(appId: string): AppHints {
    const hints = apps.get(appId) ?? { positions: new Map<string, number>(), total: undefined, scanStart: 0 };
    apps.delete(appId);
    apps.set(appId, hints);
    return hints;
  }

  function makeRoom(): void {
    for (const [appId, { positions }] of apps) {
      if (count <= MAX_HINTS && apps.size <= MAX_HINTS) return;
      if (apps.size > 1) {
        count -= positions.size;
        apps.delete(appId);
      } else {
        for (const account of positions.keys()) {
          if (count <= MAX_HINTS) return;
          positions.delete(account);
          count--;
        }
      }
    }
  }

  return {
    learn(appId, run) {
      const hints = touch(appId);
      hints.total = run.total;
      const before = hints.positions.size;
      for (let i = 0; i < run.rows.length; i++) {
        const row = run.rows[i];
        if (row !== undefined) hints.positions.set(row.account, run.lo + i);
      }
      count += hints.positions.size - before;
      makeRoom();
    },
    learnTotal(appId, total) {
      touch(appId).total = total;
      makeRoom();
    },
    getPosition: (appId, account) => apps.get(appId)?.positions.get(account),
    getTotal: (appId) => apps.get(appId)?.total,
    getScanStart: (appId) => apps.get(appId)?.scanStart ?? 0,
    setScanStart(appId, position) {
      touch(appId).scanStart = position;
    },
  };
}
