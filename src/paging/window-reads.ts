import type { Range } from './plan.ts';
import { spanOf, type Window } from './window.ts';

/** Where a window is believed to be: first by its cursors, then by what was read. */
export interface WindowGuess {
  /** Position behind the row of `after`; 0 without one. */
  readonly a: number;
  /** Position of the row of `before`; undefined without one. */
  readonly b: number | undefined;
  /** Rows in the list; undefined where that is not known. */
  readonly total: number | undefined;
  /** The position up to which rows behind `after` are read at least: so many prove that its row is gone. */
  readonly provedBy: number;
}

/** What to read for a window: its rows, with the anchors that are beside them, and anchors that are elsewhere. */
export interface WindowReads {
  /** Undefined where the window has no rows and the count alone is wanted. */
  readonly rows: Range | undefined;
  readonly afterAnchor: Range | undefined;
  readonly beforeAnchor: Range | undefined;
}

/** @param total rows in the list by an earlier answer. A window from the start does not need it. */
export function guessWindow({ from, after, before }: Window, total: number | undefined): WindowGuess {
  return {
    a: after === undefined ? 0 : after.position + 1,
    b: before?.position,
    total: after?.total ?? before?.total ?? (from === 'end' ? total : undefined),
    provedBy: 0,
  };
}

/**
 * The rows of a window, and the row before them, of which their cursors hold a fingerprint. For a cursor that names a row,
 * that row and the one before it: they show that the window is in its place. Nothing behind the believed end.
 */
export function planWindowReads(window: Window, guess: WindowGuess): WindowReads {
  const { a, b, provedBy } = guess;
  const total = guess.total ?? Number.POSITIVE_INFINITY;
  const span = spanOf(window, 0, Math.min(a, total), Math.min(b ?? total, total), total);
  const afterAnchor =
    window.after?.kind === 'row' ? { lo: Math.max(0, a - 2), hi: Math.max(a, provedBy) } : undefined;
  const beforeAnchor =
    window.before?.kind === 'row' && b !== undefined ? { lo: Math.max(0, b - 1), hi: b + 1 } : undefined;
  const besideAfter = span.lo <= a ? afterAnchor : undefined;
  const besideBefore = b !== undefined && span.lo <= b && b <= span.hi ? beforeAnchor : undefined;

  const isEmpty = span.lo === span.hi && besideAfter === undefined && besideBefore === undefined;
  return {
    rows: isEmpty
      ? undefined
      : {
          lo: besideAfter?.lo ?? Math.max(0, span.lo - 1),
          hi: Math.max(span.hi, besideAfter?.hi ?? 0, besideBefore?.hi ?? 0),
        },
    afterAnchor: besideAfter === undefined ? afterAnchor : undefined,
    beforeAnchor: besideBefore === undefined ? beforeAnchor : undefined,
  };
}
