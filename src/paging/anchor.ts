import type { Cursor, RowCursor } from './cursor.ts';
import { endOf, isTail, type Row, type Run } from './run.ts';

/** A cursor's row counts as deleted when so many rows follow the row that stood before it, and it is not among them. */
export const ROWS_THAT_PROVE_A_GAP = 25;

/** Where a cursor's place is in a run. */
export type Anchor =
  /** `at` is the position of the cursor's row, `next` the one behind it; they are equal where the row is gone. */
  | { readonly kind: 'found'; readonly at: number; readonly next: number }
  /** The row before it is at `predecessor`. Too few of the rows that follow were read to say that the row itself is gone. */
  | { readonly kind: 'unsure'; readonly predecessor: number }
  | { readonly kind: 'absent' }
  /** The row before now stands behind the row: the list has no stable order. */
  | { readonly kind: 'disorder' };

/**
 * Finds a cursor's place in what was read. The position in the cursor is only where to look first.
 * @param side A window that begins too late, `after` a row, loses rows: that this row is gone needs proof. One that ends
 * too early, `before` a row, loses none.
 */
export function findAnchor(cursor: Cursor, run: Run<Row>, side: 'after' | 'before'): Anchor {
  if (cursor.kind === 'position') return foundAt(cursor.position);
  if (isInPlace(cursor, run)) return foundAt(cursor.position);

  let row: number | undefined;
  let predecessor: number | undefined;
  for (const [index, { account }] of run.rows.entries()) {
    const match = cursor.match(account);
    if (match === 'row') row = run.lo + index;
    if (match === 'predecessor') predecessor = run.lo + index;
  }
  if (row !== undefined)
    return predecessor !== undefined && predecessor > row ? { kind: 'disorder' } : foundAt(row);
  if (predecessor !== undefined) {
    const isProved = side === 'before' || isTail(run) || endOf(run) - predecessor > ROWS_THAT_PROVE_A_GAP;
    return isProved ? goneBefore(predecessor + 1) : { kind: 'unsure', predecessor };
  }
  // The first row of the list had none before it: only the whole list can show that it is gone.
  const wasFirstRow = cursor.position === 0;
  return wasFirstRow && run.isHead && isTail(run) ? goneBefore(run.lo) : { kind: 'absent' };
}

/** Whether the row is where it was, behind the same row: in a list that does not change, the run need not be searched. */
function isInPlace(cursor: RowCursor, run: Run<Row>): boolean {
  const index = cursor.position - run.lo;
  const row = run.rows[index];
  if (row === undefined || cursor.match(row.account) !== 'row') return false;
  const previous = run.rows[index - 1];
  return previous === undefined || cursor.match(previous.account) === 'predecessor';
}

function foundAt(position: number): Anchor {
  return { kind: 'found', at: position, next: position + 1 };
}

function goneBefore(position: number): Anchor {
  return { kind: 'found', at: position, next: position };
}
