import type { Phone } from '../domain/phone.ts';
import { MAX_PAGE_SIZE, type PageNumber, type Range } from '../paging/plan.ts';
import { endOf, holds } from '../paging/run.ts';
import type { ListReader, ReadOptions } from './list-reader.ts';
import { loadList } from './load-list.ts';
import type { PhoneRun } from './run-store.ts';

/** Pages of one step of a scan, at most. */
const MAX_PAGES_PER_STEP = 8;
/** So many accounts are worth full steps from the start: the list will be read to its end, or nearly. */
const MANY_ACCOUNTS = 3;
/** How far from its hint a phone is looked for: 50 rows are one call, wherever they are. */
const ROWS_AROUND_A_HINT = 25;

/**
 * Finds phones by account in a list that can only be paged: in rows that are kept, then where they were last seen, then
 * by reading through the list until all are found.
 * @returns the phones found; an account that is missing in it is not in the list, by a complete reading.
 * @throws {QueryTooExpensiveError} before the scan starts, when it would take more calls than the request has left.
 */
export async function loadAccounts(
  reader: ListReader,
  accounts: readonly string[],
  options: ReadOptions = {},
): Promise<ReadonlyMap<string, Phone>> {
  const found = new Map<string, Phone>();
  const missing = new Set(accounts);
  const collect = (run: PhoneRun) => {
    for (const phone of run.rows) if (missing.delete(phone.account)) found.set(phone.account, phone);
  };

  if (!options.fresh) {
    for (const account of missing) {
      const kept = reader.findKept(account);
      if (kept === undefined) continue;
      missing.delete(account);
      if (kept !== null) found.set(account, kept);
    }
  }
  if (missing.size > 0) await readHinted(reader, missing, options, collect);
  if (missing.size > 0) await scan(reader, missing, options, collect);
  return found;
}

/** Reads where the accounts were last seen: with rows around them where that costs no more calls, so that small moves do not matter. */
async function readHinted(
  reader: ListReader,
  missing: ReadonlySet<string>,
  options: ReadOptions,
  collect: (run: PhoneRun) => void,
): Promise<void> {
  const positions = [...missing]
    .map((account) => reader.hints.getPosition(account))
    .filter((at) => at !== undefined);
  if (positions.length === 0) return;
  const exact = positions.map((at) => ({ lo: at, hi: at + 1 }));
  const around = positions.map((at) => ({
    lo: Math.max(0, at - ROWS_AROUND_A_HINT),
    hi: at + ROWS_AROUND_A_HINT,
  }));
  const total = reader.hints.getTotal();
  const isFree = reader.planCalls(around, total).length <= reader.planCalls(exact, total).length;
  const runs = await Promise.all((isFree ? around : exact).map(({ lo, hi }) => reader.read(lo, hi, options)));
  for (const run of runs) collect(run);
}

/** Reads through the list in steps of pages, from where an earlier scan has stopped, until nothing is missing. */
async function scan(
  reader: ListReader,
  missing: ReadonlySet<string>,
  options: ReadOptions,
  collect: (run: PhoneRun) => void,
): Promise<void> {
  const start = reader.hints.getScanStart();
  let at = start;
  try {
    // An earlier request's scan ended at `start`: what it has passed comes last.
    at = await scanTo(start, Number.POSITIVE_INFINITY);
    if (start > 0 && missing.size > 0) await scanTo(0, start + 1);
    // Only a complete reading shows that the rest is not there. It makes calls only where the list has moved meanwhile.
    if (missing.size > 0) collect(await loadList(reader, options));
    reader.hints.setScanStart(0);
  } catch (error) {
    reader.hints.setScanStart(at);
    throw error;
  }

  async function scanTo(lo: number, hi: number): Promise<number> {
    let pages = missing.size >= MANY_ACCOUNTS ? MAX_PAGES_PER_STEP : 1;
    let done = lo;
    let total = reader.hints.getTotal();
    while (missing.size > 0) {
      const rest: Range = {
        lo: done > lo ? done - 1 : done,
        hi: Math.min(hi, total ?? done + MAX_PAGE_SIZE),
      };
      const plan = reader.planCalls([rest], total);
      if (plan.length === 0) break;
      if (done === lo) reader.assertAffordable(plan.length);
      // With the total unknown, the first page tells it: it may be the whole list.
      const step = planStep(plan, total === undefined ? 1 : pages, rest);
      const run = await reader.read(step.lo, step.hi, options);
      collect(run);
      total = run.total;
      at = done = Math.max(step.hi, Math.min(endOf(run), hi));
      if (holds(run, done, hi)) break;
      pages = Math.min(MAX_PAGES_PER_STEP, pages * 2);
    }
    return done;
  }
}

/** The rows that the first `pages` calls of a plan read. */
function planStep(plan: readonly PageNumber[], pages: number, rest: Range): Range {
  const last = plan[pages - 1];
  return last === undefined ? rest : { lo: rest.lo, hi: Math.min(rest.hi, last.current * last.size) };
}
