import type { Phone } from '../domain/phone.ts';
import { planPageCursors } from '../paging/page-cursors.ts';
import type { OrderedRows } from '../paging/phone-listing.ts';
import { type PhoneOrder, placeOf } from '../paging/phone-order.ts';
import type { ValueCursors } from '../paging/value-cursor.ts';
import type { Span } from '../paging/window.ts';
import type { PageCursors, PhoneEdge, PhoneWindow, WindowPageInfo } from './phones.ts';

interface OrderedWindow {
  readonly phones: OrderedRows;
  readonly span: Span;
  readonly order: PhoneOrder;
  readonly cursors: ValueCursors;
  /** How many rows the client asked for: the size of a page of its own. */
  readonly size: number;
  readonly asOf: Date;
}

/** The window of an ordered list. Its cursors are made when they are read. */
export function createOrderedWindow(window: OrderedWindow): PhoneWindow {
  const { phones, span, size, asOf } = window;
  const nodes: Phone[] = [];
  for (let position = span.lo; position < span.hi; position++) {
    const phone = phones.at(position);
    if (phone !== undefined) nodes.push(phone);
  }
  const edges = nodes.map((node) => new OrderedEdge(node, window));

  return {
    totalCount: phones.length,
    nodes,
    edges,
    asOf: asOf.toISOString(),
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
      return planPageCursors(span.lo, size, phones.length, (position) => encode(phones.at(position), window));
    },
  };
}

class OrderedEdge implements PhoneEdge {
  readonly node: Phone;
  readonly #window: OrderedWindow;
  #cursor: string | undefined;

  constructor(node: Phone, window: OrderedWindow) {
    this.node = node;
    this.#window = window;
  }

  /** Made when it is read, once. */
  get cursor(): string {
    this.#cursor ??= encode(this.node, this.#window);
    return this.#cursor;
  }
}

/** The cursor of a row; without one, of the place before all rows. */
function encode(phone: Phone | undefined, { cursors, order }: OrderedWindow): string {
  return cursors.encode(phone === undefined ? 'start' : placeOf(phone, order.field));
}
