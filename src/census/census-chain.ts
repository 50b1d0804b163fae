import type { Row } from '../paging/run.ts';
import { type PlannedPage, pageAround } from '../paging/whole-plan.ts';
import { findRepeated, joinChain } from './census-seam.ts';
import { type CensusStep, isSameRead, nameOfPage, type PageRead } from './census-step.ts';

/** Rows before an open seam that are read again, at the first and the second try. */
const SEAM_OVERLAPS = [30, 60] as const;
/** Rows behind an open seam that are read with them. */
const ROWS_BEHIND_SEAM = 3;

/**
 * Proves a list by chain: pages from its head to its end, each of which goes on where the one before ends. In a list
 * whose order holds that is every row that was there throughout, however many came and left meanwhile. Where the list
 * has moved, its head is read once more, and its end where rows are still missing.
 */
export interface ChainProof<R extends Row> {
  learn(read: PageRead<R>): void;
  /** Takes note of the pages of a list that is now longer or shorter. What was read of them stays. */
  setPlan(planned: readonly PlannedPage[], total: number): void;
  reset(): void;
  decide(total: number, pageCap: number): CensusStep<R>;
  countRead(): number;
}

/** A page that is to be read, and what it then brought. */
interface Link<R extends Row> {
  readonly page: PlannedPage;
  read: PageRead<R> | undefined;
}

/** @param checksHead reads the head once more even where nothing has moved: a row that has gone there leaves no other trace. */
export function createChainProof<R extends Row>(checksHead: boolean): ChainProof<R> {
  let planned: readonly PlannedPage[] = [];
  let links: Link<R>[] = [];
  let headAgain: Link<R> | undefined;
  let endAgain: Link<R> | undefined;
  /** A call that is repeated, to tell a list that has changed from one that has no order; `next`: another, if it shows the same. */
  let probe:
    | { readonly link: Link<R>; readonly before: PageRead<R>; readonly next: PageRead<R> | undefined }
    | undefined;
  /** Tries to close the first open seam so far. */
  let overlapsTried = 0;

  function all(): readonly Link<R>[] {
    return [...(headAgain ? [headAgain] : []), ...links, ...(endAgain ? [endAgain] : [])];
  }

  function decide(total: number, pageCap: number): CensusStep<R> {
    const unread = all().filter(({ read }) => read === undefined);
    if (unread.length > 0) return { kind: 'read', pages: unread.map(({ page }) => page) };
    const isProbed = probe !== undefined;
    if (probe?.link.read !== undefined && isSameRead(probe.link.read, probe.before))
      return probe.next === undefined ? { kind: 'disordered' } : repeat(probe.next, undefined);
    probe = undefined;

    const reads = all().flatMap(({ read }) => read ?? []);
    const chain = joinChain(reads);
    if (chain.kind === 'open' || chain.kind === 'odd') {
      const [before, behind] = [reads[chain.index], reads[chain.index + 1]];
      if (before === undefined || behind === undefined) throw new TypeError('A seam lies between two pages.');
      // Of pages with different totals one call more would prove nothing.
      return chain.kind === 'odd' && !isProbed && before.total === behind.total
        ? repeatBoth([before, behind])
        : closeSeam(before, pageCap);
    }
    overlapsTried = 0;
    if (chain.kind === 'endless') return readEndAgain();
    if (chain.isCalm && chain.rows.size === total && (!checksHead || headAgain !== undefined))
      return { kind: 'proved', rows: chain.rows, reads };
    if (chain.isCalm && chain.rows.size !== total)
      return isProbed ? { kind: 'anew' } : repeatBoth(findRepeated(reads));
    if ((headAgain?.read?.turn ?? 0) < latestTurn()) {
      headAgain = { page: planned[0] ?? pageAround(0, 1, pageCap), read: undefined };
      return { kind: 'read', pages: [headAgain.page] };
    }
    return chain.rows.size >= total ? { kind: 'proved', rows: chain.rows, reads } : readEndAgain();
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

  function closeSeam(before: PageRead<R>, pageCap: number): CensusStep<R> {
    const overlap = SEAM_OVERLAPS[overlapsTried++];
    if (overlap === undefined) return { kind: 'anew' };
    const seamAt = before.page.lo + before.rows.length;
    const page = pageAround(seamAt - overlap, seamAt + ROWS_BEHIND_SEAM, pageCap);
    links.splice(links.findIndex(({ read }) => read === before) + 1, 0, { page, read: undefined });
    return { kind: 'read', pages: [page] };
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
      overlapsTried = 0;
    },
    decide,
    countRead: () => links.filter(({ read }) => read !== undefined).length,
  };
}
