import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import type { PhoneWindow, RequestPhones } from '../../../src/phones/phones.ts';
import { createRandom } from '../../support/scroll.ts';
import { countTurns } from '../../support/turns.ts';
import { APP, accountsUpTo, createVendorList, openDirectory, passwordOf } from '../../support/vendor-list.ts';

jest.setTimeout(120_000);

/** Promises that a turn of the event loop may make: a scan of 20 pages makes a few hundred. */
const BUSY_TURN = 20_000;

/** Rows of the lists, from and to. */
const TOTALS = [
  [0, 130],
  [131, 800],
  [801, 1800],
] as const;

/** A cursor, and the row it points at; a position has none. */
interface Mark {
  readonly cursor: string;
  readonly row: string | undefined;
  /** The rows that were there just after it was made. */
  readonly there: ReadonlySet<string>;
}

/** What was true of the list while a request was answered. */
interface Moment {
  /** Rows that were there throughout, in order. */
  readonly stayed: readonly string[];
  /** Rows that were there at any time. */
  readonly seen: ReadonlySet<string>;
  readonly hasChanged: boolean;
  /** The same of this request or any one before. */
  readonly hasEverChanged: boolean;
}

interface Plan {
  readonly total: number;
  readonly requests: number;
  readonly changeRate: number;
  readonly keepMs: number;
  /** Phones that are looked up at once, where any are. */
  readonly lookups: number;
  readonly seed: number;
}

/** Sends requests that mix windows, jumps, lookups and passwords to a list that changes between any two calls. */
async function run({ total, requests, changeRate, keepMs, lookups, seed }: Plan): Promise<void> {
  const random = createRandom(seed);
  const pick = (below: number) => Math.floor(random() * below);
  const list = createVendorList(accountsUpTo(total));
  const { open } = openDirectory(list, { keepMs });
  let newcomers = 0;
  let gone = new Set<string>();
  let seen = new Set<string>();
  let changes = 0;
  let hasEverChanged = false;
  list.beforeAnswer = async () => {
    await new Promise(setImmediate);
    if (random() >= changeRate) return;
    changes++;
    hasEverChanged = true;
    const rows = 1 + pick(random() < 0.2 ? 40 : 2);
    const at = pick(list.accounts.length + 1);
    if (random() < 0.5) for (const account of list.accounts.splice(at, rows)) gone.add(account);
    else for (let row = 0; row < rows; row++) list.accounts.splice(at, 0, `new-${newcomers++}`);
    for (const account of list.accounts) seen.add(account);
  };
  const marks: Mark[] = [];

  for (let request = 0; request < requests; request++) {
    const before = list.accounts.slice();
    [gone, seen, changes] = [new Set(), new Set(before), 0];
    list.calls.length = 0;
    const phones = open();
    const checks: ((moment: Moment) => void)[] = [];
    await Promise.all(
      Array.from({ length: 1 + pick(4) }, () =>
        pick(3) === 0
          ? Promise.all(Array.from({ length: lookups }, () => lookUp(phones, checks)))
          : readWindow(phones, checks),
      ),
    );
    // What is kept from a request before may be older than this one.
    if (keepMs > 0 && changeRate > 0) continue;
    const stayed = before.filter((account) => !gone.has(account));
    const moment = { stayed, seen, hasChanged: changes > 0, hasEverChanged };
    for (const check of checks) check(moment);
    // A whole list that is read beside a window may share a call of the same request, and counts it as shared.
    expect(phones.cost.calls - phones.cost.shared).toBe(list.calls.length);
  }

  async function readWindow(phones: RequestPhones, checks: ((moment: Moment) => void)[]): Promise<void> {
    const mark = marks.length > 0 && pick(3) > 0 ? marks[pick(marks.length)] : undefined;
    const size = pick(2) === 0 ? 1 + pick(100) : 1 + pick(8);
    const side = pick(2) === 0 ? 'after' : 'before';
    const args = side === 'after' ? { first: size } : { last: size };
    try {
      const window = await phones.loadWindow(APP, { ...args, [side]: mark?.cursor ?? null }, 'rows');
      remember(window);
      checks.push((moment) => checkWindow(window, size, side, mark, moment));
      const phone = window.nodes[pick(window.nodes.length)];
      if (phone !== undefined && pick(2) === 0) await readPassword(phones, phone.account, checks);
    } catch (error) {
      checks.push((moment) => checkFailure(error, moment, mark));
    }
  }

  async function lookUp(phones: RequestPhones, checks: ((moment: Moment) => void)[]): Promise<void> {
    const account = pick(3) === 0 ? 'nobody' : (list.accounts[pick(list.accounts.length)] ?? 'nobody');
    try {
      const phone = await phones.loadPhone(APP, account);
      checks.push(({ stayed, seen }) => {
        if (stayed.includes(account)) expect(phone?.account).toBe(account);
        if (!seen.has(account)) expect(phone).toBeNull();
      });
      if (phone !== null && pick(2) === 0) await readPassword(phones, account, checks);
    } catch (error) {
      checks.push((moment) => checkFailure(error, moment, undefined));
    }
  }

  async function readPassword(
    phones: RequestPhones,
    account: string,
    checks: ((moment: Moment) => void)[],
  ): Promise<void> {
    const phone = { appId: APP, account, phoneName: null, groupName: null, displayNum: null };
    const password = await phones.loadPassword(phone);
    checks.push(({ stayed }) => {
      if (password !== null) expect(password.reveal()).toBe(passwordOf(account));
      else expect(stayed).not.toContain(account);
    });
  }

  function remember(window: PhoneWindow): void {
    const there = new Set(list.accounts);
    for (const { cursor, node } of window.edges.slice(-2)) marks.push({ cursor, row: node.account, there });
    const last = window.pageCursors?.last;
    if (last != null) marks.push({ cursor: last.cursor, row: undefined, there });
  }
}

