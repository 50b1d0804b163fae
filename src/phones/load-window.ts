import { UpstreamInconsistentError } from '../errors/upstream-inconsistent-error.ts';
import { type Anchor, findAnchor, ROWS_THAT_PROVE_A_GAP } from '../paging/anchor.ts';
import type { Cursor } from '../paging/cursor.ts';
import { MAX_PAGE_SIZE, type Range } from '../paging/plan.ts';
import { emptyRunAtEnd, holds } from '../paging/run.ts';
import { type Span, spanOf, type Window } from '../paging/window.ts';
import { guessWindow, planWindowReads, type WindowGuess } from '../paging/window-reads.ts';
import { findAnchorAfar } from './find-anchor-afar.ts';
import type { ListReader, ReadOptions } from './list-reader.ts';
import type { PhoneRun } from './run-store.ts';

/** How often a window is looked for before the list is held to move too fast. */
const MAX_LOOKS = 8;

/** The rows of a window: those of `run` at the positions of `span`, and the row before them where there is one. */
export interface LoadedWindow {
  readonly run: PhoneRun;
  readonly span: Span;
}

/** Where one of the window's cursors was found. */
interface Place {
  readonly anchor: Anchor;
  /** Whether it is in the same run as the window's rows, so that they are proved to lie beside it. */
  readonly isBesideRows: boolean;
}

/**
 * Reads a window: guesses by the positions in its cursors where its rows are, reads them with the anchors, finds the
 * anchors in what came, and looks again where they are elsewhere than guessed. Only what is missing then is read.
 * @throws {CursorExpiredError} when an anchor and the row before it cannot be found.
 * @throws {UpstreamInconsistentError} when the list has no order that holds, or moves faster than it can be read.
 */
export async function loadWindow(reader: ListReader, window: Window): Promise<LoadedWindow> {
  const { from, after, before } = window;
  let guess = guessWindow(window, reader.hints.getTotal());
  let isFresh = false;

  for (let look = 0; look < MAX_LOOKS; look++) {
    if (from === 'end' && before === undefined && guess.total === undefined) {
      guess = { ...guess, total: await reader.count(MAX_PAGE_SIZE) };
    }
    const reads = planWindowReads(window, guess);
    const options = {
      fresh: isFresh,
      surplus: reader.surplusTowards(from === 'end' ? 'backward' : 'forward'),
    };
    const [run, aroundAfter, aroundBefore] = await Promise.all([
      reads.rows === undefined ? readCount(reader) : read(reads.rows, options),
      reads.afterAnchor && read(reads.afterAnchor, options),
      reads.beforeAnchor && read(reads.beforeAnchor, options),
    ]);
    const afterPlace = after && (await findPlace(after, 'after', run, aroundAfter));
    const beforePlace = before && (await findPlace(before, 'before', run, aroundBefore));
    if (afterPlace?.anchor.kind === 'absent' || beforePlace?.anchor.kind === 'absent') {
      // Kept rows may be from before the cursor: that is no reason to call it expired.
      isFresh = true;
      continue;
    }

    guess = learn(run, afterPlace, beforePlace);
    const { a, total = run.total } = guess;
    const b = guess.b ?? total;
    const start = startOf(run);
    const span = spanOf(window, start, Math.min(a, total), Math.max(start, b), total);
    const isAfterProved = afterPlace === undefined || afterPlace.isBesideRows || a < span.lo;
    const isBeforeProved =
      beforePlace === undefined || beforePlace.isBesideRows || b < span.lo || span.hi < b;
    if (guess.provedBy === 0 && isAfterProved && isBeforeProved && holdsSpan(run, span)) {
      assertDistinct(reader, run, span);
      noticeMove(after, a - 1, total);
      noticeMove(before, b, total);
      return { run, span };
    }
  }
  throw new UpstreamInconsistentError('the list moves faster than it can be read', { retryable: true });

  function read({ lo, hi }: Range, options: ReadOptions): Promise<PhoneRun> {
    return reader.read(lo, hi, options);
  }

  async function findPlace(
    cursor: Cursor,
    side: 'after' | 'before',
    rows: PhoneRun,
    aside: PhoneRun | undefined,
  ): Promise<Place> {
    const besideRows = findAnchor(cursor, rows, side);
    if (besideRows.kind === 'disorder') throw reader.noticeDisorder();
    if (besideRows.kind !== 'absent') return { anchor: besideRows, isBesideRows: true };
    const anchor = aside === undefined ? besideRows : findAnchor(cursor, aside, side);
    if (anchor.kind === 'disorder') throw reader.noticeDisorder();
    if (anchor.kind !== 'absent' || !isFresh || cursor.kind === 'position')
      return { anchor, isBesideRows: false };
    const afar = await findAnchorAfar(reader, cursor, side, aside ?? rows);
    if (afar.kind === 'disorder') throw reader.noticeDisorder();
    return { anchor: afar, isBesideRows: false };
  }

  /** The total tells of most moves; one that it does not tell of is a sign. */
  function noticeMove(cursor: Cursor | undefined, position: number, total: number): void {
    if (cursor?.kind === 'row' && position !== cursor.position) reader.noticeMove(total === cursor.total);
  }
}

/** What the places of the anchors tell of the window's. */
function learn(run: PhoneRun, after: Place | undefined, before: Place | undefined): WindowGuess {
  const isUnsure = after?.anchor.kind === 'unsure';
  return {
    a: after === undefined ? startOf(run) : positionsOf(after.anchor).next,
    b: before === undefined ? undefined : positionsOf(before.anchor).at,
    total: run.total,
    provedBy: isUnsure ? positionsOf(after.anchor).next + ROWS_THAT_PROVE_A_GAP + 1 : 0,
  };
}

/** Position of the list's first row, as the run counts. */
function startOf(run: PhoneRun): number {
  return run.isHead ? run.lo : 0;
}

function positionsOf(anchor: Anchor): { readonly at: number; readonly next: number } {
  if (anchor.kind === 'found') return anchor;
  const next = anchor.kind === 'unsure' ? anchor.predecessor + 1 : 0;
  return { at: next, next };
}

async function readCount(reader: ListReader): Promise<PhoneRun> {
  return emptyRunAtEnd(await reader.count(1));
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
