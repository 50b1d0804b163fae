import { CursorExpiredError } from '../errors/argument-errors.ts';
import { findAnchor } from '../paging/anchor.ts';
import type { RowCursor } from '../paging/cursor.ts';
import type { Range } from '../paging/plan.ts';
import { endOf } from '../paging/run.ts';
import type { Place } from '../paging/settle-window.ts';
import type { ListReader } from './list-reader.ts';
import type { PhoneRun } from './row-cache.ts';

/** Calls that looking for one anchor may take beyond the window's own. */
const MAX_SEARCH_CALLS = 4;
/** Rows that one call can always read, wherever they are. */
const ROWS_OF_A_SURE_CALL = 50;

/**
 * Looks for a row that is not where its cursor says: where the total tells that it has gone, then outward from there.
 * It has to be read again with the window's rows, which may have moved meanwhile.
 * @param looked what was read already around the cursor's position.
 * @throws {CursorExpiredError} when neither the row nor the one before it is found.
 */
export async function findAnchorAfar(
  reader: ListReader,
  cursor: RowCursor,
  side: 'after' | 'before',
  looked: PhoneRun,
): Promise<Place['anchor']> {
  const { total } = looked;
  if (reader.planCalls([{ lo: 0, hi: total }], total, { isFresh: true }).length <= MAX_SEARCH_CALLS) {
    const anchor = find(await reader.read(0, Math.max(1, total), { isFresh: true }));
    if (anchor === undefined) throw new CursorExpiredError(side);
    return anchor;
  }

  const moved = total - cursor.total;
  const centre = Math.min(Math.max(0, cursor.position + moved), total - 1);
  let seen: Range = { lo: looked.lo, hi: endOf(looked) };
  let goesUp = moved >= 0;
  for (let call = 0; call < MAX_SEARCH_CALLS; call++) {
    const isJump = call === 0 && (centre < seen.lo || centre >= seen.hi);
    if (goesUp ? seen.hi >= total : seen.lo <= 0) goesUp = !goesUp;
    const lo = isJump
      ? centre - ROWS_OF_A_SURE_CALL / 2
      : goesUp
        ? seen.hi - 1
        : seen.lo + 1 - ROWS_OF_A_SURE_CALL;
    const run = await reader.read(Math.max(0, lo), lo + ROWS_OF_A_SURE_CALL, {
      isFresh: true,
      readAhead: goesUp ? 'forward' : 'backward',
    });
    const anchor = find(run);
    if (anchor !== undefined) return anchor;
    seen = isJump
      ? { lo: run.lo, hi: endOf(run) }
      : { lo: Math.min(seen.lo, run.lo), hi: Math.max(seen.hi, endOf(run)) };
    if (!isJump) goesUp = !goesUp;
  }
  throw new CursorExpiredError(side);

  function find(run: PhoneRun): Place['anchor'] | undefined {
    const anchor = findAnchor(cursor, run, side);
    if (anchor.kind === 'disorder') throw reader.noticeDisorder();
    return anchor.kind === 'absent' ? undefined : anchor;
  }
}
