import type { Cursor, RowCursor } from './cursor.ts';
import { endOf, isTail, type Row, type Run } from './run.ts';

/** Rows that must follow the predecessor of a row that is gone, before it is believed that it is gone and not further on. */
export const ROWS_THAT_PROVE_A_GAP = 25;

/** Where a cursor's place is in a run. */
export type Anchor =
  /** `next` is the position behind the cursor's row, `at` that of the row; they are equal where the row is gone. */
  | { readonly kind: 'found'; readonly at: number; readonly next: number }
  /** The row before is at `predecessor`, the row itself not among what follows, of which too little was read. */
  | { readonly kind: 'unsure'; readonly predecessor: number }
  | { readonly kind: 'absent' };

/**
 * Finds a cursor's place in what was read. The position in the cursor is only where to look first.
 * @param side `after` loses rows when it resumes too late, so that a row which is gone needs proof; `before` does not.
 */
export function findAnchor(cursor: Cursor, run: Run<Row>, side: 'after' | 'before'): Anchor {
  if (cursor.kind === 'position') return { kind: 'found', at: cursor.position, next: cursor.position + 1 };
  const expected = run.rows[cursor.position - run.lo];
  if (expected !== undefined && cursor.match(expected.account) === 'row') return foundAt(cursor.position);

  let predecessor: number | undefined;
  for (const [index, row] of run.rows.entries()) {
    const match = cursor.match(row.account);
    if (match === 'row') return foundAt(run.lo + index);
    if (match === 'predecessor') predecessor = run.lo + index;
  }
  if (predecessor !== undefined) {
    const isProved = side === 'before' || isTail(run) || endOf(run) - predecessor > ROWS_THAT_PROVE_A_GAP;
    return isProved ? goneBefore(predecessor + 1) : { kind: 'unsure', predecessor };
  }
  // The first row of the list had none before it: only the whole list can show that it is gone.
  return isFirstRow(cursor) && run.isHead && isTail(run) ? goneBefore(run.lo) : { kind: 'absent' };
}

function foundAt(position: number): Anchor {
  return { kind: 'found', at: position, next: position + 1 };
}

function goneBefore(position: number): Anchor {
  return { kind: 'found', at: position, next: position };
}

export function isFirstRow(cursor: RowCursor): boolean {
  return cursor.position === 0;
}
