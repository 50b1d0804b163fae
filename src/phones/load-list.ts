import { UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import { MAX_PAGE_SIZE } from '../paging/plan.ts';
import { isTail } from '../paging/run.ts';
import type { ListReader, ReadOptions } from './list-reader.ts';
import type { PhoneRun } from './row-cache.ts';

/**
 * Reads a list whole: every row that was there throughout, once, its number equal to the last total. The only proof that
 * something is not in the list.
 * @throws {UpstreamInconsistentError} when no such reading can be put together.
 */
export async function loadList(
  reader: ListReader,
  options?: Pick<ReadOptions, 'isFresh'>,
): Promise<PhoneRun> {
  const expected = reader.memory.getTotal() ?? (await reader.count(MAX_PAGE_SIZE));
  // Of a list that was empty a row is asked all the same: it may not be any more.
  let run = await reader.read(0, Math.max(1, expected), options);
  if (!isTail(run)) run = await reader.read(0, run.total, options);
  const accounts = new Set(run.rows.map((row) => row.account));
  if (!run.isHead || !isTail(run) || accounts.size !== run.rows.length || run.rows.length !== run.total) {
    throw new UpstreamInconsistentError('the rows of the whole list do not add up to its total', {
      retryable: true,
    });
  }
  return run;
}
