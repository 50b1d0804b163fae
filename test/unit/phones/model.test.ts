import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { UpstreamInconsistentError } from '../../../src/errors/upstream-errors.ts';
import { createWholePlan } from '../../../src/paging/whole-plan.ts';
import type { PhoneWindow, RequestPhones } from '../../../src/phones/phones.ts';
import { createMovingList, type Moment } from '../../support/moving-list.ts';
import { createRandom } from '../../support/scroll.ts';
import { countTurns } from '../../support/turns.ts';
import { APP, openDirectory, passwordOf } from '../../support/vendor-list.ts';
import { type Asked, checkFailure, checkWindow, type Mark } from './model-checks.ts';

jest.setTimeout(120_000);

/** Promises that a turn of the event loop may make: a scan of 20 pages makes a few hundred. */
const BUSY_TURN = 20_000;

/** Rows of the lists, from and to. */
const TOTALS = [
  [0, 130],
  [131, 800],
  [801, 1800],
] as const;

/** So many calls are enough for whatever a request of the model asks. */
const ENOUGH_CALLS = 120;

interface Plan {
  readonly total: number;
  readonly requests: number;
  /** Requests at a time. */
  readonly atOnce: number;
  readonly changeRate: number;
  readonly failRate: number;
  readonly largestPage: number;
  readonly keepMs: number;
  readonly keepListMs: number;
  readonly callBudget: number;
  /** Phones that are looked up at once, where any are. */
  readonly lookups: number;
  readonly seed: number;
}

type Check = (moment: Moment) => void;

/** What one request was given. */
interface Given {
  readonly checks: Check[];
  rows: number;
  readonly found: Set<string>;
}

/**
 * Sends requests that mix windows, jumps, lookups and passwords to a list that changes between any two calls.
 * @returns how it ended: a list that changes between the calls that ask whether its order holds as well can look as if it had none.
 */
