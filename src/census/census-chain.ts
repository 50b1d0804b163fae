import { nameOfPage } from '../paging/page-number.ts';
import type { Row } from '../paging/run.ts';
import { type PlannedPage, pageAround } from '../paging/whole-plan.ts';
import { findOneChange, lastChangeOf } from './census-changes.ts';
import { findRepeated, joinChain } from './census-seam.ts';
import { type CensusStep, isSameRead, type PageRead } from './census-step.ts';

/** Rows before an open seam that are read again, at the first and the second try, as a share of the largest page. */
const SEAM_OVERLAPS = [0.3, 0.6] as const;
/** Rows behind an open seam that are read with them. */
const ROWS_BEHIND_SEAM = 3;

/**
 * Proves a list by chain: pages from its head to its end, each of which goes on where the one before ends. In a list
 * whose rows keep their places to each other that is every row that was there throughout, however many came and left.
 *
 * A row that moves meanwhile may be missed on all pages. Where the list has changed once, at one place, its head
 * and its end are read once more. Where it shows more than that, all that was read before the last change is read again:
 * a row is then missed only if it moves twice. The result is then all that was read: it has every row that stayed, and it
 * may have rows that have left meanwhile.
 */
export interface ChainProof<R extends Row> {
  learn(read: PageRead<R>): void;
  /** Takes note of the pages of a list that is now longer or shorter. What was read of them stays. */
  setPlan(planned: readonly PlannedPage[], total: number): void;
  /** Begins anew. A first reading that came to its end is still one. */
  reset(): void;
  decide(total: number, largestPageSize: number): CensusStep<R>;
  countRead(): number;
  /** Whether the list has changed while it was read, as far as was seen. */
  readonly hasMoved: boolean;
}

/** A page that is to be read, and what it then brought. */
interface Link<R extends Row> {
  readonly page: PlannedPage;
  read: PageRead<R> | undefined;
  /** Whether it was added to close a seam. Defaults to false. */
  readonly closesSeam?: boolean;
}

export interface ChainProofOptions {
  /** Reads head and end once more even where nothing has moved: a row that has gone there can leave no other trace. */
  readonly checksEnds: boolean;
  /**
   * Reads a list again where rows have left and the count alone tells which: one that was read may have left, and another
   * have moved and been missed for it.
   */
  readonly doubtsCount: boolean;
}

