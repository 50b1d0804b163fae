import type { CensusAnswer } from '../census/census.ts';
import type { Phone } from '../domain/phone.ts';
import { UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import { nameOfPage } from '../paging/page-number.ts';
import type { PageNumber } from '../paging/plan.ts';
import { pageOf } from '../paging/whole-plan.ts';
import type { ListReader } from './list-reader.ts';

/** The search for a batch of accounts: what was found so far, and which pages were read for it. */
export interface AccountSearch {
  readonly reader: ListReader;
  /** Whether kept rows do not count. */
  readonly isFresh: boolean;
  /** Accounts that are still looked for. */
  readonly missing: ReadonlySet<string>;
  /** The phone of each account that was found, or the error that kept it from being found. */
  readonly found: ReadonlyMap<string, Phone | Error>;
  readonly pagesRead: number;
  /** Why a page does not fit into the list. The phones on it are found, but none can be proved absent. */
  readonly fault: UpstreamInconsistentError | undefined;
  findAnswer(page: PageNumber): CensusAnswer<Phone> | undefined;
  /** Finds accounts without a call: in rows that this request has read, and in kept rows. */
  lookInRows(): void;
  /** Ends the search for these: they are not in the list. */
  dismiss(accounts: Iterable<string>): void;
  fail(accounts: Iterable<string>, error: unknown): void;
  /**
   * Reads pages at the same time. Those that were read already are left out, unless `isWantedAgain` says so.
   * @throws {GatewayError} the failure of a call. A page that does not fit is no failure: see {@link fault}.
   */
  readAll(pages: readonly PageNumber[], isWantedAgain?: (page: PageNumber) => boolean): Promise<void>;
  /** Reads around the positions at which accounts are believed to stand. */
  readAround(positions: ReadonlyMap<string, number>): Promise<void>;
}

export function createAccountSearch(
  reader: ListReader,
  accounts: readonly string[],
  isFresh: boolean,
): AccountSearch {
  const { rows } = reader;
  const { memory, cost } = reader.list;
  const missing = new Set(accounts);
  const found = new Map<string, Phone | Error>();
  /** By number and size. */
  const answers = new Map<string, CensusAnswer<Phone>>();
  let fault: UpstreamInconsistentError | undefined;

  function settle(account: string, outcome: Phone | Error): void {
    if (missing.delete(account)) found.set(account, outcome);
  }

  /** Takes what this request has read itself. */
  function collectRead(): void {
    for (const account of missing) {
      const read = rows.findRead(account);
      if (read !== undefined) settle(account, read.phone);
    }
  }

  function fail(failed: Iterable<string>, error: unknown): void {
    if (!(error instanceof Error)) throw error;
    for (const account of [...failed]) settle(account, error);
  }

  async function readPage(page: PageNumber, isAgain: boolean): Promise<void> {
    const kept = isAgain || isFresh ? undefined : findKept(page);
    if (kept !== undefined) {
      for (const phone of kept.rows) settle(phone.account, phone);
      answers.set(nameOfPage(page), kept);
      return;
    }
    const { total, readAt, run } = await reader.readPage(page, isFresh, isAgain);
    answers.set(nameOfPage(page), { total, lo: run?.lo, rows: run?.rows ?? [], readAt });
  }

  /** A page as kept rows show it, where the order is known to hold. */
  function findKept({ current, size }: PageNumber): CensusAnswer<Phone> | undefined {
    const { lo, hi } = pageOf(current, size);
    const run = memory.isDisordered() ? undefined : rows.findKept(lo, hi);
    if (run === undefined || run.total <= lo) return undefined;
    return { total: run.total, lo, rows: run.rows.slice(lo - run.lo, hi - run.lo), readAt: run.readAt };
  }

  async function readAroundOne(account: string, at: number): Promise<void> {
    try {
      await reader.read(at, at + 1, { isFresh, readAhead: 'around', goesOn: false });
      collectRead();
    } catch (error) {
      // Whatever is wrong with the list, a page that shows the row proves it.
      collectRead();
      fail([account], error);
    }
  }

  return {
    reader,
    isFresh,
    missing,
    found,
    get pagesRead() {
      return answers.size;
    },
    get fault() {
      return fault;
    },
    findAnswer: (page) => answers.get(nameOfPage(page)),
    lookInRows() {
      collectRead();
      if (isFresh) return;
      for (const account of missing) {
        const known = rows.findPhone(account);
        if (known === null) missing.delete(account);
        if (known == null) continue;
        settle(account, known.phone);
        if (known.isKept) cost.rowsKept++;
      }
    },
    dismiss(absent) {
      for (const account of absent) missing.delete(account);
    },
    fail,
    async readAll(pages, isWantedAgain = () => false) {
      const unread = pages.filter((page) => !answers.has(nameOfPage(page)) || isWantedAgain(page));
      const outcomes = await Promise.allSettled(unread.map((page) => readPage(page, isWantedAgain(page))));
      collectRead();
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') continue;
        if (!(outcome.reason instanceof UpstreamInconsistentError)) throw outcome.reason;
        fault ??= outcome.reason;
      }
    },
    async readAround(positions) {
      await Promise.all([...positions].map(([account, at]) => readAroundOne(account, at)));
    },
  };
}
