import { Secret } from '../../src/domain/secret.ts';
import { UpstreamTimeoutError } from '../../src/errors/upstream-errors.ts';
import { APP, accountsUpTo, createVendorList, passwordOf, type VendorList } from './vendor-list.ts';

/** What was true of a list while requests were answered. */
export interface Moment {
  /** Rows that were there throughout, in order. */
  readonly stayed: readonly string[];
  /** Rows that were there at any time. */
  readonly seen: ReadonlySet<string>;
  readonly hasChanged: boolean;
  /** The same of this moment or any one before. */
  readonly hasEverChanged: boolean;
  /** Whether a call has failed. */
  readonly hasFailed: boolean;
}

export interface MovingListOptions {
  readonly total: number;
  /** Share of calls before which the list changes, 0 to 1. */
  readonly changeRate: number;
  /** Share of calls that fail, 0 to 1. */
  readonly failRate: number;
  /** Rows of the largest page that is served. */
  readonly largestPage: number;
  readonly random: () => number;
}

export interface MovingList {
  readonly list: VendorList;
  /** Rows that all answers together have had. */
  readonly served: number;
  /** @returns what ends it, and tells of it. */
  startMoment(): () => Moment;
}

/** A list that rows come to and leave between any two calls, a few or many, also as many as leave. Those that stay keep their order. */
export function createMovingList(options: MovingListOptions): MovingList {
  const { random, largestPage } = options;
  const pick = (below: number) => Math.floor(random() * below);
  const list = createVendorList(accountsUpTo(options.total));
  let newcomers = 0;
  let gone = new Set<string>();
  let seen = new Set<string>();
  let changes = 0;
  let failures = 0;
  let hasEverChanged = false;
  let served = 0;

  function insert(rows: number): void {
    const at = pick(list.accounts.length + 1);
    list.accounts.splice(at, 0, ...Array.from({ length: rows }, () => `new-${newcomers++}`));
    for (const account of list.accounts.slice(at, at + rows)) seen.add(account);
  }

  function remove(rows: number): number {
    const left = list.accounts.splice(pick(list.accounts.length + 1), rows);
    for (const account of left) gone.add(account);
    return left.length;
  }

  list.beforeAnswer = async () => {
    await new Promise(setImmediate);
    if (random() < options.failRate) {
      failures++;
      throw new UpstreamTimeoutError();
    }
    if (random() >= options.changeRate) return;
    changes++;
    hasEverChanged = true;
    const rows = 1 + pick(random() < 0.2 ? 40 : 2);
    const kind = pick(5);
    if (kind < 2) insert(rows);
    else if (kind < 4) remove(rows);
    // The total tells nothing of it.
    else insert(remove(rows));
  };
  list.distort = (page, { current, size }) => {
    const rows = Math.min(size, largestPage);
    const lo = (current - 1) * rows;
    if (size <= rows) {
      served += page.phones.length;
      return page;
    }
    const accounts = list.accounts.slice(lo, lo + rows);
    served += accounts.length;
    const passwords = accounts.map((account) => new Secret(passwordOf(account)));
    return { ...page, size: rows, phones: list.phonesOf(accounts, APP), passwords };
  };

  return {
    list,
    get served() {
      return served;
    },
    startMoment() {
      const before = list.accounts.slice();
      [gone, seen, changes, failures] = [new Set(), new Set(before), 0, 0];
      return () => ({
        stayed: before.filter((account) => !gone.has(account)),
        seen,
        hasChanged: changes > 0,
        hasEverChanged,
        hasFailed: failures > 0,
      });
    },
  };
}
