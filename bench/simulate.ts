import { simulateCensuses } from './simulation/censuses.ts';
import { simulateDisorder } from './simulation/disorder.ts';
import { simulateMovingLists, simulateOneInTen } from './simulation/moving-lists.ts';
import { simulateOrderedLists } from './simulation/ordered-lists.ts';
import { simulateTiedLists } from './simulation/tied-lists.ts';
import { formatTable } from './table.ts';

/*
 * Prints what clients see who page through a list while it changes, and through one that has no order that holds: through
 * the gateway's directory of phones, and on plain page numbers. Seeded: the same code, the same figures.
 * `npm run simulate -- 100` does a hundredth of it, `npm run simulate -- 1 ordered` one of its parts.
 */
const [fraction = '1', only] = process.argv.slice(2);
const share = (scrolls: number) => Math.max(1, Math.round(scrolls / Number(fraction)));

const PARTS = {
  moving: ['Lists that change, 10,000 scrolls', () => simulateMovingLists(share(10_000))],
  oneInTen: [
    '1000 rows, windows of 20, a row in or out before one call in ten, 1,000 scrolls',
    () => simulateOneInTen(share(1000)),
  ],
  disorder: [
    'Orders that do not hold, rows that are no longer kept, 300 scrolls each',
    () => simulateDisorder(share(300)),
  ],
  census: ['Complete readings, 400 lists each', () => simulateCensuses(share(400))],
  ordered: [
    'The same with orderBy, over lists that are read whole, 12,000 scrolls',
    () => simulateOrderedLists(share(12_000)),
  ],
  tied: [
    '1000 rows in batches of one creation time, no changes, 1,000 scrolls each',
    () => simulateTiedLists(share(1000)),
  ],
} as const;

for (const [name, [title, simulate]] of Object.entries(PARTS)) {
  if (only !== undefined && only !== name) continue;
  console.log(`\n${title}\n`);
  console.log(formatTable(await simulate()));
}
