import type { Phone } from '../domain/phone.ts';
import type { Secret } from '../domain/secret.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { planPages } from '../paging/plan.ts';
import { endsOf } from '../paging/whole-plan.ts';
import { type AccountSearch, createAccountSearch } from './account-search.ts';
import type { ListReader } from './list-reader.ts';
import { scanList } from './scan-list.ts';

/** What became of each account: its phone, or why it could not be found. One that is missing here is proved absent. */
export type FoundAccounts = ReadonlyMap<string, Phone | Error>;

/**
 * Finds phones by account in a list that can only be paged: in rows that are kept, then where they were last seen, then
 * by reading through the list until all are found. One that cannot be found does not keep the others from being found.
 */
export async function loadAccounts(
  reader: ListReader,
  accounts: readonly string[],
  isFresh = false,
): Promise<FoundAccounts> {
  const search = createAccountSearch(reader, accounts, isFresh);
  search.lookInRows();
  await lookWhereLastSeen(search);
  await dismissAbsent(search);
  await scanList(search);
  return search.found;
}

/**
 * The passwords of phones that are known to exist, in the order asked. Kept rows have none, so a phone that this request
 * has not read itself is read again. Null where the vendor sends none, or the phone has gone meanwhile.
 */
export async function loadPasswords(
  reader: ListReader,
  accounts: readonly string[],
): Promise<(Secret | null | Error)[]> {
  const unread = accounts.filter((account) => reader.rows.findRead(account) === undefined);
  const found = unread.length === 0 ? undefined : await loadAccounts(reader, unread, true);
  return accounts.map((account) => {
    const read = reader.rows.findRead(account);
    if (read !== undefined) return read.password;
    const failure = found?.get(account);
    return failure instanceof Error ? failure : null;
  });
}

/** Reads the pages that lie around where the accounts were last seen; those that have moved further, once more. */
async function lookWhereLastSeen(search: AccountSearch): Promise<void> {
  const { missing } = search;
  const { memory } = search.reader.list;
  const total = memory.getTotal() ?? 0;
  const seenAt = new Map<string, number>();
  for (const account of missing) {
    const position = memory.getPosition(account);
    if (position !== undefined) seenAt.set(account, position);
  }
  if (seenAt.size === 0 || isScanEnough(search, seenAt, total)) return;
  await search.readAround(seenAt);

  const moved = new Map<string, number>();
  for (const [account, position] of seenAt) {
    if (!missing.has(account)) continue;
    memory.forget(account);
    const by = findShiftNear(search, position, seenAt) ?? (memory.getTotal() ?? total) - total;
    if (by !== 0) moved.set(account, Math.max(0, position + by));
  }
  await search.readAround(moved);
}

/** Whether to skip last known positions: other accounts need a scan of the list, and the calls do not suffice for both. */
function isScanEnough(
  { reader, missing }: AccountSearch,
  seenAt: ReadonlyMap<string, number>,
  total: number,
): boolean {
  const { budget, listed, largestPageSize } = reader.list;
  const known = listed?.find();
  // Those that are known to be absent need no scan.
  const needsScan = (account: string) => !seenAt.has(account) && known?.has(account) !== false;
  if (![...missing].some(needsScan)) return false;
  const scanCalls = largestPageSize.getWholePlan().count(total, budget.left);
  if (scanCalls > budget.left) return false;
  const around = [...seenAt.values()].map((at) => ({ lo: at, hi: at + 1 }));
  const options = { largestPageSize: largestPageSize.get(), total, maxPages: budget.left };
  const callsAround = planPages(around, options).length;
  return callsAround + scanCalls > budget.left;
}

/** How far the nearest of the accounts that were found has moved since it was last seen. */
function findShiftNear(
  { reader, missing }: AccountSearch,
  position: number,
  seenAt: ReadonlyMap<string, number>,
): number | undefined {
  let nearest = Number.POSITIVE_INFINITY;
  let shift: number | undefined;
  for (const [account, at] of seenAt) {
    const now = reader.list.memory.getPosition(account);
    if (missing.has(account) || now === undefined || Math.abs(at - position) >= nearest) continue;
    nearest = Math.abs(at - position);
    shift = now - at;
  }
  return shift;
}

/**
 * Dismisses accounts that the list did not have when it was last read whole. Its total, by an answer to this request, must
 * be the same, or new rows at its head and its end must explain the difference.
 */
async function dismissAbsent(search: AccountSearch): Promise<void> {
  const { reader, missing, isFresh } = search;
  const { listed, largestPageSize } = reader.list;
  const known = isFresh ? undefined : listed?.find();
  if (known === undefined) return;
  const absent = [...missing].filter((account) => !known.has(account));
  if (absent.length === 0) return;
  try {
    const total = await reader.count(1);
    if (total !== known.total) {
      const ends = endsOf(largestPageSize.getWholePlan(), total);
      await search.readAll(ends);
      const answers = ends.flatMap((page) => search.findAnswer(page) ?? []);
      const accounts = answers.map((answer) => answer.rows.map(({ account }) => account));
      const isOneMoment = answers.length === ends.length && answers.every((answer) => answer.total === total);
      if (!isOneMoment || !known.follow(total, accounts)) return;
    }
  } catch (error) {
    // The scan meets what is wrong, and says so.
    if (error instanceof GatewayError) return;
    throw error;
  }
  search.dismiss(absent);
}
