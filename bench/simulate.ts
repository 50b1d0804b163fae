import { simulateDisorder } from './simulation/disorder.ts';
import { simulateMovingLists, simulateOneInTen } from './simulation/moving-lists.ts';
import { simulateOrderedLists } from './simulation/ordered-lists.ts';
import { simulateTiedLists } from './simulation/tied-lists.ts';
import { formatTable } from './table.ts';

/*
 * Prints what clients see who page through a list while it changes, and through one that has no order that holds: through
 * the gateway's directory of phones, and on plain page numbers. Seeded: the same code, the same figures.
 * `npm run simulate -- 100` does a hundredth of it.
 */
const fraction = 1 / Number(process.argv[2] ?? 1);
const share = (scrolls: number) => Math.max(1, Math.round(scrolls * fraction));

console.log('\nLists that change, 10,000 scrolls\n');
console.log(formatTable(await simulateMovingLists(share(10_000))));
console.log('\n1000 rows, windows of 20, a row in or out before one call in ten, 1,000 scrolls\n');
console.log(formatTable(await simulateOneInTen(share(1000))));
console.log('\nOrders that do not hold, rows that are no longer kept, 300 scrolls each\n');
console.log(formatTable(await simulateDisorder(share(300))));
console.log('\nThe same with orderBy, over lists that are read whole, 12,000 scrolls\n');
console.log(formatTable(await simulateOrderedLists(share(12_000))));
console.log('\n1000 rows in batches of one creation time, no changes, 1,000 scrolls each\n');
console.log(formatTable(await simulateTiedLists(share(1000))));