export function createChainProof<R extends Row>({
  checksEnds,
  doubtsCount,
}: ChainProofOptions): ChainProof<R> {
  let planned: readonly PlannedPage[] = [];
  let links: Link<R>[] = [];
  let headAgain: Link<R> | undefined;
  let endAgain: Link<R> | undefined;
  /** A call that is repeated, to tell a list that has changed from one that has no order; `next`: another, if it shows the same. */
  let probe:
    | { readonly link: Link<R>; readonly before: PageRead<R>; readonly next: PageRead<R> | undefined }
    | undefined;
  /** Tries to close the first open seam so far, the one before a link of the plan. */
  let tried: { readonly before: Link<R> | undefined; count: number } | undefined;
  /** What a first reading has shown, during which the list has moved. */
  let firstRows: ReadonlyMap<string, R> | undefined;
  /** Whether a call that was repeated has shown a change that no chain of pages tells of. */
  let isUntold = false;
  let hasMoved = false;
  /** All that was read. */
  const seen: PageRead<R>[] = [];

  function all(): readonly Link<R>[] {
    return [...(headAgain ? [headAgain] : []), ...links, ...(endAgain ? [endAgain] : [])];
  }

  function decide(total: number, largestPageSize: number): CensusStep<R> {
    const unread = all().filter(({ read }) => read === undefined);
    if (unread.length > 0) return { kind: 'read', pages: unread.map(({ page }) => page) };
    const isProbed = probe !== undefined;
    if (probe?.link.read !== undefined && isSameRead(probe.link.read, probe.before))
      return probe.next === undefined ? { kind: 'disordered' } : repeat(probe.next, undefined);
    isUntold ||= isProbed;
    probe = undefined;

    const reads = all().flatMap(({ read }) => read ?? []);
    const chain = joinChain(reads);
    if (chain.kind === 'open' || chain.kind === 'odd') {
      hasMoved = true;
      const [before, behind] = [reads[chain.index], reads[chain.index + 1]];
      if (before === undefined || behind === undefined) throw new TypeError('A seam lies between two pages.');
      const next = all().find(({ closesSeam }, index) => index > chain.index && closesSeam !== true);
      if (tried?.before !== next) tried = undefined;
      tried ??= { before: next, count: 0 };
      // Of pages with different totals one call more would prove nothing.
      return chain.kind === 'odd' && !isProbed && before.total === behind.total
        ? repeatBoth([before, behind])
        : closeSeam(before, SEAM_OVERLAPS[tried.count++], largestPageSize);
    }
    tried = undefined;
    if (chain.kind === 'endless') return readEndAgain();
    const { rows } = chain;
    isUntold ||= reads.reduce((a, b) => (a.turn > b.turn ? a : b)).total !== total;
    const isCalm = chain.isCalm && !isUntold;
    hasMoved ||= !isCalm || rows.size !== total;
    if (isCalm && rows.size !== total) return repeatBoth(findRepeated(reads));
    // One page is of one moment.
    if (isCalm && (!checksEnds || headAgain !== undefined || reads.length === 1)) return prove(rows, reads);
    if (firstRows !== undefined)
      return new Map([...firstRows, ...rows]).size >= total
        ? prove(rows, reads)
        : readOnEnds(largestPageSize);
    const growth = isUntold ? undefined : findOneChange(reads);
    if (growth === undefined) return readAgain(rows, isUntold ? Infinity : lastChangeOf(reads));
    // Whatever has come was read, and so was whatever has left: none of the others can be missing.
    const isCounted = growth !== 0 && rows.size >= total + Math.max(0, -growth);
    if (isCounted && !checksEnds) return prove(rows, reads);
    if (growth < 0 && !isCounted && doubtsCount) return readAgain(rows, lastChangeOf(reads));
    return (headAgain?.read?.turn ?? 0) > latestTurn() && rows.size >= total
      ? prove(rows, reads)
      : readOnEnds(largestPageSize);
  }

  /** Both ends once, then the last page as it is now. */
  function readOnEnds(largestPageSize: number): CensusStep<R> {
    return (headAgain?.read?.turn ?? 0) > latestTurn() ? readEndAgain() : readEndsAgain(largestPageSize);
  }

  function prove(rows: ReadonlyMap<string, R>, reads: readonly PageRead<R>[]): CensusStep<R> {
    if (!hasMoved) return { kind: 'proved', rows, reads };
    const every = new Map<string, R>();
    for (const { rows } of seen) for (const row of rows) every.set(row.account, row);
    return { kind: 'proved', rows: every, reads: seen };
  }

  /** Two pages that contradict each other, the older first: both show the same again only where the list has no order. */
  function repeatBoth(pages: readonly [PageRead<R>, PageRead<R>] | undefined): CensusStep<R> {
    if (pages === undefined) return { kind: 'anew' };
    const [a, b] = pages;
    return a.turn < b.turn ? repeat(a, b) : repeat(b, a);
  }

  function repeat(before: PageRead<R>, next: PageRead<R> | undefined): CensusStep<R> {
    probe = { link: { page: before.page, read: undefined }, before, next };
    return { kind: 'read', pages: [before.page] };
  }

  function closeSeam(before: PageRead<R>, share: number | undefined, largestPageSize: number): CensusStep<R> {
    if (share === undefined) return { kind: 'anew' };
    const seamAt = before.page.lo + before.rows.length;
    const lo = seamAt - Math.round(share * largestPageSize);
    const page = pageAround(lo, seamAt + ROWS_BEHIND_SEAM, largestPageSize);
    const link = { page, read: undefined, closesSeam: true };
    links.splice(links.findIndex(({ read }) => read === before) + 1, 0, link);
    return { kind: 'read', pages: [page] };
  }

  /** Reads again what was read before the last change; what was read since counts for both readings. */
  function readAgain(rows: ReadonlyMap<string, R>, changedAt: number): CensusStep<R> {
    firstRows = rows;
    isUntold = false;
    const since = links.filter(({ read }) => read !== undefined && read.askedAfter >= changedAt);
    links = planned.map(
      (page) => since.find((link) => nameOfPage(link.page) === nameOfPage(page)) ?? { page, read: undefined },
    );
    headAgain = undefined;
    endAgain = undefined;
    return { kind: 'read', pages: links.filter(({ read }) => read === undefined).map(({ page }) => page) };
  }

  function readEndsAgain(largestPageSize: number): CensusStep<R> {
    headAgain = { page: planned[0] ?? pageAround(0, 1, largestPageSize), read: undefined };
    const end = readEndAgain();
    return { kind: 'read', pages: [headAgain.page, ...(end.kind === 'read' ? end.pages : [])] };
  }

  function readEndAgain(): CensusStep<R> {
    const page = planned.at(-1);
    if (page === undefined || (endAgain?.read?.turn ?? 0) > latestTurn()) return { kind: 'anew' };
    endAgain = { page, read: undefined };
    return { kind: 'read', pages: [page] };
  }

  /** Of the chain but for its head and end when they are read again. */
  function latestTurn(): number {
    return links.reduce((latest, { read }) => Math.max(latest, read?.turn ?? 0), 0);
  }

  return {
    learn(read) {
      seen.push(read);
      const name = nameOfPage(read.page);
      const waiting = [...(probe ? [probe.link] : []), ...all()];
      const link = waiting.find((each) => each.read === undefined && nameOfPage(each.page) === name);
      if (link !== undefined) link.read = read;
    },
    setPlan(pages, total) {
      planned = pages;
      links = links.filter(({ page }) => page.lo < total || page.lo === 0);
      const end = links.at(-1)?.page.hi ?? 0;
      for (const page of pages) if (page.hi > end) links.push({ page, read: undefined });
    },
    reset() {
      links = planned.map((page) => ({ page, read: undefined }));
      headAgain = undefined;
      endAgain = undefined;
      probe = undefined;
      tried = undefined;
      isUntold = false;
    },
    decide,
    countRead: () => links.filter(({ read }) => read !== undefined).length,
    get hasMoved() {
      return hasMoved;
    },
  };
}
