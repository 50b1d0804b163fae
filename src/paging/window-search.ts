import { CursorExpiredError } from '../errors/argument-errors.ts';
import { UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import { findAnchor } from './anchor.ts';
import type { Cursor, RowCursor } from './cursor.ts';
import { MAX_PAGE_SIZE, planPages, type Range } from './plan.ts';
import { endOf, type Row, type Run } from './run.ts';
import { type FoundAnchor, settleWindow } from './settle-window.ts';
import type { Span, Window } from './window.ts';
import { guessWindow, planWindowReads, type WindowGuess } from './window-reads.ts';

/** Reads for one window, at most. A list that takes more moves too fast. */
const MAX_LOOKS = 8;
/** Calls that the search for one anchor may add to those of the window itself, unless the list is read whole. */
const MAX_SEARCH_CALLS = 4;
/** So many rows fit on one page wherever they are. */
const ROWS_OF_A_SURE_CALL = 50;

/** What a search wants to be read next: its ranges together, so that they are of one moment as far as possible. */
export interface WindowAsk {
  /** Undefined where the total alone is wanted. */
  readonly rows: Range | undefined;
  /** Rows that a call for the total alone reads along. */
  readonly countSize: number;
  readonly afterAnchor: Range | undefined;
  readonly beforeAnchor: Range | undefined;
  /** Whether kept rows must not be used: they may be older than the cursor. */
  readonly isFresh: boolean;
  /** Whether to forget first what was read so far, because it is of two moments. */
  readonly isAnew: boolean;
  /** Where pages go on beyond what is asked; undefined where that is for the next window to say. */
  readonly readAhead: 'forward' | 'backward' | undefined;
}

/** What came: for each range that was asked a run that holds it, for the total alone a run without rows at its end. */
export interface WindowRows<R extends Row> {
  readonly rows: Run<R>;
  readonly aroundAfter: Run<R> | undefined;
  readonly aroundBefore: Run<R> | undefined;
}

/** How a search ends, if it does not throw. */
export type WindowFound<R extends Row> =
  /** The rows are those of `run` at the positions of `span`. `moves`: the anchors that were not where their cursor says. */
  | {
      readonly kind: 'found';
      readonly run: Run<R>;
      readonly span: Span;
      readonly moves: readonly RowCursor[];
    }
  /** Rows that stayed stand in another order. */
  | { readonly kind: 'disordered' };

const DISORDERED = { kind: 'disordered' } as const;

/**
 * Looks for a window's rows without calling: given the rows that came, it says what to read next, or where the window is.
 * It begins at the positions that the cursors hold, finds the cursors' rows in what came, and corrects itself by where they
 * are. A row that is not there is looked for where the change of the total suggests, then around its old position, then
 * further out.
 * @param total rows in the list, where an earlier answer has told.
 * @param largestPageSize rows of the largest page that the vendor serves.
 * @throws {CursorExpiredError} when an anchor and the row before it cannot be found.
 * @throws {UpstreamInconsistentError} when the list moves faster than it can be read.
 */
export function* searchWindow<R extends Row>(
  window: Window,
  total: number | undefined,
  largestPageSize: number,
): Generator<WindowAsk, WindowFound<R>, WindowRows<R>> {
  const { from, after, before } = window;
  const anchors = { after: createAnchorState(after), before: createAnchorState(before) };
  let guess = guessWindow(window, total);
  let isFresh = false;
  let isAnew = false;

  for (let look = 0; look < MAX_LOOKS; look++) {
    if (from === 'end' && guess.b === undefined && guess.total === undefined) {
      const { rows } = yield askFor(undefined, { countSize: window.size === 0 ? 1 : MAX_PAGE_SIZE });
      guess = { ...guess, total: rows.total };
    }
    const reads = planWindowReads(window, guess);
    const came = yield { ...askFor(reads.rows, { isFresh, isAnew }), ...reads };
    isAnew = false;

    const places: { after?: FoundAnchor; before?: FoundAnchor } = {};
    let next: WindowGuess | 'fresh' | undefined;
    for (const side of ['after', 'before'] as const) {
      const cursor = window[side];
      if (cursor === undefined || next !== undefined) continue;
      const aside = side === 'after' ? came.aroundAfter : came.aroundBefore;
      const place = findPlace(cursor, side, came.rows, aside);
      if (place === 'disordered') return DISORDERED;
      if (place !== undefined) places[side] = place;
      else if (!isFresh || cursor.kind === 'position') next = 'fresh';
      else {
        const looked = aside ?? came.rows;
        anchors[side].seen.push({ lo: looked.lo, hi: endOf(looked) });
        next = guessByTotals(guess, cursor, side, anchors[side], looked.total);
        if (next !== undefined) continue;
        const found = yield* searchAfar<R>(cursor, side, anchors[side].seen, looked.total, largestPageSize);
        if (found === 'disordered') return DISORDERED;
        places[side] = found;
      }
    }
    if (next !== undefined) {
      isFresh = true;
      if (next !== 'fresh') guess = next;
      continue;
    }
    const settlement = settleWindow(window, came.rows, places.after, places.before);
    if (settlement.kind === 'settled') {
      const { span } = settlement;
      if (hasRepeats(came.rows, span)) return DISORDERED;
      return { kind: 'found', run: came.rows, span, moves: listMoves(window, places) };
    }
    guess = settlement.guess;
    isAnew = settlement.isTorn;
    isFresh ||= isAnew;
  }
  throw new UpstreamInconsistentError('the list moves faster than it can be read', { retryable: true });
}

/** What a search for one anchor has tried. */
interface AnchorState {
  readonly seen: Range[];
  hasTriedTotals: boolean;
}

function createAnchorState(cursor: Cursor | undefined): AnchorState {
  return { seen: [], hasTriedTotals: cursor === undefined };
}

function askFor(rows: Range | undefined, options: Partial<WindowAsk> = {}): WindowAsk {
  return {
    rows,
    countSize: options.countSize ?? 1,
    afterAnchor: undefined,
    beforeAnchor: undefined,
    isFresh: options.isFresh ?? false,
    isAnew: options.isAnew ?? false,
    readAhead: options.readAhead,
  };
}

/** Undefined where the cursor's row is not in what came. */
function findPlace(
  cursor: Cursor,
  side: 'after' | 'before',
  rows: Run<Row>,
  aside: Run<Row> | undefined,
): FoundAnchor | 'disordered' | undefined {
  const beside = findAnchor(cursor, rows, side);
  if (beside.kind === 'disorder') return 'disordered';
  if (beside.kind !== 'absent') return { anchor: beside, found: 'beside' };
  const away = aside === undefined ? beside : findAnchor(cursor, aside, side);
  if (away.kind === 'disorder') return 'disordered';
  return away.kind === 'absent' ? undefined : { anchor: away, found: { total: (aside ?? rows).total } };
}

/** Guesses where a row is if all that came or went did so before it. Undefined the second time, and where that place was read. */
function guessByTotals(
  guess: WindowGuess,
  cursor: RowCursor,
  side: 'after' | 'before',
  anchor: AnchorState,
  total: number,
): WindowGuess | undefined {
  const at = Math.min(Math.max(0, cursor.position + total - cursor.total), Math.max(0, total - 1));
  if (anchor.hasTriedTotals || anchor.seen.some(({ lo, hi }) => lo <= at && at < hi)) return undefined;
  anchor.hasTriedTotals = true;
  return side === 'after' ? { ...guess, a: at + 1, total } : { ...guess, b: at, total };
}

/**
 * Reads a short list whole. In a longer one it reads around the cursor's old position, then outward from what was read:
 * first towards the place that the change of the total suggests.
 * @param seen the rows that were read around the old position; and, if the total has changed, around the suggested place.
 */
function* searchAfar<R extends Row>(
  cursor: RowCursor,
  side: 'after' | 'before',
  seen: readonly Range[],
  total: number,
  largestPageSize: number,
): Generator<WindowAsk, FoundAnchor | 'disordered', WindowRows<R>> {
  const whole = { lo: 0, hi: Math.max(1, total) };
  const isShort =
    planPages([whole], { largestPageSize, maxPages: MAX_SEARCH_CALLS }).length <= MAX_SEARCH_CALLS;
  const at = Math.min(cursor.position, total);
  const half = ROWS_OF_A_SURE_CALL / 2;
  const centre = { lo: Math.max(0, at - half), hi: Math.min(total, at + half) };
  let [home = centre, away] = seen;
  let goesUp = total >= cursor.total;
  const calls = isShort ? 1 : MAX_SEARCH_CALLS - (seen.length - 1);
  for (let call = 0; call < calls; call++) {
    const isAtHome = away === undefined || call !== 2;
    const from: Range = isAtHome ? home : (away ?? home);
    if (!isAtHome) goesUp = !goesUp;
    if (goesUp ? from.hi >= total : from.lo <= 0) goesUp = !goesUp;
    const isCentreSeen = home.lo <= centre.lo && home.hi >= centre.hi;
    const range = isShort ? whole : isCentreSeen ? beside(from, goesUp) : centre;
    const { rows } = yield askFor(range, { isFresh: true, readAhead: goesUp ? 'forward' : 'backward' });
    const place = findPlace(cursor, side, rows, undefined);
    if (place === 'disordered') return place;
    // It has to be read again with the window's rows, which may have moved meanwhile.
    if (place !== undefined) return { anchor: place.anchor, found: 'earlier' };
    const wider = { lo: Math.min(from.lo, rows.lo), hi: Math.max(from.hi, endOf(rows)) };
    if (isAtHome) home = wider;
    else away = wider;
    if (isCentreSeen && away === undefined) goesUp = !goesUp;
  }
  throw new CursorExpiredError(side);
}

/** The next rows beside what was read, as many as one call can read anywhere. */
function beside({ lo, hi }: Range, isAbove: boolean): Range {
  const start = isAbove ? hi - 1 : lo + 1 - ROWS_OF_A_SURE_CALL;
  return { lo: Math.max(0, start), hi: start + ROWS_OF_A_SURE_CALL };
}

/** In a list with a stable order, no account comes twice. */
function hasRepeats(run: Run<Row>, span: Span): boolean {
  const accounts = new Set<string>();
  for (let at = span.lo; at < span.hi; at++) {
    const row = run.rows[at - run.lo];
    if (row === undefined) throw new RangeError('A window has a row that its run does not hold.');
    accounts.add(row.account);
  }
  return accounts.size !== span.hi - span.lo;
}

function listMoves(
  window: Window,
  places: { after?: FoundAnchor; before?: FoundAnchor },
): readonly RowCursor[] {
  const moves: RowCursor[] = [];
  for (const side of ['after', 'before'] as const) {
    const cursor = window[side];
    const anchor = places[side]?.anchor;
    if (cursor?.kind !== 'row' || anchor?.kind !== 'found') continue;
    if (anchor.at !== cursor.position || anchor.next !== cursor.position + 1) moves.push(cursor);
  }
  return moves;
}
