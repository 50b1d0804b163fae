import { UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import { findAnchor } from '../paging/anchor.ts';
import type { Cursor } from '../paging/cursor.ts';
import { MAX_PAGE_SIZE, type Range } from '../paging/plan.ts';
import { emptyRunAtEnd } from '../paging/run.ts';
import { type Place, settleWindow } from '../paging/settle-window.ts';
import type { Span, Window } from '../paging/window.ts';
import { guessWindow, planWindowReads } from '../paging/window-reads.ts';
import { findAnchorAfar } from './find-anchor-afar.ts';
import type { ListReader } from './list-reader.ts';
import type { PhoneRun } from './row-cache.ts';

/** How often a window is looked for before the list is held to move too fast. */
const MAX_LOOKS = 8;

/** The rows of a window: those of `run` at the positions of `span`, and the row before them where there is one. */
export interface LoadedWindow {
  readonly run: PhoneRun;
  readonly span: Span;
}

/**
 * Reads a window: guesses by the positions in its cursors where its rows are, reads them with the anchors, finds the
 * anchors in what came, and looks again where they are elsewhere than guessed. Only what is missing then is read.
 * @throws {CursorExpiredError} when an anchor and the row before it cannot be found.
 * @throws {UpstreamInconsistentError} when the list has no order that holds, or moves faster than it can be read.
 */
export async function loadWindow(reader: ListReader, window: Window): Promise<LoadedWindow> {
  const { from, after, before } = window;
  const readAhead = reader.readAheadTowards(from === 'end' ? 'backward' : 'forward');
  let guess = guessWindow(window, reader.memory.getTotal());
  let isFresh = false;

  for (let look = 0; look < MAX_LOOKS; look++) {
    if (from === 'end' && guess.b === undefined && guess.total === undefined) {
      guess = { ...guess, total: await reader.count(window.size === 0 ? 1 : MAX_PAGE_SIZE) };
    }
    const reads = planWindowReads(window, guess);
    const read = ({ lo, hi }: Range) => reader.read(lo, hi, { isFresh, readAhead });
    const [run, aroundAfter, aroundBefore] = await Promise.all([
      reads.rows === undefined ? reader.count(1).then(emptyRunAtEnd) : read(reads.rows),
      reads.afterAnchor && read(reads.afterAnchor),
      reads.beforeAnchor && read(reads.beforeAnchor),
    ]);

    const afterPlace = after && (await findPlace(after, 'after', run, aroundAfter));
    const beforePlace = before && (await findPlace(before, 'before', run, aroundBefore));
    if (afterPlace === null || beforePlace === null) {
      // Kept rows may be from before the cursor: that is no reason to call it expired.
      isFresh = true;
      continue;
    }
    const settlement = settleWindow(window, run, afterPlace, beforePlace);
    if (settlement.kind === 'settled') {
      const { span } = settlement;
      assertDistinct(run, span);
      noticeMove(after, afterPlace, run.total);
      noticeMove(before, beforePlace, run.total);
      return { run, span };
    }
    guess = settlement.guess;
    if (settlement.isTorn) {
      isFresh = true;
      reader.startAnew();
    }
  }
  throw new UpstreamInconsistentError('the list moves faster than it can be read', { retryable: true });

  /** Null where the cursor's row is not in kept rows: that says nothing yet. */
  async function findPlace(
    cursor: Cursor,
    side: 'after' | 'before',
    rows: PhoneRun,
    aside: PhoneRun | undefined,
  ): Promise<Place | null> {
    const beside = findAnchor(cursor, rows, side);
    if (beside.kind === 'disorder') throw reader.noticeDisorder();
    if (beside.kind !== 'absent') return { anchor: beside, found: 'beside' };
    const away = aside === undefined ? beside : findAnchor(cursor, aside, side);
    if (away.kind === 'disorder') throw reader.noticeDisorder();
    if (away.kind !== 'absent') return { anchor: away, found: { total: (aside ?? rows).total } };
    if (!isFresh || cursor.kind === 'position') return null;
    return { anchor: await findAnchorAfar(reader, cursor, side, aside ?? rows), found: 'earlier' };
  }

  /** In a list whose order holds, no account comes twice. */
  function assertDistinct(run: PhoneRun, span: Span): void {
    const rows = run.rows.slice(span.lo - run.lo, span.hi - run.lo);
    if (new Set(rows.map((row) => row.account)).size !== rows.length) throw reader.noticeDisorder();
  }

  /** The total tells of most moves; one that it does not tell of is a sign. */
  function noticeMove(cursor: Cursor | undefined, place: Place | undefined, total: number): void {
    if (cursor?.kind !== 'row' || place?.anchor.kind !== 'found') return;
    const isInPlace = place.anchor.at === cursor.position && place.anchor.next === cursor.position + 1;
    if (!isInPlace) reader.noticeMove(total === cursor.total);
  }
}
