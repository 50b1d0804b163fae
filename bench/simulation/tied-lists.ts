import { createRandom, type Scroll, scroll, scrollByOffset } from '../../test/support/scroll.ts';
import { createTiedOrder } from '../../test/support/tied-list.ts';
import { presentTally, tally } from './tally.ts';

type Row = Record<string, string | number>;

const TOTAL = 1000;
const BATCH_SIZES = [7, 30, 37] as const;
const SIZES = [20, 100] as const;

/**
 * Scrolls through 1,000 phones that nobody changes, in an order that differs from query to query. A scroll on plain page
 * numbers is the same every time, so it is done once; ours differ by the size of their first window.
 */
export async function simulateTiedLists(count: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const batchSize of BATCH_SIZES) {
    const order = createTiedOrder(batchSize);
    for (const size of SIZES) {
      const calm = { total: TOTAL, size, changeRate: 0, changes: [], order } as const;
      const note = (pages: string, scrolls: readonly Scroll[]) =>
        rows.push({ batch: batchSize, window: size, pages, ...presentTally(tally(scrolls)) });
      note('plain', [await scrollByOffset({ ...calm, random: createRandom(1) })]);
      for (const [pages, keepMs] of [
        ['anchored', 0],
        ['anchored, rows kept', 60_000],
      ] as const) {
        const scrolls: Scroll[] = [];
        for (let seed = 1; seed <= count; seed++) {
          const random = createRandom(seed);
          const firstSize = 1 + Math.floor(random() * size);
          scrolls.push(await scroll({ ...calm, firstSize, direction: 'forward', keepMs, random }));
        }
        note(pages, scrolls);
      }
    }
  }
  return rows;
}
