import { CursorExpiredError } from '../errors/cursor-expired-error.ts';
import { UpstreamInconsistentError } from '../errors/upstream-inconsistent-error.ts';
import { type Anchor, findAnchor, ROWS_THAT_PROVE_A_GAP } from '../paging/anchor.ts';
import type { Cursor, RowCursor } from '../paging/cursor.ts';
import { MAX_PAGE_SIZE } from '../paging/plan.ts';
import { emptyRunAtEnd, endOf, holds } from '../paging/run.ts';
import { type Span, spanOf, type Window } from '../paging/window.ts';
import type { ListReader, ReadOptions } from './list-reader.ts';
import type { PhoneRun } from './run-store.ts';

/** How often a window may be read anew because the list moved under it. */
const MAX_STEPS = 8;
/** Calls that looking for one anchor may take beyond the window's own. */
const MAX_SEARCH_CALLS = 4;
/** Rows that one call can always read, wherever they are. */
const ROWS_OF_A_SURE_CALL = 50;

/** The rows of a window: those of `run` at the positions of `span`, and the row before them where there is one. */
export interface LoadedWindow {
  readonly run: PhoneRun;
  readonly span: Span;
}

type Side = 'after' | 'before';

/**
 * Reads a window: guesses by the positions in its cursors where its rows are, reads them with the anchors beside them,
 * finds the anchors in what came, and reads again only what is missing then.
 * @throws {CursorExpiredError} when an anchor and the row before it cannot be found.
 */
export async function loadWindow(reader: ListReader, window: Window): Promise<LoadedWindow> {
  const { from, after, before } = window;
  let total = after?.total ?? before?.total ?? reader.hints.getTotal();
  let a = after === undefined ? 0 : after.position + 1;
  let b = before?.position;
  let isFresh = false;
  let proofHi = 0;

  for (let step = 0; step < MAX_STEPS; step++) {
    if (from === 'end' && before === undefined && total === undefined)
      total = await reader.count(MAX_PAGE_SIZE);
    const known = total ?? Number.POSITIVE_INFINITY;
    const guess = spanOf(window, 0, Math.min(a, known), b ?? known, known);
    const afterRange = after?.kind === 'row' ? { lo: Math.max(0, a - 2), hi: a } : undefined;
    const beforeRange =
      before?.kind === 'row' && b !== undefined ? { lo: Math.max(0, b - 1), hi: b + 1 } : undefined;
    const touchesAfter = afterRange !== undefined && guess.lo <= a;
    const touchesBefore = beforeRange !== undefined && b !== undefined && guess.lo <= b && b <= guess.hi;
    const lo = Math.max(0, touchesAfter ? afterRange.lo : guess.lo - 1);
    const hi = Math.max(touchesBefore ? beforeRange.hi : guess.hi, proofHi, touchesAfter ? afterRange.hi : 0);

    const options: ReadOptions = {
      fresh: isFresh,
      surplus: reader.surplusTowards(from === 'end' ? 'backward' : 'forward'),
    };
    const [main, afterRun, beforeRun] = await Promise.all([
      hi > lo ? reader.read(lo, hi, options) : readCount(reader),
      afterRange === undefined || touchesAfter
        ? undefined
        : reader.read(afterRange.lo, afterRange.hi, options),
      beforeRange === undefined || touchesBefore
        ? undefined
        : reader.read(beforeRange.lo, beforeRange.hi, options),
    ]);
    total = main.total;

    const afterPlace = after && (await placeAnchor(after, 'after', main, afterRun));
    const beforePlace = before && (await placeAnchor(before, 'before', main, beforeRun));
    if (afterPlace?.anchor.kind === 'absent' || beforePlace?.anchor.kind === 'absent') {
      // Kept rows may be from before the cursor: that is no reason to call it expired.
      isFresh = true;
      continue;
    }
    const start = main.isHead ? main.lo : 0;
    const isUnsure = afterPlace?.anchor.kind === 'unsure';
    a = afterPlace === undefined ? start : positionBehind(afterPlace.anchor);
    if (afterPlace?.anchor.kind === 'unsure')
      proofHi = afterPlace.anchor.predecessor + ROWS_THAT_PROVE_A_GAP + 2;
    b = beforePlace === undefined ? undefined : positionAt(beforePlace.anchor);

    const span = spanOf(window, start, Math.min(a, total), Math.max(start, b ?? total), total);
    const isAfterProved = afterPlace === undefined || afterPlace.isInMain || span.lo > a;
    const isBeforeProved =
      b === undefined || beforePlace === undefined || beforePlace.isInMain || span.hi < b || b < span.lo;
    if (!isUnsure && isAfterProved && isBeforeProved && holdsSpan(main, span)) {
      assertDistinct(reader, main, span);
      if (hasMoved(after, a - 1)) reader.noticeMove(total === after?.total);
      if (hasMoved(before, b)) reader.noticeMove(total === before?.total);
      return { run: main, span };
    }
  }
  throw new UpstreamInconsistentError('the list moves faster than it can be read', { retryable: true });

  async function placeAnchor(
    cursor: Cursor,
    side: Side,
    main: PhoneRun,
    aside: PhoneRun | undefined,
  ): Promise<{ readonly anchor: Anchor; readonly isInMain: boolean }> {
    const inMain = findAnchor(cursor, main, side);
    if (inMain.kind === 'disorder') throw reader.noticeDisorder();
    if (inMain.kind !== 'absent') return { anchor: inMain, isInMain: true };
    const inAside = aside === undefined ? inMain : findAnchor(cursor, aside, side);
    if (inAside.kind !== 'absent') return { anchor: inAside, isInMain: false };
    if (!isFresh || cursor.kind === 'position') return { anchor: inAside, isInMain: false };
    return { anchor: await searchAnchor(reader, cursor, side, aside ?? main), isInMain: false };
  }
}

