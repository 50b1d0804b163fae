import { setImmediate } from 'node:timers/promises';
import type { WholeLists } from '../census/whole-lists.ts';
import type { Clock } from '../domain/clock.ts';
import type { RequestBounds } from '../domain/requester.ts';
import { BadUserInputError, ForeignCursorError } from '../errors/argument-errors.ts';
import type { CallWatcher } from '../lists/page-source.ts';
import type { CursorCodec } from '../paging/cursor.ts';
import { spanOfOrdered } from '../paging/ordered-window.ts';
import { NO_FILTER, type PhoneFilter, parsePhoneFilter } from '../paging/phone-filter.ts';
import type { PhoneGroup } from '../paging/phone-listing.ts';
import type { PhoneOrder } from '../paging/phone-order.ts';
import type { Slices } from '../paging/sort-in-slices.ts';
import {
  looksLikeValueCursor,
  type ValueCursorCodec,
  type ValueCursors,
  type ValuePlace,
} from '../paging/value-cursor.ts';
import { parseWindow, type Window } from '../paging/window.ts';
import { createOrderedWindow } from './ordered-phone-window.ts';
import type { PhoneListArguments, PhoneWindow } from './phones.ts';

/** The order of a filtered list that asks for none, and of a list whose own order does not hold. */
export const DEFAULT_ORDER: PhoneOrder = { field: 'account', direction: 'asc' };
/** Groups of one answer, where nothing else is asked for. */
export const DEFAULT_GROUPS = 100;
/** Most groups of one answer. */
export const MAX_GROUPS = 1000;
/** How long one request may work before others get their turn, in milliseconds. */
const SLICE_MS = 4;

/** The request that asks: its bounds, and the watcher of the calls that are made for it. */
export interface Asker {
  readonly bounds: RequestBounds;
  readonly watcher: CallWatcher;
}

/** A window of a list that is filtered, or has an order of its own. */
export interface OrderedRequest {
  readonly window: Window<ValuePlace>;
  readonly filter: PhoneFilter;
  readonly order: PhoneOrder;
  readonly cursors: ValueCursors;
}

/** Connections that are made from whole lists. */
export interface OrderedPhones {
  /** @see parseOrdered */
  parse(appId: string, args: PhoneListArguments): OrderedRequest | undefined;
  loadWindow(appId: string, request: OrderedRequest, asker: Asker): Promise<PhoneWindow>;
  /** @see parseGroupCount */
  loadGroups(appId: string, first: number, asker: Asker): Promise<readonly PhoneGroup[]>;
}

/** What reads and writes the cursors of a request that asks now. */
export interface CursorCodecs {
  readonly cursorCodec: () => CursorCodec;
  readonly valueCursorCodec: () => ValueCursorCodec;
}

export interface OrderedPhonesOptions {
  readonly lists: WholeLists;
  readonly codecs: CursorCodecs;
  readonly clock: Pick<Clock, 'monotonicNow'>;
}

export function createOrderedPhones({ lists, codecs, clock }: OrderedPhonesOptions): OrderedPhones {
  const { monotonicNow } = clock;

  return {
    parse: (appId, args) => parseOrdered(appId, args, codecs),

    async loadWindow(appId, { window, filter, order, cursors }, asker) {
      const list = await lists.load(appId, asker.bounds, asker.watcher);
      const phones = await runInSlices(list.listing.list(filter, order), monotonicNow);
      const span = spanOfOrdered(window, phones);
      return createOrderedWindow({ phones, span, order, cursors, size: window.size, asOf: list.asOf });
    },

    async loadGroups(appId, first, asker) {
      parseGroupCount(first);
      const { listing } = await lists.load(appId, asker.bounds, asker.watcher);
      const groups = await runInSlices(listing.groups(), monotonicNow);
      return groups.slice(0, first);
    },
  };
}

/** @throws {BadUserInputError} for a number of groups that is negative or over 1,000. */
export function parseGroupCount(first: number): number {
  if (first < 0) throw new BadUserInputError('first', 'must not be negative');
  if (first > MAX_GROUPS) throw new BadUserInputError('first', `must not be more than ${MAX_GROUPS}`);
  return first;
}

/**
 * Reads the arguments of a connection; undefined for one in the vendor's order.
 * @throws {BadUserInputError | InvalidCursorError | ForeignCursorError} for an argument that cannot be right.
 */
export function parseOrdered(
  appId: string,
  args: PhoneListArguments,
  codecs: CursorCodecs,
): OrderedRequest | undefined {
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

/** Runs work in slices, and lets others run in between. Work of a few milliseconds is done at once. */
async function runInSlices<T>(slices: Slices<T>, now: () => number): Promise<T> {
  let startedAt = now();
  for (;;) {
    const step = slices.next();
    if (step.done === true) return step.value;
    if (now() - startedAt < SLICE_MS) continue;
    await setImmediate();
    startedAt = now();
  }
}
