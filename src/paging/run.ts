/** A row of a list, known by its account. */
export interface Row {
  readonly account: string;
}

/**
 * Consecutive rows of a list, put together from pages that fit. Immutable.
 * Positions are those of the moment when its last page was read. If rows came or went between its pages, positions before
 * that place are a little off, and may even be below 0.
 */
export interface Run<R extends Row> {
  /** Position of the first row. */
  readonly lo: number;
  readonly rows: readonly R[];
  /** Rows in the whole list. */
  readonly total: number;
  /** Whether it starts with the first row of the list. */
  readonly isHead: boolean;
  /** When its oldest page was asked for, in milliseconds on the gateway's monotonic clock. */
  readonly readAt: number;
}

export function runFromPage<R extends Row>(page: {
  lo: number;
  rows: readonly R[];
  total: number;
  readAt: number;
}): Run<R> {
  const { lo, rows, total, readAt } = page;
  return { lo, rows, total, isHead: lo === 0, readAt };
}

/** What is known of a list behind its last row: that it ends there. */
export function emptyRunAtEnd(total: number): Run<never> {
  return { lo: total, rows: [], total, isHead: total === 0, readAt: Number.NEGATIVE_INFINITY };
}

/** Position behind the last row. */
export function endOf(run: Run<Row>): number {
  return run.lo + run.rows.length;
}

/** Whether it ends with the last row of the list. */
export function isTail(run: Run<Row>): boolean {
  return endOf(run) >= run.total;
}

/** Whether the run holds all of `[lo, hi)` that the list has. */
export function holds(run: Run<Row>, lo: number, hi: number): boolean {
  return (run.isHead || run.lo <= lo) && (isTail(run) || endOf(run) >= hi);
}

/** Longest run that pages are joined to, in rows: joining copies the run, and a whole list would be copied for each page. */
export const MAX_JOINED_ROWS = 20_000;

/** Whether two runs together have too many rows to be joined. */
export function isTooLongJoined(a: Run<Row>, b: Run<Row>): boolean {
  return Math.max(endOf(a), endOf(b)) - Math.min(a.lo, b.lo) > MAX_JOINED_ROWS;
}

/**
 * Joins two runs that were read at different moments, if they show no change: they have the same total, share at least one
 * row, and all shared rows stand in the same place. Undefined otherwise.
 */
export function joinEqual<R extends Row>(a: Run<R>, b: Run<R>): Run<R> | undefined {
  if (b.lo < a.lo) return joinEqual(b, a);
  if (!areEqual(a, b)) return undefined;
  const readAt = Math.min(a.readAt, b.readAt);
  if (endOf(b) <= endOf(a)) return { ...a, readAt };
  return { ...a, rows: a.rows.concat(b.rows.slice(endOf(a) - b.lo)), readAt };
}

/** Whether two runs can be joined by {@link joinEqual}. */
export function areEqual(a: Run<Row>, b: Run<Row>): boolean {
  if (b.lo < a.lo) return areEqual(b, a);
  if (a.total !== b.total) return false;
  const shift = b.lo - a.lo;
  const shared = Math.min(a.rows.length - shift, b.rows.length);
  if (shared < 1) return a.total === 0;
  for (let i = 0; i < shared; i++) {
    if (a.rows[shift + i]?.account !== b.rows[i]?.account) return false;
  }
  return true;
}

/** What became of two neighbouring pages between which the list may have changed. */
export type Seam<R extends Row> =
  | { readonly kind: 'joined'; readonly run: Run<R>; readonly moved: boolean }
  /** No row of the first is found in the second. */
  | { readonly kind: 'gap' }
  /** Rows that are in both stand in another order: the list has no stable order. */
  | { readonly kind: 'disorder' };

/**
 * Glues `next`, read later or at the same time, to the end of `run`, at the last row of the run that is in `next` too.
 * Rows of the run behind that row count as deleted meanwhile, but only if `next` has rows behind it, or ends the list.
 */
export function glue<R extends Row>(run: Run<R>, next: Run<R>): Seam<R> {
  if (!isInOneOrder(run, next)) return { kind: 'disorder' };
  const places = placesOf(next);
  const seam = run.rows.findLastIndex(({ account }) => places.has(account));
  const shared = run.rows[seam];
  const place = shared && places.get(shared.account);
  if (place === undefined) return { kind: 'gap' };
  const isLastRow = seam === run.rows.length - 1;
  if (!isLastRow && place === next.rows.length - 1 && !isTail(next)) return { kind: 'gap' };

  const rows = run.rows.slice(0, seam + 1).concat(next.rows.slice(place + 1));
  return {
    kind: 'joined',
    moved: next.lo + place !== run.lo + seam || !isLastRow,
    run: {
      lo: endOf(next) - rows.length,
      rows,
      total: next.total,
      isHead: run.isHead,
      readAt: Math.min(run.readAt, next.readAt),
    },
  };
}

/** Whether the rows that two runs share stand in the same order in both, and each row of `b` once. */
export function isInOneOrder(a: Run<Row>, b: Run<Row>): boolean {
  const places = placesOf(b);
  if (places.size < b.rows.length) return false;
  let last = -1;
  for (const { account } of a.rows) {
    const place = places.get(account);
    if (place === undefined) continue;
    if (place <= last) return false;
    last = place;
  }
  return true;
}

function placesOf(run: Run<Row>): Map<string, number> {
  return new Map(run.rows.map((row, index) => [row.account, index]));
}
