import { KeepsText } from '../domain/kept-text.ts';
import type { Phone } from '../domain/phone.ts';
import type { PhoneRun } from '../lists/row-cache.ts';
import type { AppCursors } from '../paging/cursor.ts';
import { planPageCursors } from '../paging/page-cursors.ts';
import type { Span } from '../paging/window.ts';
import type { LoadedWindow } from './load-window.ts';
import type { PageCursors, PhoneEdge, PhoneWindow, WindowPageInfo } from './phones.ts';

/** The edges of runs. An edge and its cursor are made once while their rows are kept; where they are not, once for each request. */
export interface RunEdges {
  of(run: PhoneRun, cursors: AppCursors): CursoredRun;
}

/** The edges of one run by one set of cursor keys, by index; those that nobody has asked for are missing. */
class CursoredRun {
  readonly run: PhoneRun;
  readonly cursors: AppCursors;
  readonly edges: (RunEdge | undefined)[] = [];

  constructor(run: PhoneRun, cursors: AppCursors) {
    this.run = run;
    this.cursors = cursors;
  }
}

/**
 * @param keepsRuns whether all runs are kept. If not, edges are remembered of frozen rows alone: those of others would outlive
 * their request for nothing.
 */
export function createRunEdges(keepsRuns: boolean): RunEdges {
  const known = new WeakMap<readonly Phone[], CursoredRun>();
  return {
    of(run, cursors) {
      const { rows, lo, total } = run;
      if (!keepsRuns && !Object.isFrozen(rows)) return new CursoredRun(run, cursors);
      let cursored = known.get(rows);
      if (
        cursored === undefined ||
        cursored.cursors !== cursors ||
        cursored.run.lo !== lo ||
        cursored.run.total !== total
      ) {
        cursored = new CursoredRun(run, cursors);
        known.set(rows, cursored);
      }
      return cursored;
    },
  };
}

/** @param size how many rows the client asked for: the size of a page of its own. */
export function createPhoneWindow({ run, span }: LoadedWindow, size: number, made: CursoredRun): PhoneWindow {
  const { cursors } = made;
  const nodes: Phone[] = [];
  const edges: RunEdge[] = [];
  for (let index = span.lo - run.lo; index < span.hi - run.lo; index++) {
    const node = run.rows[index];
    if (node === undefined) throw new RangeError('A window has a row that its run does not hold.');
    const edge = made.edges[index] ?? new RunEdge(node, index, run, cursors);
    made.edges[index] = edge;
    nodes.push(node);
    edges.push(edge);
  }
  return new RunWindow(run, span, size, nodes, edges, cursors);
}

class RunWindow implements PhoneWindow {
  readonly asOf = null;
  readonly nodes: readonly Phone[];
  readonly edges: readonly RunEdge[];
  readonly #run: PhoneRun;
  readonly #span: Span;
  readonly #size: number;
  readonly #cursors: AppCursors;

  constructor(
    run: PhoneRun,
    span: Span,
    size: number,
    nodes: readonly Phone[],
    edges: readonly RunEdge[],
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
    return {
      hasNextPage: this.#span.hasNextPage,
      hasPreviousPage: this.#span.hasPreviousPage,
      startCursor: this.edges[0]?.cursor ?? null,
      endCursor: this.edges.at(-1)?.cursor ?? null,
    };
  }

  get pageCursors(): PageCursors | null {
    if (this.#size === 0) return null;
    const firstRow = this.#run.isHead ? this.#run.lo : 0;
    return planPageCursors(this.#span.lo - firstRow, this.#size, this.#run.total, (position) =>
      this.#cursors.encodePosition(position, this.#run.total),
    );
  }
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

class RunEdge extends KeepsText implements PhoneEdge {
  readonly node: Phone;
  readonly #index: number;
  readonly #run: PhoneRun;
  readonly #cursors: AppCursors;
  #cursor: string | undefined;

  constructor(node: Phone, index: number, run: PhoneRun, cursors: AppCursors) {
    super();
    this.node = node;
    this.#index = index;
    this.#run = run;
    this.#cursors = cursors;
  }

  /** Made when it is read, once. */
  get cursor(): string {
    this.#cursor ??= this.#encode();
    return this.#cursor;
  }

  #encode(): string {
    const run = this.#run;
    const predecessor = run.rows[this.#index - 1]?.account;
    // Position 0 says that there is no row before. In a list that has changed the counted position may be off: 0 must not be said then.
    const position = predecessor === undefined ? 0 : Math.max(1, run.lo + this.#index);
    return this.#cursors.encodeRow(position, run.total, this.node.account, predecessor);
  }
}
