import type { Phone } from '../domain/phone.ts';
import { UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import { MAX_PAGE_SIZE, type Range } from '../paging/plan.ts';
import type { ListReader, ReadOptions } from './list-reader.ts';
import { loadList } from './load-list.ts';
import type { PhoneRun } from './row-cache.ts';

/** Pages of one step of a scan, at most. */
const MAX_PAGES_PER_STEP = 8;
/** Steps that one scan may take: more than a request's call budget has calls, and each step makes one or is the last but one. */
const MAX_STEPS = 256;
/** So many accounts are worth full steps from the start: the list will be read to its end, or nearly. */
const MANY_ACCOUNTS = 3;

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
  const search = new Search(reader, accounts, options);
  if (options.isFresh !== true) search.lookInHand();
  await search.lookWhereLastSeen();
  await search.scan();
  return search.found;
}

/** One batch of accounts on its way through the list. */
class Search {
  readonly found = new Map<string, Phone | Error>();
  readonly #missing: Set<string>;
  readonly #reader: ListReader;
  readonly #options: Pick<ReadOptions, 'isFresh'>;

  constructor(reader: ListReader, accounts: readonly string[], options: Pick<ReadOptions, 'isFresh'>) {
    this.#reader = reader;
    this.#missing = new Set(accounts);
    this.#options = options;
  }

  lookInHand(): void {
    const { inHand, cost } = this.#reader;
    for (const account of this.#missing) {
      const known = inHand.findPhone(account);
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

  /** Reads through the list, page 1 and then from where an earlier scan has stopped, until nothing is missing. */
  async scan(): Promise<void> {
    const { memory } = this.#reader;
    if (this.#missing.size === 0) return;
    const start = memory.getScanStart();
    const progress = { at: start };
    try {
      if (start > 0) await this.#scanRange({ lo: 0, hi: MAX_PAGE_SIZE }, { at: 0 });
      await this.#scanRange({ lo: start, hi: Number.POSITIVE_INFINITY }, progress);
      if (start > 0) await this.#scanRange({ lo: 0, hi: start + 1 }, { at: 0 });
      if (this.#missing.size === 0) return;
      // Only a complete reading shows that the rest is not there. It makes calls only where the list has moved meanwhile.
      this.#collect(await loadList(this.#reader, this.#options));
      memory.setScanStart(0);
    } catch (error) {
      memory.setScanStart(progress.at);
      this.#fail(this.#missing, error);
    }
  }

  async #scanRange(range: Range, progress: { at: number }): Promise<void> {
    const reader = this.#reader;
    let pages = this.#missing.size >= MANY_ACCOUNTS ? MAX_PAGES_PER_STEP : 1;
    let readTo = range.lo;
    for (let step = 0; step < MAX_STEPS && this.#missing.size > 0; step++, pages *= 2) {
      // Of a list that was empty when last seen nothing is known.
      const total = reader.memory.getTotal() || undefined;
      const end = Math.min(range.hi, total ?? range.lo + MAX_PAGE_SIZE);
      if (readTo >= end) return;
      const plan = reader.planCalls([{ lo: range.lo, hi: end }], end, this.#options);
      reader.assertAffordable(plan.length);
      const last = plan[total === undefined ? 0 : Math.min(pages, MAX_PAGES_PER_STEP, plan.length) - 1];
      const planned = last === undefined ? end : Math.min(end, last.current * last.size);
      // What is in hand of different moments is planned anew from the start: then the rest is read whole.
      readTo = planned > readTo ? planned : end;
      this.#collect(await reader.read(range.lo, readTo, this.#options));
      progress.at = readTo;
    }
    if (this.#missing.size > 0)
      throw new UpstreamInconsistentError('the list grows faster than it can be read', { retryable: true });
  }

  async #readAround(positions: ReadonlyMap<string, number>): Promise<void> {
    const options: ReadOptions = { ...this.#options, readAhead: 'around' };
    await Promise.all(
      [...positions].map(async ([account, at]) => {
        try {
          this.#collect(await this.#reader.read(at, at + 1, options));
        } catch (error) {
          if (this.#missing.has(account)) this.#fail([account], error);
        }
      }),
    );
  }

  /** Whether last known positions would be in vain: the list has to be read through for others, and there are not calls for both. */
  #isScanEnough(seenAt: ReadonlyMap<string, number>, total: number): boolean {
    if (seenAt.size === this.#missing.size) return false;
    const hinted = [...seenAt.values()].map((at) => ({ lo: at, hi: at + 1 }));
    const hintedCalls = this.#reader.planCalls(hinted, total, this.#options).length;
    const scanCalls = this.#reader.planCalls([{ lo: 0, hi: total }], total, this.#options).length;
    const affordable = this.#reader.countAffordable();
    return scanCalls <= affordable && hintedCalls + scanCalls > affordable;
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

  #collect(run: PhoneRun): void {
    if (this.#missing.size === 0) return;
    for (const phone of run.rows)
      if (this.#missing.delete(phone.account)) this.found.set(phone.account, phone);
  }

  #fail(accounts: Iterable<string>, error: unknown): void {
    if (!(error instanceof Error)) throw error;
    for (const account of [...accounts]) {
      this.#missing.delete(account);
      this.found.set(account, error);
    }
  }
}
