import { GatewayError } from '../../src/errors/gateway-error.ts';
import { ROWS_THAT_PROVE_A_GAP } from '../../src/paging/anchor.ts';
import type { PhoneListArguments } from '../../src/phones/phones.ts';
import { clockAt } from './manual-clock.ts';
import { createWaiters } from './requester.ts';
import { APP, createVendorList, openDirectory, type VendorList } from './vendor-list.ts';

/** How long a scroll with an order keeps its list, in milliseconds of its own time. */
const KEEP_LIST_MS = 1000;

/** What a change does to a list between two calls. */
export type Change =
  | 'insert'
  | 'delete'
  | 'bulk-delete'
  | 'swap'
  | 'delete-anchor'
  | 'bulk-insert'
  | 'insert-at-anchor'
  | 'wall-at-anchor'
  /** A row goes to the top, as an edited one does in a list by time of update. */
  | 'jump'
  /** A row goes to the end, as an edited one does in such a list that begins with the oldest. */
  | 'sink'
  /** A row goes to another place, as one does that is given another name in a list by name. */
  | 'move'
  /** Two rows change places. */
  | 'exchange';

export interface ScrollOptions {
  readonly total: number;
  /** Rows of a window. */
  readonly size: number;
  readonly direction: 'forward' | 'backward';
  /** Share of calls before which the list changes, 0 to 1. */
  readonly changeRate: number;
  readonly changes: readonly Change[];
  readonly keepMs: number;
  readonly random: () => number;
  /** Rows of the first window. Defaults to `size`. */
  readonly firstSize?: number;
  /** Milliseconds that the client waits after each window. Defaults to 0. */
  readonly pauseMs?: number;
  /** Whether another gateway answers each window: one that has read nothing yet. Defaults to false. */
  readonly changesReplica?: boolean;
  /** Defaults to the order in which the list is. */
  readonly order?: VendorList['order'];
  /** Filter and order of a scroll through the whole list, which is read anew every few windows. Default: the vendor's. */
  readonly ordered?: Pick<PhoneListArguments, 'filter' | 'orderBy'>;
  /** The rows that such a scroll has to bring. Default: all. */
  readonly isListed?: (account: string) => boolean;
  /** What the vendor does beside its list changing. */
  readonly prepare?: (list: VendorList, random: () => number) => void;
}

export interface Scroll {
  /** How it ended: with the list's end, or with this code. */
  readonly end: 'complete' | string;
  readonly requests: number;
  readonly calls: number;
  readonly changes: number;
  /** Rows that were there throughout and came twice or more. */
  readonly duplicates: number;
  /** The same, where it cannot be helped: 25 rows or more had come between the row and the one before it. */
  readonly namedRepeats: number;
  /** Rows that were there throughout, or from the start up to where the scroll ended, and did not come. */
  readonly misses: number;
}

/** A client that pages through a list while others change it, and never looks back. An error that may pass is tried again. */
export async function scroll(options: ScrollOptions): Promise<Scroll> {
  const { size, direction } = options;
  const list = createVendorList(Array.from({ length: options.total }, (_, index) => `row-${index}`));
  if (options.order !== undefined) list.order = options.order;
  const churn = churnOf(list, options);
  options.prepare?.(list, options.random);
  let now = 0;
  const keepListMs = options.ordered === undefined ? 0 : KEEP_LIST_MS;
  // Its rows expire by its own time: timers of this machine would keep all replicas of all scrolls.
  const clock = { ...clockAt(() => now), startBackgroundTimer: () => () => undefined };
  const openReplica = () => openDirectory(list, { keepMs: options.keepMs, keepListMs, clock });
  let { open } = openReplica();
  const delivered: string[] = [];
  let cursor: string | null = null;
  let requests = 0;
  let failures = 0;
  let end = 'complete';
  for (;;) {
    const rows = cursor === null ? (options.firstSize ?? size) : size;
    const args: PhoneListArguments = {
      ...(direction === 'forward' ? { first: rows, after: cursor } : { last: rows, before: cursor }),
      ...options.ordered,
    };
    if (options.ordered !== undefined) now += options.random() * KEEP_LIST_MS * 0.4;
    requests++;
    try {
      const window = await open().loadWindow(APP, args, 'rows');
      now += options.pauseMs ?? 0;
      if (options.changesReplica === true) ({ open } = openReplica());
      delivered.push(...window.nodes.map(({ account }) => account));
      churn.anchorAt(direction === 'forward' ? window.nodes.at(-1)?.account : window.nodes[0]?.account);
      const { pageInfo } = window;
      if (direction === 'forward' ? !pageInfo.hasNextPage : !pageInfo.hasPreviousPage) break;
      cursor = direction === 'forward' ? pageInfo.endCursor : pageInfo.startCursor;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      if (error.retryable && failures++ < 20) {
        now += error.retryAfterMs ?? 0;
        continue;
      }
      end = error.code;
      break;
    }
  }
  const stayed = churn.stayed();
  const counts = new Map<string, number>();
  for (const account of delivered) counts.set(account, (counts.get(account) ?? 0) + 1);
  return {
    end,
    requests,
    calls: list.calls.length,
    changes: churn.count(),
    ...churn.tellRepeats((account) => (counts.get(account) ?? 0) > 1),
    misses:
      end === 'complete'
        ? stayed.filter((account) => !counts.has(account) && options.isListed?.(account) !== false).length
        : 0,
  };
}

