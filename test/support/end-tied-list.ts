import type { VendorList } from './vendor-list.ts';

/**
 * An order for lists whose phones were created in batches of `batchSize`, newest batch first: how the rows of a batch
 * stand to each other depends on where the page ends, as it does in a database that keeps the rows up to there in a heap.
 * Harsher than what was seen of MariaDB: no page is large enough to be sorted whole. The same query always finds the same rows.
 */
export function createEndTiedOrder(batchSize: number): VendorList['order'] {
  const known = new Map<string, readonly string[]>();
  return (accounts, { current, size }) => {
    const end = current * size;
    const key = `${accounts.length}/${end}`;
    const rows = known.get(key) ?? sortTies(accounts, batchSize, end);
    known.set(key, rows);
    return rows;
  };
}

function sortTies(accounts: readonly string[], batchSize: number, end: number): readonly string[] {
  const rows: string[] = [];
  for (let lo = 0; lo < accounts.length; lo += batchSize)
    rows.push(
      ...accounts
        .slice(lo, lo + batchSize)
        .map((account, index) => ({ account, rank: mix((lo + index) * 65_537 + end) }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ account }) => account),
    );
  return rows;
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
