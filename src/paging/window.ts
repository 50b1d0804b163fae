import { BadUserInputError } from '../errors/argument-errors.ts';
import type { Cursor } from './cursor.ts';

/** The arguments of a Relay connection, as GraphQL hands them over. */
export interface ConnectionArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

export const DEFAULT_WINDOW_SIZE = 25;
export const MAX_WINDOW_SIZE = 100;

/** What a client asks of a list: `size` rows, counted from the end that `from` names, of what lies between two cursors. */
export interface Window<C = Cursor> {
  readonly from: 'start' | 'end';
  readonly size: number;
  readonly after: C | undefined;
  readonly before: C | undefined;
}

/**
 * Reads the four arguments. None means the first 25; `before` alone means the last 25 before it; null and `""` cursors
 * mean absent.
 * @throws {BadUserInputError} for a size that is negative, over 100, or given from both ends.
 * @throws {InvalidCursorError | ForeignCursorError} for a cursor that is not one of this app's.
 */
export function parseWindow<C>(
  args: ConnectionArguments,
  cursors: { decode(text: string, argument: string): C },
): Window<C> {
  const first = getValidSize('first', args.first);
  const last = getValidSize('last', args.last);
  if (first !== undefined && last !== undefined)
    throw new BadUserInputError('last', 'must not be combined with "first"');
  const after = args.after ? cursors.decode(args.after, 'after') : undefined;
  const before = args.before ? cursors.decode(args.before, 'before') : undefined;
  const isFromEnd =
    last !== undefined || (first === undefined && before !== undefined && after === undefined);
  return { from: isFromEnd ? 'end' : 'start', size: first ?? last ?? DEFAULT_WINDOW_SIZE, after, before };
}

function getValidSize(argument: string, size: number | null | undefined): number | undefined {
  if (size === null || size === undefined) return undefined;
  if (!Number.isInteger(size)) throw new BadUserInputError(argument, 'must be an integer');
  if (size < 0) throw new BadUserInputError(argument, 'must not be negative');
  if (size > MAX_WINDOW_SIZE)
    throw new BadUserInputError(argument, `must not be more than ${MAX_WINDOW_SIZE}`);
  return size;
}

/** Where the rows of a window are: `[lo, hi)`, and whether there are more on either side, as Relay counts it. */
export interface Span {
  readonly lo: number;
  readonly hi: number;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/**
 * The algorithm of the Relay specification, on positions. One exception: a `before` that is not behind `after` leaves
 * nothing between the two, where the letter of the specification would ignore it.
 * @param start position of the first row of the list: 0, but for runs whose early positions are not exact.
 * @param a position behind the `after` row, or `start`. @param b position of the `before` row, or `total`.
 * @see https://relay.dev/graphql/connections.htm#sec-Pagination-algorithm
 */
export function spanOf(
  window: Pick<Window, 'from' | 'size'>,
  start: number,
  a: number,
  b: number,
  total: number,
): Span {
  const end = Math.max(a, b);
  const isFromStart = window.from === 'start';
  const lo = isFromStart ? a : Math.max(a, end - window.size);
  const hi = isFromStart ? Math.min(end, a + window.size) : end;
  return {
    lo,
    hi,
    hasNextPage: total > start && hi < (isFromStart ? end : total),
    hasPreviousPage: total > start && lo > (isFromStart ? start : a),
  };
}