/** Rows that stayed come in order, without a gap, from the end of the list or from beside the cursor's row on. */
function checkWindow(
  window: PhoneWindow,
  size: number,
  side: 'after' | 'before',
  mark: Mark | undefined,
  moment: Moment,
): void {
  const { stayed, seen, hasChanged } = moment;
  // The list keeps its order: it is never taken for one that has none, and answered in another.
  expect(window.asOf).toBeNull();
  const rows = window.nodes.map(({ account }) => account);
  expect(new Set(rows).size).toBe(rows.length);
  for (const account of rows) expect(seen).toContain(account);
  const kept = rows.filter((account) => stayed.includes(account));
  const lo = kept[0] === undefined ? 0 : stayed.indexOf(kept[0]);
  expect(kept).toEqual(stayed.slice(lo, lo + kept.length));
  const isFull = rows.length === size;
  const hasMore = side === 'after' ? window.pageInfo.hasNextPage : window.pageInfo.hasPreviousPage;
  expect(isFull || !hasMore).toBe(true);
  if (hasChanged) return;
  expect(window.totalCount).toBe(stayed.length);
  if (mark === undefined)
    expect(rows).toEqual(side === 'after' ? stayed.slice(0, size) : stayed.slice(-size));
  const at = mark?.row === undefined ? -1 : stayed.indexOf(mark.row);
  if (mark === undefined || at < 0) return;
  if (side === 'after') {
    expect(rows).toEqual(stayed.slice(at + 1, at + 1 + size));
    return;
  }
  // Before a cursor its row is not waited for where the row before it is in hand: rows that have come in between the two
  // since the cursor was made may be left out. None that was there is.
  let end = at;
  while (rows.at(-1) !== stayed[end - 1] && end > 0 && !mark.there.has(stayed[end - 1] ?? '')) end--;
  expect(rows).toEqual(stayed.slice(Math.max(0, end - size), end));
}

/** A list that stands still fails nobody but a cursor whose row has left before. */
function checkFailure(error: unknown, moment: Moment, mark: Mark | undefined): void {
  const { stayed, hasChanged, hasEverChanged } = moment;
  if (!(error instanceof GatewayError)) throw error;
  if (error.code === 'CURSOR_EXPIRED') {
    if (!hasChanged && mark?.row !== undefined) expect(stayed).not.toContain(mark.row);
    return;
  }
  expect(error).toMatchObject({ code: 'UPSTREAM_INCONSISTENT', retryable: true });
  // A list that moved too much for an earlier request is not read through again for a minute.
  const isRemembered = error.retryAfterMs !== undefined;
  expect(isRemembered ? hasEverChanged : hasChanged).toBe(true);
}

describe('Requests that mix windows, jumps, lookups and passwords', () => {
  it.each([
    ['stands still', 0],
    ['changes now and then', 0.1],
    ['changes before every other call', 0.5],
  ])('answer what was there, or fail with a code, while the list %s', async (_, changeRate) => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          // A page or two, some, and more than the eight that are read at a time.
          total: fc.oneof(...TOTALS.map(([min, max]) => fc.integer({ min, max }))),
          requests: fc.integer({ min: 1, max: 6 }),
          changeRate: fc.constant(changeRate),
          keepMs: fc.constantFrom(0, 60_000),
          lookups: fc.integer({ min: 1, max: 4 }),
          seed: fc.integer(),
        }),
        async (plan) => {
          const { busiest } = await countTurns(() => run(plan));
          expect(busiest).toBeLessThan(BUSY_TURN);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each<Plan>([
    // A jump to the first page, while rows came between the two pages that were read for it.
    { total: 11, requests: 3, changeRate: 0.5, keepMs: 0, lookups: 1, seed: 1585966282 },
    // A census whose pages, read again to close a seam, begin before the page that they follow.
    { total: 117, requests: 5, changeRate: 0.5, keepMs: 0, lookups: 1, seed: 0 },
    // A lookup that fails as an earlier one did, though the list has not changed since.
    { total: 712, requests: 3, changeRate: 0.5, keepMs: 0, lookups: 4, seed: -325397732 },
  ])('answer what was there in %j, which once did not', run);
});
