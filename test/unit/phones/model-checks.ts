import { expect } from '@jest/globals';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import type { PhoneWindow } from '../../../src/phones/phones.ts';
import type { Moment } from '../../support/moving-list.ts';

/** A cursor, and the row it points at; a position has none. */
export interface Mark {
  readonly cursor: string;
  readonly row: string | undefined;
  /** The rows that were there when it was made. */
  readonly there: ReadonlySet<string>;
}

/** What was asked of a window. */
export interface Asked {
  readonly from: 'start' | 'end';
  readonly size: number;
  readonly after: Mark | undefined;
  readonly before: Mark | undefined;
}

/** Rows that stayed come in order and without a gap, from the end of the list or from beside the cursor's row on. */
export function checkWindow(window: PhoneWindow, asked: Asked, moment: Moment): void {
  const { from, size, after, before } = asked;
  const { stayed, seen, hasChanged } = moment;
  // The list keeps its order: it is never taken for one that has none, and answered in another.
  expect(window.asOf).toBeNull();
  const rows = window.nodes.map(({ account }) => account);
  expect(window.edges.map(({ node }) => node)).toEqual(window.nodes);
  expect(new Set(rows).size).toBe(rows.length);
  for (const account of rows) expect(seen).toContain(account);
  const kept = rows.filter((account) => stayed.includes(account));
  const lo = kept[0] === undefined ? 0 : stayed.indexOf(kept[0]);
  expect(kept).toEqual(stayed.slice(lo, lo + kept.length));
  expect(window.pageInfo.startCursor).toBe(window.edges[0]?.cursor ?? null);
  expect(window.pageInfo.endCursor).toBe(window.edges.at(-1)?.cursor ?? null);
  const { hasNextPage, hasPreviousPage } = window.pageInfo;
  const hasMore = from === 'start' ? hasNextPage : hasPreviousPage;
  expect(rows.length === size || !hasMore).toBe(true);
  if (hasChanged) return;

  expect(window.totalCount).toBe(stayed.length);
  const isOneSided = (from === 'start' ? before : after) === undefined;
  if (after === undefined && before === undefined) {
    expect(rows).toEqual(from === 'start' ? stayed.slice(0, size) : size === 0 ? [] : stayed.slice(-size));
    if (stayed.length > 0) expect(hasMore).toBe(stayed.length > size);
  }
  const end = before?.row === undefined ? -1 : stayed.indexOf(before.row);
  const start = after?.row === undefined ? -1 : stayed.indexOf(after.row);
  if (isOneSided && start >= 0) expect(rows).toEqual(stayed.slice(start + 1, start + 1 + size));
  if (isOneSided && end >= 0) expect(rows).toEqual(sliceBefore(stayed, end, size, rows.at(-1), before));
  if (moment.hasEverChanged) return;
  // Of a list that never moved all is known.
  const a = after?.row === undefined ? undefined : start + 1;
  const b = before?.row === undefined ? undefined : end;
  const isKnown = (after === undefined || a !== undefined) && (before === undefined || b !== undefined);
  if (!isKnown) return;
  const [first, last] = [a ?? 0, Math.max(a ?? 0, b ?? stayed.length)];
  const expected = stayed.slice(first, last);
  expect(rows).toEqual(from === 'start' ? expected.slice(0, size) : size === 0 ? [] : expected.slice(-size));
}

/**
 * Before a cursor its row is not waited for where the row before it is in hand: rows that have come in between the two
 * since the cursor was made may be left out. None that was there is.
 */
function sliceBefore(
  stayed: readonly string[],
  at: number,
  size: number,
  last: string | undefined,
  mark: Mark | undefined,
): readonly string[] {
  let end = at;
  while (size > 0 && last !== stayed[end - 1] && end > 0 && mark?.there.has(stayed[end - 1] ?? '') !== true)
    end--;
  return stayed.slice(Math.max(0, end - size), end);
}

/** A list that stands still, and calls that do not fail, fail nobody but a cursor whose row has left before. */
export function checkFailure(
  error: unknown,
  moment: Moment,
  marks: readonly (Mark | undefined)[],
  isShortOfCalls: boolean,
): void {
  const { stayed, hasChanged, hasEverChanged, hasFailed } = moment;
  if (!(error instanceof GatewayError)) throw error;
  switch (error.code) {
    case 'UPSTREAM_TIMEOUT':
      expect(hasFailed).toBe(true);
      return;
    case 'QUERY_TOO_COMPLEX':
      expect(isShortOfCalls).toBe(true);
      return;
    case 'CURSOR_EXPIRED': {
      const rows = marks.flatMap((mark) => mark?.row ?? []);
      // A position never expires.
      expect(rows.length).toBeGreaterThan(0);
      if (!hasChanged) expect(rows.every((row) => stayed.includes(row))).toBe(false);
      return;
    }
  }
  expect(error).toMatchObject({ code: 'UPSTREAM_INCONSISTENT', retryable: true });
  // A list that moved too much for an earlier request is not read through again for a minute.
  const isRemembered = error.retryAfterMs !== undefined;
  expect(isRemembered ? hasEverChanged : hasChanged).toBe(true);
}