/** Looks for an anchor that is not where it was: where the total says that it has gone, then outward from there. */
async function searchAnchor(
  reader: ListReader,
  cursor: RowCursor,
  side: Side,
  looked: PhoneRun,
): Promise<Anchor> {
  const { total } = looked;
  const wholeList = { lo: 0, hi: total };
  if (reader.planCalls([wholeList], total).length <= MAX_SEARCH_CALLS) {
    const anchor = findAnchor(cursor, await reader.read(0, total, { fresh: true }), side);
    if (anchor.kind === 'absent') throw new CursorExpiredError(side);
    return anchor;
  }

  const moved = total - cursor.total;
  const centre = Math.min(Math.max(0, cursor.position + moved), total - 1);
  let lo = looked.lo;
  let hi = endOf(looked);
  let goesUp = moved >= 0;
  for (let call = 0; call < MAX_SEARCH_CALLS; call++) {
    const isCentreFirst = call === 0 && (centre < lo || centre >= hi);
    if (goesUp ? hi >= total : lo <= 0) goesUp = !goesUp;
    const half = ROWS_OF_A_SURE_CALL / 2;
    const range = isCentreFirst
      ? { lo: centre - half, hi: centre + half }
      : goesUp
        ? { lo: hi - 1, hi: hi - 1 + ROWS_OF_A_SURE_CALL }
        : { lo: lo + 1 - ROWS_OF_A_SURE_CALL, hi: lo + 1 };
    const run = await reader.read(Math.max(0, range.lo), range.hi, {
      fresh: true,
      surplus: goesUp ? 'forward' : 'backward',
    });
    const anchor = findAnchor(cursor, run, side);
    if (anchor.kind === 'disorder') throw reader.noticeDisorder();
    if (anchor.kind !== 'absent') return anchor;
    lo = isCentreFirst ? run.lo : Math.min(lo, run.lo);
    hi = isCentreFirst ? endOf(run) : Math.max(hi, endOf(run));
    if (!isCentreFirst) goesUp = !goesUp;
  }
  throw new CursorExpiredError(side);
}

function hasMoved(cursor: Cursor | undefined, position: number | undefined): boolean {
  return cursor?.kind === 'row' && position !== cursor.position;
}

async function readCount(reader: ListReader): Promise<PhoneRun> {
  return emptyRunAtEnd(await reader.count(1));
}

function positionBehind(anchor: Anchor): number {
  return anchor.kind === 'found' ? anchor.next : anchor.kind === 'unsure' ? anchor.predecessor + 1 : 0;
}

function positionAt(anchor: Anchor): number {
  return anchor.kind === 'found' ? anchor.at : anchor.kind === 'unsure' ? anchor.predecessor + 1 : 0;
}

/** A window without rows needs no row before it either. */
function holdsSpan(run: PhoneRun, span: Span): boolean {
  return span.lo === span.hi || holds(run, span.lo - 1, span.hi);
}

/** In a list whose order holds, no account comes twice. @throws {UpstreamInconsistentError} when one does. */
function assertDistinct(reader: ListReader, run: PhoneRun, span: Span): void {
  // One page was checked when it came.
  if (run.rows.length <= MAX_PAGE_SIZE) return;
  const rows = run.rows.slice(span.lo - run.lo, span.hi - run.lo);
  if (new Set(rows.map((row) => row.account)).size !== rows.length) throw reader.noticeDisorder();
}
