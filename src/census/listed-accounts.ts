import { LRUCache } from 'lru-cache';
import type { Clock } from '../domain/clock.ts';

/** Accounts remembered over all apps, about 60 bytes each. The apps that were not asked for longest go first. */
const MAX_ACCOUNTS = 300_000;
/** How long it is known which accounts a list has, in milliseconds. */
const LIFETIME_MS = 10 * 60_000;

/** Which accounts the lists of apps have, by complete readings of them: what is not in it is absent while the total stands. */
export interface ListedAccounts {
  forApp(appId: string): AppAccounts;
}

/** {@link ListedAccounts} of one app. */
export interface AppAccounts {
  /** Takes note of a list that was proved. */
  remember(accounts: Iterable<string>): void;
  find(): KnownList | undefined;
}

/** One list as it was proved, or has been followed since. */
export interface KnownList {
  readonly total: number;
  has(account: string): boolean;
  /**
   * Follows a change of the total by what came at the head and at the end of the list.
   * @param pages the accounts of the first and of the last page, read now.
   * @returns whether they explain the change: no row can have come elsewhere.
   */
  follow(total: number, pages: readonly (readonly string[])[]): boolean;
}

export function createListedAccounts({ monotonicNow }: Pick<Clock, 'monotonicNow'>): ListedAccounts {
  const lists = new LRUCache<string, { readonly list: KnownList; readonly until: number }>({
    maxSize: MAX_ACCOUNTS,
    sizeCalculation: ({ list }) => list.total + 1,
  });
  return {
    forApp: (appId) => ({
      remember(accounts) {
        lists.set(appId, { list: createKnownList(accounts), until: monotonicNow() + LIFETIME_MS });
      },
      find() {
        const known = lists.get(appId);
        if (known === undefined || known.until > monotonicNow()) return known?.list;
        lists.delete(appId);
        return undefined;
      },
    }),
  };
}

function createKnownList(accounts: Iterable<string>): KnownList {
  const known = new Set(accounts);
  let total = known.size;
  return {
    get total() {
      return total;
    },
    has: (account) => known.has(account),
    follow(newTotal, pages) {
      const isNew = (account: string) => !known.has(account);
      const come = new Set(pages.flatMap((page) => page.filter(isNew)));
      // A page of nothing but new rows may not be the end of them.
      const isCut = pages.some((page) => page.length > 0 && page.every(isNew)) && newTotal > come.size;
      if (isCut || newTotal - total > come.size) return false;
      for (const account of come) known.add(account);
      total = newTotal;
      return true;
    },
  };
}
