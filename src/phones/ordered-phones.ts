import { setImmediate } from 'node:timers/promises';
import type { WholeLists } from '../census/whole-lists.ts';
import type { Clock } from '../domain/clock.ts';
import type { Phone } from '../domain/phone.ts';
import type { RequestBounds } from '../domain/requester.ts';
import type { CallWatcher } from '../lists/page-source.ts';
import { type OrderedWindow, spanOfOrdered } from '../paging/ordered-window.ts';
import { planPageCursors } from '../paging/page-cursors.ts';
import { type OrderedRows, type PhoneGroup, parseGroupCount } from '../paging/phone-listing.ts';
import { placeOf } from '../paging/phone-order.ts';
import type { Slices } from '../paging/sort-in-slices.ts';
import type { Span } from '../paging/window.ts';
import { toPageInfo } from './phone-window.ts';
import type { PageCursors, PhoneEdge, PhoneWindow, WindowPageInfo } from './phones.ts';

/** How long one request may work before others get their turn, in milliseconds. */
const SLICE_MS = 4;

/** What is made of whole lists: windows that are filtered or ordered, and groups. */
export interface OrderedPhones {
  /** @throws what {@link WholeLists.load} throws. */
  loadWindow(
    appId: string,
    asked: OrderedWindow,
    bounds: RequestBounds,
    watcher: CallWatcher,
  ): Promise<PhoneWindow>;
  /** @throws {BadUserInputError} for `first` out of range; what {@link WholeLists.load} throws. */
  loadGroups(
    appId: string,
    first: number,
    bounds: RequestBounds,
    watcher: CallWatcher,
  ): Promise<readonly PhoneGroup[]>;
}

export function createOrderedPhones(
  lists: WholeLists,
  { monotonicNow }: Pick<Clock, 'monotonicNow'>,
): OrderedPhones {
  return {
    async loadWindow(appId, asked, bounds, watcher) {
      const { listing, asOf } = await lists.load(appId, bounds, watcher);
      const rows = await runInSlices(listing.list(asked.filter, asked.order), monotonicNow);
      return new OrderedPhoneWindow(asked, rows, asOf);
    },

    async loadGroups(appId, first, bounds, watcher) {
      parseGroupCount(first);
      const { listing } = await lists.load(appId, bounds, watcher);
      const groups = await runInSlices(listing.groups(), monotonicNow);
      return groups.slice(0, first);
    },
  };
}

/** Runs work in slices, and lets others run in between. Work of a few milliseconds is done at once. */
async function runInSlices<T>(slices: Slices<T>, now: () => number): Promise<T> {
  let startedAt = now();
  for (;;) {
    const step = slices.next();
    if (step.done === true) return step.value;
    if (now() - startedAt < SLICE_MS) continue;
    await setImmediate();
    startedAt = now();
  }
}

/** The rows of a window, in their order. Its cursors are made when they are read. */
class OrderedPhoneWindow implements PhoneWindow {
  readonly nodes: readonly Phone[];
  readonly edges: readonly PhoneEdge[];
  readonly asOf: string;
  readonly #asked: OrderedWindow;
  readonly #rows: OrderedRows;
  readonly #span: Span;

  constructor(asked: OrderedWindow, rows: OrderedRows, asOf: Date) {
    const span = spanOfOrdered(asked.window, rows);
    const nodes: Phone[] = [];
    for (let position = span.lo; position < span.hi; position++) nodes.push(phoneAt(rows, position));
    this.nodes = nodes;
    this.edges = nodes.map((node) => new OrderedEdge(node, asked));
    this.asOf = asOf.toISOString();
    this.#asked = asked;
    this.#rows = rows;
    this.#span = span;
  }

  get totalCount(): number {
    return this.#rows.length;
  }

  get pageInfo(): WindowPageInfo {
    return toPageInfo(this.#span, this.edges);
  }

  get pageCursors(): PageCursors | null {
    const asked = this.#asked;
    const rows = this.#rows;
    const { size } = asked.window;
    if (size === 0) return null;
    return planPageCursors(this.#span.lo, size, rows.length, (position) =>
      position < 0 ? asked.cursors.encode('start') : encode(phoneAt(rows, position), asked),
    );
  }
}

class OrderedEdge implements PhoneEdge {
  readonly node: Phone;
  readonly #asked: OrderedWindow;
  #cursor: string | undefined;

  constructor(node: Phone, asked: OrderedWindow) {
    this.node = node;
    this.#asked = asked;
  }

  /** Made when it is read, once. */
  get cursor(): string {
    this.#cursor ??= encode(this.node, this.#asked);
    return this.#cursor;
  }
}

function encode(phone: Phone, { cursors, order }: OrderedWindow): string {
  return cursors.encode(placeOf(phone, order.field));
}

function phoneAt(rows: OrderedRows, position: number): Phone {
  const phone = rows.at(position);
  if (phone === undefined) throw new RangeError('A window has a row that its list does not have.');
  return phone;
}
