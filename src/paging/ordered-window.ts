import { ForeignCursorError } from '../errors/argument-errors.ts';
import type { CursorCodec } from './cursor.ts';
import { NO_FILTER, type PhoneFilter, type PhoneFilterInput, parsePhoneFilter } from './phone-filter.ts';
import type { OrderedRows } from './phone-listing.ts';
import type { PhoneOrder } from './phone-order.ts';
import {
  looksLikeValueCursor,
  type ValueCursorCodec,
  type ValueCursors,
  type ValuePlace,
} from './value-cursor.ts';
import { type ConnectionArguments, parseWindow, type Span, spanOf, type Window } from './window.ts';

/** The order of a filtered list that asks for none, and of a list whose own order is not stable. */
export const DEFAULT_ORDER: PhoneOrder = { field: 'account', direction: 'asc' };

/** What a client asks of a list of phones. With neither filter nor order it is the vendor's own. */
export interface PhoneListArguments extends ConnectionArguments {
  readonly filter?: PhoneFilterInput | null | undefined;
  readonly orderBy?: PhoneOrder | null | undefined;
}

/** A window of a list that is filtered, or has an order of its own. */
export interface OrderedWindow {
  readonly window: Window<ValuePlace>;
  readonly filter: PhoneFilter;
  readonly order: PhoneOrder;
  readonly cursors: ValueCursors;
}

/** What reads and writes the cursors of both kinds, by the keys of now. */
export interface CursorCodecs {
  readonly cursorCodec: () => CursorCodec;
  readonly valueCursorCodec: () => ValueCursorCodec;
}

/**
 * Reads the arguments of a connection; undefined for one in the vendor's order.
 * @throws {BadUserInputError | InvalidCursorError | ForeignCursorError} for an argument that cannot be right.
 */
export function parseOrderedWindow(
  appId: string,
  args: PhoneListArguments,
  codecs: CursorCodecs,
): OrderedWindow | undefined {
  const { orderBy, after, before } = args;
  const filter = args.filter == null ? NO_FILTER : parsePhoneFilter(args.filter);
  if (filter === NO_FILTER && orderBy == null && !isOfOrderedList(after) && !isOfOrderedList(before))
    return undefined;
  const order = orderBy ?? DEFAULT_ORDER;
  const cursors = codecs.valueCursorCodec().forList({ appId, order, filter: filter.normalForm });
  const window = parseWindow(args, {
    decode(text, argument) {
      if (isOfOrderedList(text)) return cursors.decode(text, argument);
      // A cursor of the vendor's order is FOREIGN_CURSOR; what is no cursor at all, INVALID_CURSOR.
      codecs.cursorCodec().forApp(appId).decode(text, argument);
      throw new ForeignCursorError(argument);
    },
  });
  return { window, filter, order, cursors };
}

/** A cursor says which order it is of: one that was received from an ordered list goes on in that. */
function isOfOrderedList(cursor: string | null | undefined): boolean {
  return cursor != null && looksLikeValueCursor(cursor);
}

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