/** The same client on page numbers, as one without this gateway would do it. */
export async function scrollByOffset(
  options: Omit<ScrollOptions, 'direction' | 'keepMs' | 'firstSize'>,
): Promise<Scroll> {
  const list = createVendorList(Array.from({ length: options.total }, (_, index) => `row-${index}`));
  if (options.order !== undefined) list.order = options.order;
  const churn = churnOf(list, options);
  const delivered: string[] = [];
  for (let current = 1; ; current++) {
    const query = { appId: APP, current, size: options.size };
    const page = await list.client.sipQuery(query, {
      deadlineAt: Number.POSITIVE_INFINITY,
      waiters: createWaiters(),
    });
    delivered.push(...page.phones.map(({ account }) => account));
    churn.anchorAt(page.phones.at(-1)?.account);
    if (current * options.size >= page.total) break;
  }
  const stayed = churn.stayed();
  return {
    end: 'complete',
    requests: list.calls.length,
    calls: list.calls.length,
    changes: churn.count(),
    ...churn.tellRepeats((account) => delivered.indexOf(account) !== delivered.lastIndexOf(account)),
    misses: stayed.filter((account) => !delivered.includes(account)).length,
  };
}

/** Changes the list before calls, and knows which rows were never touched. */
function churnOf(list: VendorList, options: Pick<ScrollOptions, 'changeRate' | 'changes' | 'random'>) {
  const { random, changes, changeRate } = options;
  const stayed = new Set(list.accounts);
  let anchor: string | undefined;
  let inserted = 0;
  let count = 0;
  /** New rows that have come before a row, back to the old row before it. */
  const walls = new Map<string, number>();
  const pick = (below: number) => Math.floor(random() * below);
  // A list that grows faster than its client reads would have no end.
  const mostRows = 2 * list.accounts.length + 100;
  const insert = (at = pick(list.accounts.length + 1)) => {
    if (list.accounts.length >= mostRows) return;
    const behind = list.accounts.slice(at).find((account) => !account.startsWith('new-'));
    if (behind !== undefined) walls.set(behind, (walls.get(behind) ?? 0) + 1);
    list.accounts.splice(at, 0, `new-${inserted++}`);
  };
  const remove = (at: number, rows = 1) => {
    for (const account of list.accounts.splice(at, rows)) stayed.delete(account);
  };

  function change(): void {
    const kind = changes[pick(changes.length)];
    if (kind === undefined) return;
    count++;
    if (kind === 'insert') insert();
    if (kind === 'bulk-insert')
      for (let rows = 1 + pick(20), at = pick(list.accounts.length + 1); rows > 0; rows--) insert(at);
    if (kind === 'delete') remove(pick(list.accounts.length));
    if (kind === 'bulk-delete') remove(pick(list.accounts.length), 1 + pick(20));
    if (kind === 'delete-anchor' && anchor !== undefined) {
      const at = list.accounts.indexOf(anchor);
      if (at >= 0) remove(at);
    }
    if ((kind === 'insert-at-anchor' || kind === 'wall-at-anchor') && anchor !== undefined) {
      const at = list.accounts.indexOf(anchor);
      const rows = kind === 'wall-at-anchor' ? 26 + pick(20) : 1 + pick(24);
      for (let row = 0; at >= 0 && row < rows; row++) insert(at);
    }
    if (kind === 'jump') list.accounts.unshift(...list.accounts.splice(pick(list.accounts.length), 1));
    if (kind === 'sink') list.accounts.push(...list.accounts.splice(pick(list.accounts.length), 1));
    if (kind === 'move') {
      const moved = list.accounts.splice(pick(list.accounts.length), 1);
      list.accounts.splice(pick(list.accounts.length + 1), 0, ...moved);
    }
    if (kind === 'exchange') {
      const { accounts } = list;
      const [a, b] = [pick(accounts.length), pick(accounts.length)];
      const [rowAtA, rowAtB] = [accounts[a], accounts[b]];
      if (rowAtA !== undefined && rowAtB !== undefined) [accounts[a], accounts[b]] = [rowAtB, rowAtA];
    }
    if (kind === 'swap') {
      remove(pick(list.accounts.length));
      insert();
    }
  }

  list.beforeAnswer = () => {
    if (random() < changeRate) change();
  };
  return {
    anchorAt(account: string | undefined) {
      anchor = account;
    },
    stayed: () => [...stayed],
    tellRepeats(isRepeated: (account: string) => boolean) {
      const repeated = [...stayed].filter(isRepeated);
      const namedRepeats = repeated.filter(
        (account) => (walls.get(account) ?? 0) >= ROWS_THAT_PROVE_A_GAP,
      ).length;
      return { duplicates: repeated.length - namedRepeats, namedRepeats };
    },
    count: () => count,
  };
}

/** A small generator with a seed: the same seed, the same scroll. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
