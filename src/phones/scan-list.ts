import { createCensus } from '../census/census.ts';
import type { Phone } from '../domain/phone.ts';
import { LookupUnfinishedError } from '../errors/request-errors.ts';
import { UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import { isSamePage, nameOfPage } from '../paging/page-number.ts';
import type { PageNumber } from '../paging/plan.ts';
import { endsOf } from '../paging/whole-plan.ts';
import type { AccountSearch } from './account-search.ts';
import type { RequestList } from './list-reader.ts';

/** Pages of one step of a scan, at most. */
const MAX_PAGES_PER_STEP = 8;
/** From so many accounts on, steps are full from the start: the list will be read to its end, or nearly. */
const MANY_ACCOUNTS = 3;
/** Rows of the longest list that is looked through over several requests. Longer ones are refused at once. */
const MAX_ROWS = 1_000_000;

/**
 * Reads through the list until all accounts are found, or the list is proved not to have them. If that takes more calls than
 * the request may make, it reads as far as they go, from where the last request has stopped.
 */
export async function scanList(search: AccountSearch): Promise<void> {
  const { reader, missing } = search;
  if (missing.size === 0) return;
  const { memory, largestPageSize } = reader.list;
  try {
    const unproved = memory.findUnproved();
    if (unproved !== undefined) {
      // All that was on any page is known. What came since may stand at an end.
      await search.readAll(endsOf(largestPageSize.getWholePlan(), memory.getTotal() ?? 0));
      throw unproved;
    }
    if (!fitsBudget(reader.list)) await readOnward(search);
    if (memory.scanStart > 0) await readFrom(search, memory.scanStart);
    if (missing.size > 0) await takeCensus(search);
  } catch (error) {
    search.fail(missing, error);
  }
}

/** Whether the request may make the calls that reading the whole list takes, as far as is known. */
function fitsBudget({ memory, budget, largestPageSize }: RequestList): boolean {
  return largestPageSize.getWholePlan().count(memory.getTotal() ?? 0, budget.left) <= budget.left;
}

/** The complete reading, which ends early when all are found. Nothing else shows that an account is not there. */
async function takeCensus(search: AccountSearch): Promise<void> {
  const { reader, missing } = search;
  const { memory, budget, listed, largestPageSize, clock } = reader.list;
  let pageSize = largestPageSize.get();
  const census = createCensus<Phone>({
    maxCalls: budget.left + search.pagesRead,
    expectedTotal: memory.getTotal(),
    isDisordered: memory.isDisordered(),
    largestPageSize: pageSize,
  });
  /** Pages of its plan that were read. */
  const taken = new Set<string>();
  /** Whether the answers came in the order in which they were asked for: only then they show that an order does not hold. */
  let isInTurn = true;
  let atOnce = missing.size >= MANY_ACCOUNTS ? MAX_PAGES_PER_STEP : 1;
  /** Whether it ended before all pages were read once: they were found to be smaller, or more, on the way. */
  let isCutShort = false;
  let fault: string | undefined;
  try {
    while (missing.size > 0) {
      if (pageSize !== largestPageSize.get()) {
        pageSize = largestPageSize.get();
        census.setLargestPageSize(pageSize);
        taken.clear();
      }
      const takenAt = clock.monotonicNow();
      const pages = census.take(atOnce);
      if (pages.length === 0) break;
      const isReadAgain = (page: PageNumber) => taken.has(nameOfPage(page));
      const calls = pages.filter((page) => isReadAgain(page) || search.findAnswer(page) === undefined).length;
      if (calls > budget.left) {
        isCutShort = taken.size < census.progress.planned;
        fault = 'the list moves, or hides rows, for longer than one request may read it';
        break;
      }
      await search.readAll(pages, isReadAgain);
      if (search.fault !== undefined) {
        await readOthers(search, pages);
        break;
      }
      for (const page of pages) {
        const answer = search.findAnswer(page);
        if (answer === undefined) continue;
        census.learn(page, answer);
        isInTurn &&= answer.readAt >= takenAt;
        taken.add(nameOfPage(page));
      }
      atOnce = Math.min(2 * atOnce, MAX_PAGES_PER_STEP);
    }
  } catch (error) {
    memory.scanStart = largestPageSize.getWholePlan().pageAt(census.progress.read).lo;
    throw error;
  }
  memory.scanStart = 0;
  if (census.isDisordered && isInTurn && !memory.isDisordered()) memory.notice('disorder');
  if (census.state.kind === 'proved') listed?.remember(census.state.rows.map(({ account }) => account));
  if (isCutShort || census.state.kind === 'refused') await readOnward(search);
  if (census.state.kind === 'given-up') fault = census.state.fault;
  const error =
    search.fault ??
    (fault === undefined ? undefined : new UpstreamInconsistentError(fault, { retryable: true }));
  if (error === undefined || missing.size === 0) return;
  // A list without an order is read in another way the next time.
  if (!error.isDisordered) memory.noticeUnproved(error);
  throw error;
}

/** Reads the other pages of a list that cannot be proved: any of them that shows a phone proves that one. */
async function readOthers(search: AccountSearch, read: readonly PageNumber[]): Promise<void> {
  const { missing } = search;
  const { memory, budget, largestPageSize } = search.reader.list;
  const plan = largestPageSize.getWholePlan();
  const count = plan.count(memory.getTotal() ?? 0, budget.left + search.pagesRead);
  const others = Array.from({ length: count }, (_, index) => plan.pageAt(index)).filter(
    (page) => search.findAnswer(page) === undefined && !read.some((other) => isSamePage(page, other)),
  );
  while (missing.size > 0 && others.length > 0 && budget.left > 0)
    await search.readAll(others.splice(0, Math.min(MAX_PAGES_PER_STEP, budget.left)));
}

/** Reads as much of a list as the request's calls allow, from where the last request has stopped. */
async function readOnward(search: AccountSearch): Promise<void> {
  const { memory } = search.reader.list;
  const total = memory.getTotal() ?? 0;
  if (total > MAX_ROWS) throw new LookupUnfinishedError(total);
  await readFrom(search, memory.scanStart);
  await readFrom(search, 0);
  if (search.missing.size > 0) throw new LookupUnfinishedError(total, memory.scanStart);
}

/**
 * Reads the first page, then from a position on to the list's end, while calls are left. The page that ends with that position
 * is read again: rows that stood behind it may have moved up since. Where pages turn out to be smaller, it begins anew.
 */
async function readFrom(search: AccountSearch, start: number): Promise<void> {
  const { reader, missing } = search;
  const { memory, budget, largestPageSize } = reader.list;
  let plan = largestPageSize.getWholePlan();
  // However far that is: an earlier request has come there page by page.
  const indexOf = (position: number) => plan.count(position, Number.POSITIVE_INFINITY) - 1;
  let index = indexOf(start);
  /** Whether the pages before the next reach to the end of the list. */
  const isAtEnd = () => (index === 0 ? 0 : plan.pageAt(index - 1).hi) >= (memory.getTotal() ?? 0);
  if (start > 0 && budget.left > 0) await search.readAll([plan.pageAt(0)]);
  let atOnce = missing.size >= MANY_ACCOUNTS || !fitsBudget(reader.list) ? MAX_PAGES_PER_STEP : 1;
  while (missing.size > 0) {
    if (plan !== largestPageSize.getWholePlan()) {
      plan = largestPageSize.getWholePlan();
      index = indexOf(start);
      memory.scanStart = start;
    }
    const pages: PageNumber[] = [];
    for (; pages.length < Math.min(atOnce, budget.left) && !isAtEnd(); index++)
      pages.push(plan.pageAt(index));
    if (pages.length === 0) break;
    await search.readAll(pages);
    memory.scanStart = plan.pageAt(index).lo;
    atOnce = Math.min(2 * atOnce, MAX_PAGES_PER_STEP);
  }
  if (isAtEnd()) memory.scanStart = 0;
}
