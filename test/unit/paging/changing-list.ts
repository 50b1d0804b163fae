import fc from 'fast-check';
import { type Row, type Run, runFromPage } from '../../../src/paging/run.ts';

export const rowsOf = (...accounts: readonly string[]): Row[] => accounts.map((account) => ({ account }));
export const accountsOf = (run: Run<Row>): string[] => run.rows.map(({ account }) => account);

/** `count` accounts, `sip-0` first. */
export const listOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `sip-${index}`);

/** The rows `[lo, hi)` that a list has, as read at once. */
export function runOf(list: readonly string[], lo: number, hi: number, readAt = 0): Run<Row> {
  return runFromPage({ lo, rows: rowsOf(...list.slice(lo, hi)), total: list.length, readAt });
}

/** One list at two moments. Rows came and went in between; those that stayed kept their order. */
export interface ChangedList {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** The accounts of both, in order. */
  readonly stayed: readonly string[];
}

export function changedList(before: readonly string[], after: readonly string[]): ChangedList {
  const left = new Set(after);
  return { before, after, stayed: before.filter((account) => left.has(account)) };
}

/** @param maxLength longest list before the change. */
export function changedLists(maxLength: number): fc.Arbitrary<ChangedList> {
  const fate = fc.record({
    isDeleted: fc.oneof(
      { weight: 4, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    insertedBefore: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(30) }),
  });
  return fc.tuple(fc.array(fate, { maxLength }), fc.nat(5)).map(([fates, appended]) => {
    let inserted = 0;
    const insert = (count: number) => Array.from({ length: count }, () => `new-${inserted++}`);
    const after = fates.flatMap(({ isDeleted, insertedBefore }, index) => [
      ...insert(insertedBefore),
      ...(isDeleted ? [] : [`sip-${index}`]),
    ]);
    return changedList(listOf(fates.length), [...after, ...insert(appended)]);
  });
}
