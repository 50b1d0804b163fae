import type { Phone } from '../domain/phone.ts';
import type { AppCursors } from '../paging/cursor.ts';
import { planPageCursors } from '../paging/page-cursors.ts';
import type { LoadedWindow } from './load-window.ts';
import type { PageCursors, PhoneEdge, PhoneWindow, WindowPageInfo } from './phones.ts';

/** @param size how many rows the client asked for: the size of a page of its own. */
export function createPhoneWindow(loaded: LoadedWindow, size: number, cursors: AppCursors): PhoneWindow {
  const { run, span } = loaded;
  const start = span.lo - run.lo;
  const nodes = run.rows.slice(start, start + span.hi - span.lo);
  const edges = nodes.map((node, index) => new Edge(node, start + index, loaded, cursors));

  return {
    totalCount: run.total,
    nodes,
    edges,
    get pageInfo(): WindowPageInfo {
      return {
        hasNextPage: span.hasNextPage,
        hasPreviousPage: span.hasPreviousPage,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      };
    },
    get pageCursors(): PageCursors | null {
      if (size === 0) return null;
      const firstRow = run.isHead ? run.lo : 0;
      return planPageCursors(span.lo - firstRow, size, run.total, (position) =>
        cursors.encodePosition(position, run.total),
      );
    },
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
  };
}

class Edge implements PhoneEdge {
  readonly node: Phone;
  readonly #index: number;
  readonly #loaded: LoadedWindow;
  readonly #cursors: AppCursors;
  #cursor: string | undefined;

  constructor(node: Phone, index: number, loaded: LoadedWindow, cursors: AppCursors) {
    this.node = node;
    this.#index = index;
    this.#loaded = loaded;
    this.#cursors = cursors;
  }

  /** Made when it is read, once. */
  get cursor(): string {
    this.#cursor ??= this.#encode();
    return this.#cursor;
  }

  #encode(): string {
    const { run } = this.#loaded;
    const predecessor = run.rows[this.#index - 1]?.account;
    // Position 0 says that there is no row before; after a drift the counted position may be off, this may not.
    const position = predecessor === undefined ? 0 : Math.max(1, run.lo + this.#index);
    return this.#cursors.encodeRow(position, run.total, this.node.account, predecessor);
  }
}
