import { foldText } from '../../src/paging/fold.ts';
import type { PhoneListArguments } from '../../src/phones/phones.ts';
import { sliceTiedRows } from '../../src/sandbox/tied-order.ts';
import { type Change, createRandom, type Scroll, scroll } from '../../test/support/scroll.ts';
import type { VendorList } from '../../test/support/vendor-list.ts';
import { presentTally, tally } from './tally.ts';

type Row = Record<string, string | number>;

const CHANGES: readonly Change[] = [
  'insert',
  'delete',
  'bulk-insert',
  'bulk-delete',
  'swap',
  'delete-anchor',
  'insert-at-anchor',
  'jump',
  'sink',
  'move',
  'exchange',
];
const RATES = [0.02, 0.1, 0.5] as const;

/** What the vendor does beside its list changing. */
const VENDORS: Readonly<Record<string, (list: VendorList, random: () => number) => void>> = {
  plain: () => undefined,
  'ties of 30': (list) => {
    list.order = createChangingTies(30);
  },
  'pages of 40 at most': (list) => {
    list.distort = (page, query) => {
      const size = Math.min(query.size, 40);
      const lo = (query.current - 1) * size;
      const phones = list.phonesOf(list.accounts.slice(lo, lo + size), query.appId);
      return { ...page, size, phones, passwords: phones.map(() => null) };
    };
  },
  'page 1 past the end': (list) => {
    list.distort = (page, query) => {
      if (list.accounts.length === 0 || (query.current - 1) * query.size < list.accounts.length) return page;
      const phones = list.phonesOf(list.accounts.slice(0, query.size), query.appId);
      return { ...page, current: 1, phones, passwords: phones.map(() => null) };
    };
  },
  'totals off by one': (list, random) => {
    list.distort = (page) => ({
      ...page,
      total: Math.max(0, page.total + (random() < 0.1 ? (random() < 0.5 ? 1 : -1) : 0)),
    });
  },
};

/** Batches of one creation time, among whose rows there is no order; see `tied-order.ts`. */
function createChangingTies(batchSize: number): VendorList['order'] {
  return (accounts, { current, size }) => {
    const offset = (current - 1) * size;
    const records = accounts.map((account) => ({ account }));
    const page = sliceTiedRows(records, batchSize, offset, size).map(({ account }) => account);
    return [...accounts.slice(0, offset), ...page];
  };
}

/**
 * Scrolls with `orderBy`, in both directions and in windows of 1 to 100, through lists of 0 to 1500 rows that change before
 * a share of the calls, some with a filter; the list is read anew every few windows.
 */
export async function simulateOrderedLists(count: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const perGroup = Math.max(1, Math.round(count / RATES.length / Object.keys(VENDORS).length));
  for (const [vendor, prepare] of Object.entries(VENDORS)) {
    for (const changeRate of RATES) {
      const scrolls: Scroll[] = [];
      for (let seed = 1; seed <= perGroup; seed++) scrolls.push(await scrollOnce(seed, changeRate, prepare));
      rows.push({ vendor, 'changes / call': changeRate, ...presentTally(tally(scrolls)) });
    }
  }
  return rows;
}

async function scrollOnce(
  seed: number,
  changeRate: number,
  prepare: (list: VendorList, random: () => number) => void,
): Promise<Scroll> {
  const random = createRandom(seed);
  const digit = String(Math.floor(random() * 10));
  const isFiltered = random() < 0.5;
  const args: PhoneListArguments = {
    ...(isFiltered ? { filter: { text: digit } } : {}),
    orderBy: { field: 'account', direction: random() < 0.5 ? 'asc' : 'desc' },
  };
  return scroll({
    total: Math.floor(random() * 1501),
    size: 1 + Math.floor(random() * 100),
    direction: random() < 0.5 ? 'forward' : 'backward',
    changeRate,
    changes: CHANGES,
    keepMs: 0,
    random,
    ordered: args,
    isListed: (account) => !isFiltered || foldText(account).includes(digit),
    prepare,
  });
}
