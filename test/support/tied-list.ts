import { sliceTiedRows } from '../../src/sandbox/tied-order.ts';
import type { VendorList } from './vendor-list.ts';

/**
 * An order for lists whose phones were created in batches of `batchSize`, each batch at one time by which the database
 * sorts. It is that of the sandbox, which is that of MariaDB. The same query always finds the same rows.
 */
export function createTiedOrder(batchSize: number): VendorList['order'] {
  const known = new Map<string, readonly string[]>();
  return (accounts, { current, size }) => {
    const key = `${accounts.length}/${current}/${size}`;
    const offset = (current - 1) * size;
    let page = known.get(key);
    if (page === undefined) {
      const records = accounts.map((account) => ({ account }));
      page = sliceTiedRows(records, batchSize, offset, size).map(({ account }) => account);
      known.set(key, page);
    }
    // Only the rows of the page are looked at.
    return [...accounts.slice(0, offset), ...page];
  };
}
