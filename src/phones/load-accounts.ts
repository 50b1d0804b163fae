import { type CensusAnswer, createCensus } from '../census/census.ts';
import type { Phone } from '../domain/phone.ts';
import type { Secret } from '../domain/secret.ts';
import { LookupUnfinishedError } from '../errors/request-errors.ts';
import { UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import { type PageNumber, planPages } from '../paging/plan.ts';
import { createWholePlan, pageOf, type WholePlan } from '../paging/whole-plan.ts';
import type { ListReader, ReadOptions } from './list-reader.ts';

/** Pages of one step of a scan, at most. */
const MAX_PAGES_PER_STEP = 8;
/** So many accounts are worth full steps from the start: the list will be read to its end, or nearly. */
const MANY_ACCOUNTS = 3;
/** Pages of the longest list of which it is known which accounts it has. */
const MAX_FOLLOWED_PAGES = 10_000;
/** Rows of the longest list that is looked through over several requests. Longer ones are refused at once. */
const MAX_ROWS = 1_000_000;

/** The phones that were looked for. One that is not in it is not in the list, by a complete reading. */
export type FoundAccounts = ReadonlyMap<string, Phone | Error>;

/**
 * Finds phones by account in a list that can only be paged: in rows that are kept, then where they were last seen, then
 * by reading through the list until all are found. What keeps some from being found does not keep the others.
 */
export async function loadAccounts(
  reader: ListReader,
  accounts: readonly string[],
  options: Pick<ReadOptions, 'isFresh'> = {},
): Promise<FoundAccounts> {
  const search = new Search(reader, accounts, options.isFresh === true);
  search.lookInHand();
  await search.lookWhereLastSeen();
  await search.dismissAbsent();
  await search.scan();
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
  const found = unread.length === 0 ? undefined : await loadAccounts(reader, unread, { isFresh: true });
  return accounts.map((account) => {
    const read = reader.rows.findRead(account);
    if (read !== undefined) return read.password;
    const failure = found?.get(account);
    return failure instanceof Error ? failure : null;
  });
}

/** One batch of accounts on its way through the list. */
class Search {
  readonly found = new Map<string, Phone | Error>();
  readonly #missing: Set<string>;
  readonly #reader: ListReader;
  readonly #isFresh: boolean;
  /** Pages that the scan has read, by number and size. */
  readonly #answers = new Map<string, CensusAnswer<Phone>>();

  constructor(reader: ListReader, accounts: readonly string[], isFresh: boolean) {
    this.#reader = reader;
    this.#missing = new Set(accounts);
    this.#isFresh = isFresh;
  }

  lookInHand(): void {
    const { rows, cost } = this.#reader;
    this.#collectRead();
    if (this.#isFresh) return;
    for (const account of this.#missing) {
      const known = rows.findPhone(account);
      if (known === undefined) continue;
      this.#missing.delete(account);
      if (known === null) continue;
      this.found.set(account, known.phone);
      if (known.isKept) cost.rowsKept++;
    }
  }

  /** Reads the pages that lie around where the accounts were last seen; those that have moved further, once more. */
  async lookWhereLastSeen(): Promise<void> {
    const { memory } = this.#reader;
    const total = memory.getTotal() ?? 0;
    const seenAt = new Map<string, number>();
    for (const account of this.#missing) {
      const position = memory.getPosition(account);
      if (position !== undefined) seenAt.set(account, position);
    }
    if (seenAt.size === 0 || this.#isScanEnough(seenAt, total)) return;
    await this.#readAround(seenAt);

    const moved = new Map<string, number>();
    for (const [account, position] of seenAt) {
      if (!this.#missing.has(account)) continue;
      memory.forget(account);
      const by = this.#shiftNear(position, seenAt) ?? (memory.getTotal() ?? total) - total;
      if (by !== 0) moved.set(account, Math.max(0, position + by));
    }
    await this.#readAround(moved);
  }

  /**
   * Takes those for absent that the list did not have when it was last read whole, if its total still is the same by an
   * answer to this request; or if what came at its head and its end explains another.
   */
  async dismissAbsent(): Promise<void> {
    const { rows, listed } = this.#reader;
    const list = this.#isFresh ? undefined : listed?.find();
    if (list === undefined) return;
    const absent = [...this.#missing].filter((account) => !list.has(account));
    if (absent.length === 0) return;
    try {
      const total = rows.getTotal() ?? (await this.#reader.count(1));
      if (total !== list.total) {
        const plan = createWholePlan(this.#reader.getLargestPageSize());
        const last = plan.pageAt(plan.count(total, MAX_FOLLOWED_PAGES) - 1);
        const ends = new Map([plan.pageAt(0), last].map((page) => [nameOf(page), page]));
        await this.#readAll([...ends.values()]);
        const answers = [...ends.keys()].flatMap((name) => this.#answers.get(name) ?? []);
        const accounts = answers.map((answer) => answer.rows.map(({ account }) => account));
        const isOneMoment = answers.every((answer) => answer.total === total);
        if (!isOneMoment || !list.follow(total, accounts)) return;
      }
    } catch {
      // The scan meets what is wrong, and says so.
      return;
    }
    for (const account of absent) this.#missing.delete(account);
  }

  /** Reads through the list until nothing is missing, or the list is proved without it. */
  async scan(): Promise<void> {
    const { memory } = this.#reader;
    if (this.#missing.size === 0) return;
    const plan = createWholePlan(this.#reader.getLargestPageSize());
    try {
      if (!this.#fits(plan)) await this.#readOnward(plan);
      if (memory.scanStart > 0) await this.#readFrom(plan, memory.scanStart);
      if (this.#missing.size > 0) await this.#takeCensus(plan);
    } catch (error) {
      this.#fail(this.#missing, error);
    }
  }

  /** Whether the request may make the calls that reading the whole list takes, as far as is known. */
  #fits(plan: WholePlan): boolean {
    const { memory, budget } = this.#reader;
    return plan.count(memory.getTotal() ?? 0, budget.left) <= budget.left;
  }

  /** The complete reading, which ends early when all are found. Nothing else shows that an account is not there. */
  async #takeCensus(plan: WholePlan): Promise<void> {
    const { memory, budget, listed } = this.#reader;
    const census = createCensus<Phone>({
      maxCalls: budget.left + this.#answers.size,
      expectedTotal: memory.getTotal(),
      isDisordered: memory.isDisordered(),
      pageCap: this.#reader.getLargestPageSize(),
    });
    const taken = new Set<string>();
    /** Whether the answers came in the order in which they were asked for: only then they show that an order does not hold. */
    let isInTurn = true;
    let atOnce = this.#missing.size >= MANY_ACCOUNTS ? MAX_PAGES_PER_STEP : 1;
    try {
      while (this.#missing.size > 0) {
        census.setPageCap(this.#reader.getLargestPageSize());
        // Of a list that nobody has read, or that was empty, nothing is known but its first page.
        const takenAt = this.#reader.now();
        const pages = census.take(memory.getTotal() ? atOnce : 1);
        if (pages.length === 0) break;
        await this.#readAll(pages, (page) => taken.has(nameOf(page)));
        for (const page of pages) {
          const answer = this.#answers.get(nameOf(page));
          if (answer === undefined) continue;
          census.learn(page, answer);
          isInTurn &&= answer.readAt >= takenAt;
          taken.add(nameOf(page));
        }
        atOnce = Math.min(2 * atOnce, MAX_PAGES_PER_STEP);
      }
    } catch (error) {
      memory.scanStart = plan.pageAt(census.progress.read).lo;
      throw error;
    }
    memory.scanStart = 0;
    if (census.isDisordered && isInTurn && !memory.isDisordered()) memory.notice('disorder');
    if (census.state.kind === 'proved') listed?.remember(census.state.rows.map(({ account }) => account));
    if (census.state.kind === 'refused') await this.#readOnward(plan);
    if (census.state.kind === 'given-up' && this.#missing.size > 0)
      throw new UpstreamInconsistentError(census.state.fault, { retryable: true });
  }

  /** Of a list that takes more calls than the request may make, what fits, from where the last try has stopped. */
  async #readOnward(plan: WholePlan): Promise<void> {
    const { memory, budget } = this.#reader;
    const total = memory.getTotal() ?? 0;
    if (total > MAX_ROWS) throw new LookupUnfinishedError(total);
    await this.#readFrom(plan, memory.scanStart);
    if (this.#missing.size > 0 && budget.left > 0) await this.#readFrom(plan, 0);
    if (this.#missing.size > 0) throw new LookupUnfinishedError(total, memory.scanStart);
  }

  /** Reads the first page, then from a position on to the list's end, while calls are left. */
  async #readFrom(plan: WholePlan, start: number): Promise<void> {
    const { memory, budget } = this.#reader;
    if (start > 0 && budget.left > 0) await this.#readAll([plan.pageAt(0)]);
    const hasMany = this.#missing.size >= MANY_ACCOUNTS || !this.#fits(plan);
    let atOnce = hasMany ? MAX_PAGES_PER_STEP : 1;
    for (let index = plan.count(start + 1, budget.left + this.#answers.size) - 1; this.#missing.size > 0; ) {
      const pages: PageNumber[] = [];
      for (; pages.length < Math.min(atOnce, budget.left); index++) {
        const page = plan.pageAt(index);
        if (page.lo >= (memory.getTotal() ?? 0)) break;
        pages.push(page);
      }
      if (pages.length === 0) break;
      await this.#readAll(pages);
      memory.scanStart = plan.pageAt(index).lo;
      atOnce = Math.min(2 * atOnce, MAX_PAGES_PER_STEP);
    }
    if (memory.scanStart >= (memory.getTotal() ?? 0)) memory.scanStart = 0;
  }

  /** Reads pages at the same time, but those that were read already, unless they are wanted again. */
  async #readAll(pages: readonly PageNumber[], isWantedAgain = (_: PageNumber) => false): Promise<void> {
    const unread = pages.filter((page) => !this.#answers.has(nameOf(page)) || isWantedAgain(page));
    const outcomes = await Promise.allSettled(
      unread.map((page) => this.#readPage(page, isWantedAgain(page))),
    );
    this.#collectRead();
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #readPage(page: PageNumber, isAgain: boolean): Promise<void> {
    const kept = isAgain || this.#isFresh ? undefined : this.#findKept(page);
    if (kept !== undefined) {
      for (const phone of kept.rows)
        if (this.#missing.delete(phone.account)) this.found.set(phone.account, phone);
      this.#answers.set(nameOf(page), kept);
      return;
    }
    const { total, run } = await this.#reader.readPage(page, this.#isFresh, isAgain);
    const rows = run?.rows ?? [];
    this.#answers.set(nameOf(page), { total, lo: run?.lo, rows, readAt: run?.readAt ?? 0 });
  }

  /** A page as kept rows show it, where the order is known to hold. */
  #findKept({ current, size }: PageNumber): CensusAnswer<Phone> | undefined {
    const { rows, memory } = this.#reader;
    const { lo, hi } = pageOf(current, size);
    const run = memory.isDisordered() ? undefined : rows.findKept(lo, hi);
    if (run === undefined || run.total <= lo) return undefined;
    return { total: run.total, lo, rows: run.rows.slice(lo - run.lo, hi - run.lo), readAt: run.readAt };
  }

  async #readAround(positions: ReadonlyMap<string, number>): Promise<void> {
    await Promise.all(
      [...positions].map(async ([account, at]) => {
        try {
          await this.#reader.read(at, at + 1, { isFresh: this.#isFresh, readAhead: 'around' });
          this.#collectRead();
        } catch (error) {
          // Whatever is wrong with the list, a page that shows the row proves it.
          this.#collectRead();
          if (this.#missing.has(account)) this.#fail([account], error);
        }
      }),
    );
  }

  /** Whether last known positions are of no use: the list has to be read through for others, and there are not calls for both. */
  #isScanEnough(seenAt: ReadonlyMap<string, number>, total: number): boolean {
    if (seenAt.size === this.#missing.size) return false;
    const { budget, listed } = this.#reader;
    const list = listed?.find();
    // Those that are known to be absent need no scan.
    const needsScan = (account: string) => !seenAt.has(account) && list?.has(account) !== false;
    if (![...this.#missing].some(needsScan)) return false;
    const around = [...seenAt.values()].map((at) => ({ lo: at, hi: at + 1 }));
    const largestPageSize = this.#reader.getLargestPageSize();
    const callsAround = planPages(around, { largestPageSize, total, maxPages: budget.left }).length;
    const scanCalls = createWholePlan(largestPageSize).count(total, budget.left);
    return scanCalls <= budget.left && callsAround + scanCalls > budget.left;
  }

  /** How far the nearest of the accounts that were found has moved since it was last seen. */
  #shiftNear(position: number, seenAt: ReadonlyMap<string, number>): number | undefined {
    let nearest = Number.POSITIVE_INFINITY;
    let shift: number | undefined;
    for (const [account, at] of seenAt) {
      const now = this.#reader.memory.getPosition(account);
      if (this.#missing.has(account) || now === undefined || Math.abs(at - position) >= nearest) continue;
      nearest = Math.abs(at - position);
      shift = now - at;
    }
    return shift;
  }

  /** Takes what this request has read itself. */
  #collectRead(): void {
    for (const account of this.#missing) {
      const read = this.#reader.rows.findRead(account);
      if (read === undefined) continue;
      this.#missing.delete(account);
      this.found.set(account, read.phone);
    }
  }

  #fail(accounts: Iterable<string>, error: unknown): void {
    if (!(error instanceof Error)) throw error;
    for (const account of [...accounts]) {
      this.#missing.delete(account);
      this.found.set(account, error);
    }
  }
}

function nameOf({ current, size }: PageNumber): string {
  return `${current}/${size}`;
}
