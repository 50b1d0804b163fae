import { nameOfPage } from '../paging/page-number.ts';
import type { Row } from '../paging/run.ts';
import type { PlannedPage } from '../paging/whole-plan.ts';
import { createRepairs, type Repairs } from './census-repairs.ts';
import { type CensusStep, isSameRead, type PageRead } from './census-step.ts';

/** Calls in a row that may bring nothing new before the rest is held to be hidden; twice the plan of a longer list. */
const MIN_FRUITLESS_CALLS = 12;
/** Calls that look for missing rows at the same time. */
const MAX_REPAIRS_AT_ONCE = 8;

/**
 * Proves a list by count, whatever its order: an unbroken run of answers that all give one total, with as many different
 * rows in them. Rows that the planned pages have missed are looked for on pages that end elsewhere.
 *
 * The count alone is fooled by a row that left while another came. So the planned pages are read twice, and have to show
 * the same both times: what it cannot see is a list that has changed and changed back between any two readings of a page.
 */
export interface CountProof<R extends Row> {
  learn(read: PageRead<R>): void;
  /** Begins anew: the total is another one. */
  reset(): void;
  decide(total: number, planned: readonly PlannedPage[], largestPageSize: number): CensusStep<R>;
}

export function createCountProof<R extends Row>(): CountProof<R> {
  let rows = new Map<string, R>();
  let reads: PageRead<R>[] = [];
  let lastReads = new Map<string, PageRead<R>>();
  let repairs: Repairs | undefined;
  let fruitlessCalls = 0;
  /** What the planned pages have shown before they were read again. */
  let checks: readonly PageRead<R>[] | undefined;

  function reset(): void {
    rows = new Map();
    reads = [];
    lastReads = new Map();
    repairs = undefined;
    fruitlessCalls = 0;
    checks = undefined;
  }

  function decide(total: number, planned: readonly PlannedPage[], largestPageSize: number): CensusStep<R> {
    if (checks?.some((check) => !isSameRead(check, latestOf(check)))) {
      const latest = checks.map(latestOf);
      reset();
      latest.forEach(learn);
    }
    // More rows than there are: some have left meanwhile, and others may have been missed for them.
    if (rows.size > total) reset();
    const unread = planned.filter((page) => !lastReads.has(nameOfPage(page)));
    if (unread.length > 0) return { kind: 'read', pages: unread };
    if (rows.size === total) {
      if (checks !== undefined) return { kind: 'proved', rows, reads };
      checks = planned.flatMap((page) => lastReads.get(nameOfPage(page)) ?? []);
      return { kind: 'read', pages: planned };
    }
    checks = undefined;
    if (fruitlessCalls > Math.max(MIN_FRUITLESS_CALLS, 2 * planned.length))
      return { kind: 'given-up', fault: 'rows that the total counts are on no page' };
    repairs ??= createRepairs(reads, total, largestPageSize);
    const pages: PlannedPage[] = [];
    for (let count = Math.min(MAX_REPAIRS_AT_ONCE, total - rows.size); count > 0; count--) {
      const page = repairs.choose();
      if (page !== undefined) pages.push(page);
    }
    return pages.length > 0
      ? { kind: 'read', pages }
      : { kind: 'given-up', fault: 'rows that the total counts are on no page' };
  }

  function learn(read: PageRead<R>): void {
    const before = rows.size;
    for (const row of read.rows) rows.set(row.account, row);
    fruitlessCalls = rows.size > before ? 0 : fruitlessCalls + 1;
    reads.push(read);
    lastReads.set(nameOfPage(read.page), read);
  }

  function latestOf(check: PageRead<R>): PageRead<R> {
    return lastReads.get(nameOfPage(check.page)) ?? check;
  }

  return { learn, reset, decide };
}
