import type { Row } from '../paging/run.ts';
import { findRepeated, judgeSeam } from './census-seam.ts';
import type { PageRead } from './census-step.ts';

/** The turn of the last answer that shows a change of the list, in a chain of pages; 0 where none does. */
export function lastChangeOf(pages: readonly PageRead<Row>[]): number {
  let last = listTotalChanges(pages).at(-1)?.turn ?? 0;
  for (const [index, page] of pages.entries()) {
    const before = pages[index - 1];
    if (before === undefined) continue;
    const seam = judgeSeam(before, page);
    if (seam !== 'exact' && seam !== 'bare') last = Math.max(last, before.turn, page.turn);
  }
  return last;
}

/**
 * The rows by which a list has grown, or become shorter, where that is all that a chain of pages shows of a change: once,
 * at one place. 0 where only the total was another one for a while. Undefined for anything else: it may hide a row that
 * went from where nobody had looked to where nobody would look again.
 */
export function findOneChange(pages: readonly PageRead<Row>[]): number | undefined {
  if (findRepeated(pages) !== undefined) return undefined;
  const changes = listTotalChanges(pages);
  const [growth = 0] = changes.length === 1 ? changes.map(({ rows }) => rows) : [];
  const isOne = pages.every((page, index) => {
    const before = pages[index - 1];
    return before === undefined || isShiftedByTotal(before, page, growth);
  });
  return isOne ? growth : undefined;
}

/** The turns at which the total was another than in the answer before, and by how many rows. */
function listTotalChanges(
  pages: readonly PageRead<Row>[],
): readonly { readonly turn: number; readonly rows: number }[] {
  const inTurn = pages.toSorted((a, b) => a.turn - b.turn);
  return inTurn
    .map(({ turn, total }, index) => ({ turn, rows: total - (inTurn[index - 1]?.total ?? total) }))
    .filter(({ rows }) => rows !== 0);
}

/** Whether the rows that two pages share have kept their places, or have moved by what the total tells between the two. */
function isShiftedByTotal(one: PageRead<Row>, other: PageRead<Row>, growth: number): boolean {
  const [earlier, later] = one.turn < other.turn ? [one, other] : [other, one];
  const places = new Map(earlier.rows.map(({ account }, index) => [account, earlier.page.lo + index]));
  return later.rows.every(({ account }, index) => {
    const shift = later.page.lo + index - (places.get(account) ?? later.page.lo + index);
    return shift === 0 || (shift === growth && later.total !== earlier.total);
  });
}
