import { LRUCache } from 'lru-cache';
import type { Caller } from '../domain/caller.ts';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import { RateLimitedError } from '../errors/request-errors.ts';
import { HourlyCount } from './hourly-count.ts';

/** Watches over how many passwords each caller reads in an hour. */
export interface PasswordLimits {
  /**
   * Takes one password from those that a caller may read.
   * @returns gives it back.
   * @throws {RateLimitedError} when none is left.
   */
  takeOne(caller: Caller): () => void;
  /** Takes note of what was read, and says so in the log when a caller has read many phones of one app. */
  noteReads(caller: Caller, appId: string, accounts: readonly string[]): void;
}

export interface PasswordLimitsOptions {
  /** For callers whose entry does not say; undefined for any number. */
  readonly readsPerHour: () => number | undefined;
  readonly findTotal: (appId: string) => number | undefined;
  readonly monotonicNow: Clock['monotonicNow'];
  readonly log: Log;
}

/** Callers, and pairs of a caller and an app, that are watched at a time. */
const MAX_WATCHED = 1_000;
const HOUR_MS = 3_600_000;
/** The share of an app's phones beyond which reading their passwords is no everyday use. */
const MANY = 1 / 10;

/** The phones of one app whose passwords one caller has read in an hour. */
interface Watch {
  readonly startedAt: number;
  readonly accounts: Set<string>;
  isTold: boolean;
}

export function createPasswordLimits(options: PasswordLimitsOptions): PasswordLimits {
  const { readsPerHour, findTotal, monotonicNow, log } = options;
  const counts = new LRUCache<string, HourlyCount>({ max: MAX_WATCHED });
  const watches = new LRUCache<string, Watch>({ max: MAX_WATCHED });

  function countOf({ name }: Caller): HourlyCount {
    const count = counts.get(name) ?? new HourlyCount();
    counts.set(name, count);
    return count;
  }

  function watchOf(key: string): Watch {
    const known = watches.get(key);
    if (known !== undefined && monotonicNow() - known.startedAt < HOUR_MS) return known;
    const watch = { startedAt: monotonicNow(), accounts: new Set<string>(), isTold: false };
    watches.set(key, watch);
    return watch;
  }

  return {
    takeOne(caller) {
      const limit = caller.passwordReadsPerHour ?? readsPerHour();
      if (limit === undefined) return () => undefined;
      const count = countOf(caller);
      const now = monotonicNow();
      if (count.sum(now) >= limit) throw new RateLimitedError('Passwords', count.msUntilLess(now));
      count.add(now, 1);
      return () => count.add(now, -1);
    },
    noteReads({ name }, appId, accounts) {
      const total = findTotal(appId);
      if (total === undefined || accounts.length === 0) return;
      const watch = watchOf(JSON.stringify([name, appId]));
      // Told once an hour: what comes then need not be remembered.
      if (watch.isTold) return;
      for (const account of accounts) watch.accounts.add(account);
      if (watch.accounts.size <= total * MANY) return;
      watch.isTold = true;
      const phones = watch.accounts.size;
      watch.accounts.clear();
      log.warn(
        { caller: name, appId, phones, total },
        'A caller has read the passwords of more than a tenth of the phones of an app within an hour.',
      );
    },
  };
}
