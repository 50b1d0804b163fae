import type { Cost } from '../domain/cost.ts';
import { type Cursor, createCursorCodec } from '../paging/cursor.ts';
import { type OrderedWindow, parseOrderedWindow } from '../paging/ordered-window.ts';
import { parseGroupCount } from '../paging/phone-listing.ts';
import { MAX_PAGE_SIZE, type PageNumber, planPages, type Range } from '../paging/plan.ts';
import { createValueCursorCodec } from '../paging/value-cursor.ts';
import { createWholePlan } from '../paging/whole-plan.ts';
import { parseWindow, type Window } from '../paging/window.ts';
import { searchWindow } from '../paging/window-search.ts';
import { createBareWindow } from '../phones/phone-window.ts';
import type { PhoneDirectory, Phones } from '../phones/phones.ts';

/** Takes the place of a request's phones, reads nothing, and tells what would be read. */
export interface Explainer {
  readonly phones: Phones;
  /** The same, for a gateway to open. */
  readonly directory: PhoneDirectory;
  /** Whether the vendor has been asked for anything yet. */
  hasPlans(): boolean;
  /** The calls of all windows together, each app's as one plan; look-ups and whole lists are not in it. */
  countCalls(): number;
  /** A page for people, an app after the other. */
  report(): string;
}

/** Totals for which the calls of a census are named. */
const EXPLAINED_TOTALS = [100, 437, 1000, 10_000] as const;

const NO_COST: Cost = { calls: 0, rowsRead: 0, rowsUsed: 0, rowsKept: 0, shared: 0, driftRepairs: 0 };

/** What a query asks of one app in its first tick. */
interface AppAsks {
  readonly windows: string[];
  readonly ranges: Range[];
  /** Asked for where no rows are: the total alone. */
  counts: number;
  readonly accounts: Set<string>;
  /** What takes the whole list. */
  readonly ofWholeList: string[];
}

/** @param listMaxCalls vendor calls that reading one whole list may take. */
export function createExplainer(cursorKeys: readonly Uint8Array[], listMaxCalls: number): Explainer {
  const codec = createCursorCodec(cursorKeys);
  const valueCodec = createValueCursorCodec(cursorKeys);
  const codecs = { cursorCodec: () => codec, valueCursorCodec: () => valueCodec };
  const apps = new Map<string, AppAsks>();

  function asksOf(appId: string): AppAsks {
    const asks = apps.get(appId) ?? {
      windows: [],
      ranges: [],
      counts: 0,
      accounts: new Set(),
      ofWholeList: [],
    };
    apps.set(appId, asks);
    return asks;
  }

  const phones: Phones = {
    async loadWindow(appId, args, need) {
      const ordered = parseOrderedWindow(appId, args, codecs);
      if (ordered !== undefined) {
        if (need !== 'nothing') explainOrdered(ordered, asksOf(appId));
        return createBareWindow(0);
      }
      const window = parseWindow(args, codec.forApp(appId));
      if (need === 'rows') explainWindow(window, asksOf(appId));
      if (need === 'count') explainCount('the count alone', asksOf(appId));
      return createBareWindow(0);
    },
    async loadGroups(appId, first) {
      parseGroupCount(first);
      asksOf(appId).ofWholeList.push(`groups, first: ${first}`);
      return [];
    },
    async loadPhone(appId, account) {
      asksOf(appId).accounts.add(account);
      return null;
    },
    loadPassword: async () => null,
  };
  return {
    phones,
    directory: { open: () => ({ ...phones, cost: NO_COST }), findTotal: () => undefined },
    hasPlans: () => apps.size > 0,
    countCalls: () => [...apps.values()].reduce((sum, asks) => sum + planWindows(asks).calls, 0),
    report: () =>
      apps.size === 0
        ? 'No call: what is asked for is known without the vendor, or is of apps that are not served.'
        : [...apps].map(([appId, asks]) => reportApp(appId, asks, listMaxCalls)).join('\n\n'),
  };
}

