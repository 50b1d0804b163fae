import { type Change, createRandom, type Scroll, scroll, scrollByOffset } from '../../test/support/scroll.ts';
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
  'wall-at-anchor',
];
const RATES = [0.02, 0.1, 0.5, 1] as const;
const KEPT_MS = 60_000;

/**
 * Scrolls in both directions through lists of 0 to 1000 rows, in windows of 1 to 100, while the list changes before a
 * share of the calls; with rows kept and without, and the same on plain page numbers.
 */
export async function simulateMovingLists(count: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const perGroup = Math.ceil(count / RATES.length / 2);
  for (const changeRate of RATES) {
    const groups: Readonly<Record<string, Scroll[]>> = { anchored: [], 'anchored, rows kept': [], plain: [] };
    for (let seed = 1; seed <= perGroup; seed++) {
      for (const keepMs of [0, KEPT_MS]) {
        const options = createOptions(seed, changeRate, keepMs);
        groups[keepMs === 0 ? 'anchored' : 'anchored, rows kept']?.push(await scroll(options));
      }
      groups['plain']?.push(await scrollByOffset(createOptions(seed, changeRate, 0)));
    }
    for (const [pages, scrolls] of Object.entries(groups))
      rows.push({ 'changes / call': changeRate, pages, ...presentTally(tally(scrolls)) });
  }
  return rows;
}

function createOptions(seed: number, changeRate: number, keepMs: number) {
  const random = createRandom(seed);
  return {
    total: Math.floor(random() * 1001),
    size: 1 + Math.floor(random() * 100),
    direction: random() < 0.5 ? 'forward' : 'backward',
    changeRate,
    changes: CHANGES,
    keepMs,
    random,
  } as const;
}

/** The table of docs/pagination-measured.md: 1000 rows, windows of 20, a row in or out before one call in ten. */
export async function simulateOneInTen(count: number): Promise<readonly Row[]> {
  const anchored: Scroll[] = [];
  const plain: Scroll[] = [];
  for (let seed = 1; seed <= count; seed++) {
    const options = () => ({
      total: 1000,
      size: 20,
      changeRate: 0.1,
      changes: ['insert', 'delete'] as const,
      random: createRandom(seed),
    });
    anchored.push(await scroll({ ...options(), direction: 'forward', keepMs: 0 }));
    plain.push(await scrollByOffset(options()));
  }
  return [
    { pages: 'plain', ...presentTally(tally(plain)) },
    { pages: 'anchored', ...presentTally(tally(anchored)) },
  ];
}
