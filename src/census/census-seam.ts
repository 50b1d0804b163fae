import type { Row } from '../paging/run.ts';
import type { PageRead } from './census-step.ts';

/** Rows that two pages must share before a move between them is believed to be one of the whole stretch. */
const MIN_SHARED_ROWS = 3;

/**
 * What two pages of a list say of each other that lie next to each other or over each other.
 * - `exact`: as if read at one moment.
 * - `moved`: rows came or left before the seam; in a list with a stable order nothing between the two is missing.
 * - `bare`: at equal totals the second begins where the first ends; they share no row by which to tell more.
 * - `open`: too little is shared to tell.
 * - `odd`: what a list with a stable order shows only where rows have left and as many others come.
 */
export type CensusSeam = 'exact' | 'moved' | 'bare' | 'open' | 'odd';

/** The pages may stand in either order: one that closes a seam can begin before the page that it follows. */
export function judgeSeam(one: PageRead<Row>, other: PageRead<Row>): CensusSeam {
  const [a, b] = one.page.lo <= other.page.lo ? [one, other] : [other, one];
  const placeInB = new Map(b.rows.map(({ account }, index) => [account, index]));
  const shared: { readonly inA: number; readonly inB: number }[] = [];
  for (const [inA, { account }] of a.rows.entries()) {
    const inB = placeInB.get(account);
    if (inB !== undefined) shared.push({ inA, inB });
  }
  const [first] = shared;
  const last = shared.at(-1);
  const changes = Math.abs(a.total - b.total);
  if (a.rows.length === 0 || b.rows.length === 0) return changes === 0 ? 'exact' : 'open';
  const endOfA = a.page.lo + a.rows.length;
  const endOfB = b.page.lo + b.rows.length;
  const overlap = Math.min(endOfA, endOfB) - b.page.lo;
  if (first === undefined || last === undefined) {
    if (changes > 0 || overlap < 0) return 'open';
    return overlap === 0 ? 'bare' : 'odd';
  }

  const isExact =
    changes === 0 &&
    shared.length === overlap &&
    shared.every(({ inA, inB }) => a.page.lo + inA === b.page.lo + inB);
  if (isExact) return 'exact';
  const isInOrder = shared.every(({ inB }, index) => index === 0 || inB > (shared[index - 1]?.inB ?? 0));
  const behindInA = a.rows.length - 1 - last.inA;
  const behindInB = b.rows.length - 1 - last.inB;
  const isWithinA = endOfB < endOfA;
  // Of what two pages share nothing is missing on either side but rows that came or left.
  const strays =
    last.inA +
    1 -
    first.inA -
    shared.length +
    last.inB +
    1 -
    shared.length +
    (isWithinA ? behindInB : behindInA);
  if (!isInOrder || strays > changes) return 'odd';
  // Rows of `a` behind the last shared one have left: that is seen only where something follows in `b`.
  const isBelieved = behindInA === 0 || behindInB > 0 || isWithinA || endOfB >= b.total;
  return isBelieved && shared.length >= Math.min(MIN_SHARED_ROWS, a.rows.length, b.rows.length)
    ? 'moved'
    : 'open';
}

/** A chain of pages, each going on where the one before ends. */
export type Chain<R extends Row> =
  /** Every row that was there throughout is in `rows`; `isCalm` where nothing has moved meanwhile. */
  | { readonly kind: 'joined'; readonly rows: ReadonlyMap<string, R>; readonly isCalm: boolean }
  /** The seam between page `index` and the next does not join them. */
  | { readonly kind: 'open'; readonly index: number }
  | { readonly kind: 'odd'; readonly index: number }
  /** Its last page was not the end of the list when it was read. */
  | { readonly kind: 'endless' };

/** Joins pages from the head of a list to its end. Of a row that came twice the later reading counts. */
export function joinChain<R extends Row>(pages: readonly PageRead<R>[]): Chain<R> {
  const rows = new Map<string, R>();
  let isCalm = true;
  let bareSeam: number | undefined;
  for (const [index, page] of pages.entries()) {
    const before = pages[index - 1];
    const seam = before === undefined ? 'exact' : judgeSeam(before, page);
    if (seam === 'open' || seam === 'odd') return { kind: seam, index: index - 1 };
    if (seam === 'bare') bareSeam ??= index - 1;
    isCalm &&= seam !== 'moved';
    for (const row of page.rows) rows.set(row.account, row);
  }
  // Between the two of a bare seam something may be missing, once anything has moved.
  if (!isCalm && bareSeam !== undefined) return { kind: 'open', index: bareSeam };
  const last = pages.at(-1);
  const isEnd = last !== undefined && last.page.lo + last.rows.length >= last.total;
  return isEnd ? { kind: 'joined', rows, isCalm } : { kind: 'endless' };
}

/** The first two pages of a chain that share a row without being neighbours. */
export function findRepeated<R extends Row>(
  pages: readonly PageRead<R>[],
): readonly [PageRead<R>, PageRead<R>] | undefined {
  const seenOn = new Map<string, number>();
  for (const [index, page] of pages.entries()) {
    for (const { account } of page.rows) {
      const earlier = pages[seenOn.get(account) ?? index];
      if (earlier !== undefined && earlier !== page && earlier !== pages[index - 1]) return [earlier, page];
      seenOn.set(account, index);
    }
  }
  return undefined;
}
