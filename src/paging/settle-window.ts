import { type Anchor, ROWS_THAT_PROVE_A_GAP } from './anchor.ts';
import type { Cursor } from './cursor.ts';
import { holds, type Row, type Run } from './run.ts';
import { type Span, spanOf, type Window } from './window.ts';
import type { WindowGuess } from './window-reads.ts';

/** Where one of a window's cursors was found. */
export interface FoundAnchor {
  readonly anchor: Exclude<Anchor, { kind: 'absent' | 'disorder' }>;
  /**
   * `beside`: in the run that has the window's rows. `total`: in another run of the same read, when the list had so many
   * rows. `earlier`: before that read.
   */
  readonly found: 'beside' | { readonly total: number } | 'earlier';
}

export type Settlement =
  | { readonly kind: 'settled'; readonly span: Span }
  /** The window has to be read again, at a better guess. `isTorn`: what came is of two moments. */
  | { readonly kind: 'unsettled'; readonly guess: WindowGuess; readonly isTorn: boolean };

/**
 * Decides whether what was read proves where a window's rows are: its anchors lie beside them, or at a distance that was
 * seen at the same moment, and the run holds the rows and the one before them.
 * @param run what was read for the rows. @param after where the cursor `after` was found; undefined without one.
 */
export function settleWindow(
  window: Window,
  run: Run<Row>,
  after: FoundAnchor | undefined,
  before: FoundAnchor | undefined,
): Settlement {
  const { total } = run;
  const start = run.isHead ? run.lo : 0;
  const isUnsure = after?.anchor.kind === 'unsure';
  // Where pages of different moments were glued, the first row of the list may be counted as another than 0.
  const inRun = (position: number, cursor: Cursor | undefined) =>
    cursor?.kind === 'position' ? (position <= 0 ? start : Math.max(start, position)) : position;
  const a = after === undefined ? start : inRun(positionsOf(after.anchor).next, window.after);
  const b = before === undefined ? undefined : inRun(positionsOf(before.anchor).at, window.before);
  // Should the row be the next one, the window's rows are read along.
  const rowsBehind = window.from === 'start' ? window.size : 0;
  const provedBy = isUnsure ? a + 1 + Math.max(ROWS_THAT_PROVE_A_GAP, rowsBehind) : 0;

  const span = spanOf(window, start, Math.min(a, total), clip(b ?? total, start, total), total);
  const isAfterProved = after === undefined || after.found === 'beside' || a < span.lo;
  const isBeforeProved = b === undefined || before?.found === 'beside' || b < span.lo || span.hi < b;
  // A window without rows needs no row before it either.
  const isHeld = span.lo === span.hi || holds(run, span.lo - 1, span.hi);
  const isTorn = [after, before].some((place) => isOfAnotherMoment(place, total));
  const isEarlier = after?.found === 'earlier' || before?.found === 'earlier';
  if (!isUnsure && !isTorn && !isEarlier && isAfterProved && isBeforeProved && isHeld)
    return { kind: 'settled', span };
  return { kind: 'unsettled', guess: { a, b, total, provedBy }, isTorn };
}

function isOfAnotherMoment(place: FoundAnchor | undefined, total: number): boolean {
  return typeof place?.found === 'object' && place.found.total !== total;
}

function positionsOf(anchor: FoundAnchor['anchor']): { readonly at: number; readonly next: number } {
  if (anchor.kind === 'found') return anchor;
  const next = anchor.predecessor + 1;
  return { at: next, next };
}

function clip(position: number, start: number, total: number): number {
  return Math.max(start, Math.min(position, total));
}
