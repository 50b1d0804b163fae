import type { SipRecord } from './sip-record.ts';

/**
 * Reads rows as a database does under `ORDER BY create_time DESC LIMIT offset, limit` when many rows share one creation
 * time: it need not order them alike in two queries. MariaDB 10.11 keeps the newest `offset + limit` rows in a heap while
 * that is under a third of the table, and sorts the whole table above that. Which of the equal rows stay in the heap, and
 * where, follows from its size. So pages of one calm scroll repeat some rows and miss others, while the same call
 * always answers the same rows.
 *
 * The rows given are taken to be created in batches of `batchSize`, newest batch first.
 */
export function sliceTiedRows(
  rows: readonly SipRecord[],
  batchSize: number,
  offset: number,
  limit: number,
): readonly SipRecord[] {
  const wanted = offset + limit;
  if (wanted * 3 >= rows.length) return rows.slice(offset, wanted);
  const positions = keepNewest(scanTable(rows.length, batchSize), wanted, batchSize);
  return positions.slice(offset, wanted).flatMap((position) => rows[position] ?? []);
}

/** Positions as a table scan meets them, in the order of creation: the oldest batch first, each batch from its first row. */
function scanTable(length: number, batchSize: number): number[] {
  const positions: number[] = [];
  for (let start = Math.floor((length - 1) / batchSize) * batchSize; start >= 0; start -= batchSize) {
    for (let i = start; i < Math.min(start + batchSize, length); i++) positions.push(i);
  }
  return positions;
}

/** Keeps `count` positions in a heap with the oldest on top, and sorts what is left in it by age alone. */
function keepNewest(positions: readonly number[], count: number, batchSize: number): number[] {
  const getAge = (position: number) => Math.floor(position / batchSize);
  const heap: number[] = [];
  for (const position of positions) {
    if (heap.length <= count) siftUp(heap, heap.push(position) - 1, getAge);
    else siftDown(heap, position, getAge);
  }
  return heap.sort((a, b) => getAge(a) - getAge(b)).slice(0, count);
}

type Age = (position: number) => number;

function siftUp(heap: number[], from: number, getAge: Age): void {
  const position = heap[from] ?? 0;
  let hole = from;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    const above = heap[parent] ?? 0;
    if (getAge(above) >= getAge(position)) break;
    heap[hole] = above;
    hole = parent;
  }
  heap[hole] = position;
}

/** Replaces the top. */
function siftDown(heap: number[], position: number, getAge: Age): void {
  let hole = 0;
  for (let child = 1; child < heap.length; child = 2 * hole + 1) {
    const [left = 0, right] = [heap[child], heap[child + 1]];
    if (right !== undefined && getAge(right) > getAge(left)) child++;
    const below = heap[child] ?? 0;
    if (getAge(position) >= getAge(below)) break;
    heap[hole] = below;
    hole = child;
  }
  heap[hole] = position;
}
