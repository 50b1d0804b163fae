import { KeepsText } from '../domain/kept-text.ts';
import type { Phone } from '../domain/phone.ts';
import type { PhoneRun } from '../lists/row-cache.ts';
import type { AppCursors } from '../paging/cursor.ts';
import { planPageCursors } from '../paging/page-cursors.ts';
import type { Span } from '../paging/window.ts';
import type { LoadedWindow } from './load-window.ts';
import type { PageCursors, PhoneEdge, PhoneWindow, WindowPageInfo } from './phones.ts';

/** Makes the edges of rows. An edge and its cursor are made once while their row is kept; where it is not, once for each request. */
export interface PhoneEdges {
  /** The edge of a row of a run, by index. @throws {RangeError} where the run has no such row. */
  at(run: PhoneRun, index: number, cursors: AppCursors): RowEdge;
}

/**
 * @param keepsRows whether all rows are kept. If not, edges are remembered of frozen rows alone: those of others would outlive
 * their request for nothing.
 */
export function createPhoneEdges(keepsRows: boolean): PhoneEdges {
  const known = new WeakMap<Phone, RowEdge>();
  return {
    at(run, index, cursors) {
      const phone = run.rows[index];
      if (phone === undefined) throw new RangeError('A window has a row that its run does not hold.');
      const predecessor = run.rows[index - 1]?.account;
      // Position 0 says that there is no row before. In a list that has changed the counted position may be off: 0 must not be said then.
      const position = predecessor === undefined ? 0 : Math.max(1, run.lo + index);
      const made = known.get(phone);
      if (made?.isOf(cursors, position, run.total, predecessor) === true) return made;
      const edge = new RowEdge(phone, cursors, position, run.total, predecessor);
      if (keepsRows || Object.isFrozen(phone)) known.set(phone, edge);
      return edge;
    },
  };
}

/** @param size how many rows the client asked for: the size of a page of its own. */
export function createPhoneWindow(
  { run, span }: LoadedWindow,
  size: number,
  cursors: AppCursors,
  made: PhoneEdges,
): PhoneWindow {
  const nodes: Phone[] = [];
  const edges: RowEdge[] = [];
  for (let index = span.lo - run.lo; index < span.hi - run.lo; index++) {
    const edge = made.at(run, index, cursors);
    nodes.push(edge.node);
    edges.push(edge);
  }
  return new RunWindow(run, span, size, nodes, edges, cursors);
}

class RunWindow implements PhoneWindow {
  readonly asOf = null;
  readonly nodes: readonly Phone[];
  readonly edges: readonly RowEdge[];
  readonly #run: PhoneRun;
  readonly #span: Span;
  readonly #size: number;
  readonly #cursors: AppCursors;

  constructor(
    run: PhoneRun,
    span: Span,
    size: number,
    nodes: readonly Phone[],
    edges: readonly RowEdge[],
    cursors: AppCursors,
  ) {
    this.nodes = nodes;
    this.edges = edges;
    this.#run = run;
    this.#span = span;
    this.#size = size;
    this.#cursors = cursors;
  }

  get totalCount(): number {
    return this.#run.total;
  }

  get pageInfo(): WindowPageInfo {
    return toPageInfo(this.#span, this.edges);
  }

  get pageCursors(): PageCursors | null {
    if (this.#size === 0) return null;
    const firstRow = this.#run.isHead ? this.#run.lo : 0;
    return planPageCursors(this.#span.lo - firstRow, this.#size, this.#run.total, (position) =>
      this.#cursors.encodePosition(position, this.#run.total),
    );
  }
}

/** What a page says of itself: whether there are others, and its cursors, which are made for it. */
export function toPageInfo(
  { hasNextPage, hasPreviousPage }: Span,
  edges: readonly PhoneEdge[],
): WindowPageInfo {
  return {
    hasNextPage,
    hasPreviousPage,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
}

/** A window of which only the count was asked. */
export function createBareWindow(totalCount: number): PhoneWindow {
  return {
    totalCount,
    nodes: [],
    edges: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    pageCursors: null,
    asOf: null,
  };
}

class RowEdge extends KeepsText implements PhoneEdge {
  readonly node: Phone;
  readonly #cursors: AppCursors;
  readonly #position: number;
  readonly #total: number;
  readonly #predecessor: string | undefined;
  #cursor: string | undefined;

  constructor(
    node: Phone,
    cursors: AppCursors,
    position: number,
    total: number,
    predecessor: string | undefined,
  ) {
    super();
    this.node = node;
    this.#cursors = cursors;
    this.#position = position;
    this.#total = total;
    this.#predecessor = predecessor;
  }

  /** Whether its cursor is made of this. */
  isOf(cursors: AppCursors, position: number, total: number, predecessor: string | undefined): boolean {
    return (
      this.#position === position &&
      this.#total === total &&
      this.#predecessor === predecessor &&
      this.#cursors === cursors
    );
  }

  /** Made when it is read, once. */
  get cursor(): string {
    this.#cursor ??= this.#cursors.encodeRow(
      this.#position,
      this.#total,
      this.node.account,
      this.#predecessor,
    );
    return this.#cursor;
  }
}
