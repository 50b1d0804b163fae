import type { OrderedRows } from './phone-listing.ts';
import type { ValuePlace } from './value-cursor.ts';
import { type Span, spanOf, type Window } from './window.ts';

/** Where the rows of a window are in an ordered list. Its cursors need not be found: each has a place, its row there or not. */
export function spanOfOrdered(window: Window<ValuePlace>, list: OrderedRows): Span {
  const { after, before } = window;
  return spanOf(
    window,
    0,
    after === undefined ? 0 : list.positionAfter(after),
    before === undefined ? list.length : list.positionOf(before),
    list.length,
  );
}
