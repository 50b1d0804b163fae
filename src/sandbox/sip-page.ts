import type { SipQuery } from './parameters.ts';
import type { Quirks } from './quirks.ts';
import type { SipRecord } from './sip-record.ts';
import { sliceTiedRows } from './tied-order.ts';

/** The `data` of an answer, but for `pages`, which follows from it. */
export interface SipPage {
  /** Rows in the whole list. */
  readonly total: number;
  readonly size: number;
  readonly current: number;
  readonly records: readonly SipRecord[];
}

/**
 * Reads one page of a list as MyBatis-Plus' pager does, or returns undefined where the size is refused. Past the end it
 * is empty, with `current` as asked and the true total, unless the quirks say otherwise.
 */
export function readSipPage(
  rows: readonly SipRecord[],
  query: SipQuery,
  { sizeClamp, overflowToFirstPage, ties }: Quirks,
): SipPage | undefined {
  const total = rows.length;
  const clamp = sizeClamp !== null && query.size > sizeClamp.max ? sizeClamp : null;
  if (clamp?.mode === 'reject') return undefined;
  const size = clamp?.max ?? query.size;
  const overflows = total > 0 && (query.current - 1) * size >= total;
  const current = overflowToFirstPage && overflows ? 1 : query.current;
  if (clamp?.mode === 'firstPageOnly' && current > 1) return { total, size, current, records: [] };
  const offset = (current - 1) * size;
  const records =
    ties === null ? rows.slice(offset, offset + size) : sliceTiedRows(rows, ties.batchSize, offset, size);
  return { total, size, current, records };
}