async function run(plan: Plan): Promise<'well' | 'taken for unordered'> {
  const { changeRate, failRate, keepMs, keepListMs, callBudget, lookups } = plan;
  // Read by small pages while it moves, a list may take any number.
  const isShortOfCalls = callBudget < ENOUGH_CALLS || (plan.largestPage < 100 && changeRate > 0);
  const random = createRandom(plan.seed);
  const pick = (below: number) => Math.floor(random() * below);
  const moving = createMovingList({ ...plan, random });
  const { list } = moving;
  let isTakenForUnordered = false;
  const { open } = openDirectory(list, { keepMs, keepListMs, callBudget });
  const marks: Mark[] = [];
  let atStart = new Set<string>();

  for (let request = 0; request < plan.requests; request++) {
    const endMoment = moving.startMoment();
    atStart = new Set(list.accounts);
    list.calls.length = 0;
    const servedBefore = moving.served;
    const opened = Array.from({ length: plan.atOnce }, () => ({
      phones: open(),
      given: { checks: [], rows: 0, found: new Set<string>() } satisfies Given as Given,
    }));
    await Promise.all(opened.map(({ phones, given }) => ask(phones, given)));
    const moment = endMoment();
    if (isTakenForUnordered) {
      expect(moment.hasEverChanged).toBe(true);
      return 'taken for unordered';
    }
    for (const { phones, given } of opened) {
      expect(phones.cost.rowsUsed).toBe(given.rows + given.found.size);
      expect(phones.cost.calls).toBeLessThanOrEqual(callBudget);
      if (!moment.hasEverChanged) expect(phones.cost.driftRepairs).toBe(0);
      // What is kept from a request before may be older than this one.
      if (keepMs === 0 || changeRate === 0) for (const check of given.checks) check(moment);
    }
    const sumOf = (key: 'calls' | 'shared' | 'rowsRead') =>
      opened.reduce((sum, { phones }) => sum + phones.cost[key], 0);
    expect(sumOf('calls') - sumOf('shared')).toBe(list.calls.length);
    // A call that is shared brings its rows to each who shares it.
    if (sumOf('shared') === 0) expect(sumOf('rowsRead')).toBe(moving.served - servedBefore);
  }
  if (changeRate === 0 && failRate === 0) await findInTheEnd();
  return 'well';

  function ask(phones: RequestPhones, given: Given): Promise<unknown> {
    return Promise.all(
      Array.from({ length: 1 + pick(4) }, () => {
        if (pick(8) === 0) return count(phones, given.checks);
        if (pick(3) > 0) return readWindow(phones, given);
        return Promise.all(Array.from({ length: lookups }, () => lookUp(phones, given)));
      }),
    );
  }

  async function count(phones: RequestPhones, checks: Check[]): Promise<void> {
    try {
      const { totalCount, nodes } = await phones.loadWindow(APP, {}, 'count');
      checks.push(({ stayed, seen, hasChanged }) => {
        expect(nodes).toEqual([]);
        if (!hasChanged) expect(totalCount).toBe(stayed.length);
        expect(totalCount).toBeLessThanOrEqual(seen.size);
      });
    } catch (error) {
      checks.push((moment) => checkFailure(error, moment, [], isShortOfCalls));
    }
  }

  async function readWindow(phones: RequestPhones, given: Given): Promise<void> {
    const size = pick(2) === 0 ? 1 + pick(100) : pick(9);
    const from = pick(2) === 0 ? 'start' : 'end';
    const mark = () => (marks.length > 0 && pick(3) > 0 ? marks[pick(marks.length)] : undefined);
    const isAcross = pick(6) === 0;
    const after = from === 'start' || isAcross ? mark() : undefined;
    const before = from === 'end' || isAcross ? mark() : undefined;
    const asked: Asked = { from, size, after, before };
    const args = {
      [from === 'start' ? 'first' : 'last']: size,
      after: after?.cursor,
      before: before?.cursor,
    };
    try {
      const window = await phones.loadWindow(APP, args, 'rows');
      isTakenForUnordered ||= window.asOf !== null;
      given.rows += window.nodes.length;
      remember(window);
      given.checks.push((moment) => checkWindow(window, asked, moment));
      const phone = window.nodes[pick(window.nodes.length)];
      if (phone !== undefined && pick(2) === 0) await readPassword(phones, phone.account, given);
    } catch (error) {
      isTakenForUnordered ||= error instanceof UpstreamInconsistentError && error.isDisordered;
      given.checks.push((moment) => checkFailure(error, moment, [after, before], isShortOfCalls));
    }
  }

  async function lookUp(phones: RequestPhones, given: Given): Promise<void> {
    const account = pick(3) === 0 ? 'nobody' : (list.accounts[pick(list.accounts.length)] ?? 'nobody');
    try {
      const phone = await phones.loadPhone(APP, account);
      if (phone !== null) given.found.add(account);
      // Absence is remembered by the total: as many may have left as have come.
      const isSure = keepListMs === 0 || account.startsWith('row-');
      given.checks.push(({ stayed, seen }) => {
        if (stayed.includes(account) && isSure) expect(phone?.account).toBe(account);
        if (!seen.has(account)) expect(phone).toBeNull();
      });
      if (phone !== null && pick(2) === 0) await readPassword(phones, account, given);
    } catch (error) {
      isTakenForUnordered ||= error instanceof UpstreamInconsistentError && error.isDisordered;
      given.checks.push((moment) => checkFailure(error, moment, [], isShortOfCalls));
    }
  }

  async function readPassword(phones: RequestPhones, account: string, { checks }: Given): Promise<void> {
    const phone = { appId: APP, account, phoneName: null, groupName: null, displayNum: null };
    const password = await phones.loadPassword(phone);
    checks.push(({ stayed }) => {
      if (password !== null) expect(password.reveal()).toBe(passwordOf(account));
      else expect(stayed).not.toContain(account);
    });
  }

  function remember(window: PhoneWindow): void {
    // What has come since the window was read is not counted.
    const there = new Set(list.accounts.filter((account) => atStart.has(account)));
    for (const { cursor, node } of window.edges.slice(-2)) marks.push({ cursor, row: node.account, there });
    const last = window.pageCursors?.last;
    if (last != null) marks.push({ cursor: last.cursor, row: undefined, there });
  }

  /** However few calls a request may make, a list that stands still is looked through to its end by so many as that takes. */
  async function findInTheEnd(): Promise<void> {
    const account = list.accounts[pick(list.accounts.length)];
    if (account === undefined) return;
    const pages = createWholePlan(plan.largestPage).count(list.accounts.length, 1000);
    // Each reads the head again, and the last page of the one before; the first may have to learn how large a page can be.
    const tries = 3 + Math.ceil(pages / Math.max(1, callBudget - 2));
    for (let request = 0; request < tries; request++) {
      const outcome = await open()
        .loadPhone(APP, account)
        .catch((error: unknown) => error);
      if (!(outcome instanceof Error)) {
        expect(outcome).toMatchObject({ account });
        return;
      }
    }
    expect({ account, tries }).toBe('found');
  }
}

describe('Requests that mix windows, jumps, lookups and passwords', () => {
  it.each([
    ['stands still', 0],
    ['changes now and then', 0.1],
    ['changes before every other call', 0.5],
  ])('answer what was there, or fail with a code, while the list %s', async (_, changeRate) => {
    let alarms = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          // A page or two, some, and more than the eight that are read at a time.
          total: fc.oneof(...TOTALS.map(([min, max]) => fc.integer({ min, max }))),
          requests: fc.integer({ min: 1, max: 6 }),
          atOnce: fc.constantFrom(1, 1, 2),
          changeRate: fc.constant(changeRate),
          failRate: fc.constantFrom(0, 0, 0, 0.1),
          largestPage: fc.constantFrom(100, 100, 100, 40),
          keepMs: fc.constantFrom(0, 60_000),
          keepListMs: fc.constantFrom(0, 30_000),
          callBudget: fc.constantFrom(ENOUGH_CALLS, ENOUGH_CALLS, 20, 7),
          lookups: fc.integer({ min: 1, max: 4 }),
          seed: fc.integer(),
        }),
        async (plan) => {
          const { result, busiest } = await countTurns(() => run(plan));
          expect(busiest).toBeLessThan(BUSY_TURN);
          if (result !== 'well') alarms++;
        },
      ),
      { numRuns: 80 },
    );
    // One of several thousand.
    expect(alarms).toBeLessThanOrEqual(2);
  });
});
