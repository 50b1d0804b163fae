import type { Row } from '../paging/run.ts';
import type { PlannedPage } from '../paging/whole-plan.ts';

/** A page as it was read. */
export interface PageRead<R extends Row> {
  readonly page: PlannedPage;
  readonly rows: readonly R[];
  /** Rows in the list, by this answer. */
  readonly total: number;
  /** When it was asked for. */
  readonly readAt: number;
  /** Counts the answers of a census. */
  readonly turn: number;
  /** The turn of the last answer that was there when it was asked for; 0 where there was none. */
  readonly askedAfter: number;
}

/** What a proof asks for when all that it has asked for was read. */
export type CensusStep<R extends Row> =
  | { readonly kind: 'read'; readonly pages: readonly PlannedPage[] }
  | { readonly kind: 'proved'; readonly rows: ReadonlyMap<string, R>; readonly reads: readonly PageRead<R>[] }
  /** What was read does not fit together: nothing of it counts any more. */
  | { readonly kind: 'anew' }
  /** Two calls that contradict each other have shown the same rows again: the list has no stable order. */
  | { readonly kind: 'disordered' }
  | { readonly kind: 'given-up'; readonly fault: string };

/** Whether two answers to one call show the same rows of the same list. */
export function isSameRead(a: PageRead<Row>, b: PageRead<Row>): boolean {
  return (
    a.total === b.total &&
    a.rows.length === b.rows.length &&
    a.rows.every(({ account }, index) => account === b.rows[index]?.account)
  );
}