/** The first step of the search that a request takes; the others depend on what the vendor answers. */
function explainWindow(window: Window, asks: AppAsks): void {
  const name = describeWindow(window);
  const step = searchWindow(window, undefined, MAX_PAGE_SIZE).next();
  if (step.done === true) throw new TypeError('A search begins by reading.');
  const { rows, afterAnchor, beforeAnchor } = step.value;
  if (rows === undefined) {
    const isTail = window.from === 'end' && window.size > 0 && window.before === undefined;
    const rest = isTail
      ? 'the rows at the end, by another call or two once the total is known'
      : 'no rows, the count alone';
    explainCount(`${name}: ${rest}`, asks);
    return;
  }
  asks.windows.push(`${name}: ${describeRows(rows)}`);
  asks.ranges.push(rows);
  for (const anchor of [afterAnchor, beforeAnchor]) {
    if (anchor === undefined) continue;
    asks.windows.push(`  and its cursor: ${describeRows(anchor)}`);
    asks.ranges.push(anchor);
  }
}

function explainOrdered({ window, filter, order }: OrderedWindow, asks: AppAsks): void {
  const { from, size, after, before } = window;
  const ends = [after === undefined ? '' : ', after a place', before === undefined ? '' : ', before a place'];
  const name = `${from === 'start' ? 'first' : 'last'}: ${size}${ends.join('')}`;
  const filtered = filter.normalForm === '' ? '' : ', filtered';
  asks.ofWholeList.push(`${name}, by ${order.field} ${order.direction}${filtered}`);
}

function explainCount(name: string, asks: AppAsks): void {
  asks.windows.push(name);
  asks.counts++;
}

function planWindows({ ranges, counts }: AppAsks) {
  const pages = planPages(ranges);
  const isCountApart = pages.length === 0 && counts > 0;
  return { pages, isCountApart, calls: pages.length + (isCountApart ? 1 : 0) };
}

function reportApp(appId: string, asks: AppAsks, listMaxCalls: number): string {
  const { windows, accounts, ofWholeList } = asks;
  const { pages, isCountApart, calls } = planWindows(asks);
  return [
    `App ${appId}`,
    ...windows.map((line) => `  ${line}`),
    ...(windows.length > 0 ? [`  → ${calls} ${calls === 1 ? 'call' : 'calls'}, where nothing is kept`] : []),
    ...pages.map((page) => `    ${describePage(page)}`),
    ...(isCountApart ? ['    page 1, for its total'] : []),
    ...(ofWholeList.length > 0 ? describeCensus(ofWholeList, listMaxCalls) : []),
    ...(accounts.size > 0 ? [`  ${describeLookup(accounts.size)}`] : []),
  ].join('\n');
}

/** What a census takes depends on the total, which no call has told. */
function describeCensus(asks: readonly string[], maxCalls: number): readonly string[] {
  const plan = createWholePlan();
  const calls = EXPLAINED_TOTALS.map((total) => {
    const count = plan.count(total, total);
    return `${count} for ${total} phones${count > maxCalls ? `, more than the ${maxCalls} of LIST_MAX_CALLS` : ''}`;
  });
  return [
    ...asks.map((line) => `  ${line}`),
    '  → one reading of the whole list for all of these, none where it is kept:',
    `    ${calls.join(', ')}`,
  ];
}

function describeWindow({ from, size, after, before }: Window): string {
  const ends = [describeCursor('after', after), describeCursor('before', before)].join('');
  return `${from === 'start' ? 'first' : 'last'}: ${size}${ends}`;
}

function describeCursor(side: string, cursor: Cursor | undefined): string {
  return cursor === undefined ? '' : `, ${side} row ${cursor.position} of ${cursor.total}`;
}

function describeRows({ lo, hi }: Range): string {
  return `rows ${lo} to ${hi - 1}`;
}

function describePage({ current, size }: PageNumber): string {
  return `page ${current} of size ${size}: ${describeRows({ lo: (current - 1) * size, hi: current * size })}`;
}

function describeLookup(accounts: number): string {
  const phones = accounts === 1 ? '1 phone' : `${accounts} phones`;
  return `${phones} by account: no call where kept, a call for each page where last seen, else a scan until all are found`;
}
