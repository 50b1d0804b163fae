import {
  type CensusAnswer,
  type CensusOptions,
  type CensusState,
  createCensus,
} from '../../src/census/census.ts';
import type { PageNumber } from '../../src/paging/plan.ts';
import { sliceTiedRows } from '../../src/sandbox/tied-order.ts';
import { createRandom } from './scroll.ts';

interface VendorRow {
  readonly account: string;
}

/** A list in memory that answers as the vendor does, and what may happen to it between two calls. */
export interface CensusVendor {
  readonly rows: VendorRow[];
  /** Rows of one creation time, among which there is no order. Default: every row has its place. */
  readonly batchSize?: number;
  /** Rows of the largest page. Default: 100. */
  readonly largestPageSize?: number;
  /** What is added to the total of an answer. */
  totalError?(call: number): number;
  beforeAnswer?(call: number): void;
}

export interface CensusRun {
  readonly state: CensusState<VendorRow>;
  readonly calls: readonly string[];
  readonly isDisordered: boolean;
}

export function createRows(count: number): VendorRow[] {
  return Array.from({ length: count }, (_, index) => ({ account: `row-${index}` }));
}

/** Runs a census against a list in memory, eight calls at a time, whose answers come in any order. */
export function runCensus(
  vendor: CensusVendor,
  options: Partial<CensusOptions> & { readonly seed?: number; readonly parallel?: number } = {},
): CensusRun {
  const { seed = 1, parallel = 8, ...others } = options;
  const random = createRandom(seed);
  const census = createCensus<VendorRow>({ maxCalls: 120, ...others });
  const underWay: PageNumber[] = [];
  const calls: string[] = [];
  let isSizeKnown = false;
  for (;;) {
    underWay.push(...census.take(parallel - underWay.length));
    const [page] = underWay.splice(Math.floor(random() * underWay.length), 1);
    if (page === undefined) break;
    calls.push(`${page.current}/${page.size}`);
    vendor.beforeAnswer?.(calls.length);
    census.learn(page, answer(vendor, page, calls.length));
    if (vendor.largestPageSize !== undefined && page.size > vendor.largestPageSize) {
      // As whoever makes the calls does it: a smaller page is believed the second time.
      if (isSizeKnown) census.setLargestPageSize(vendor.largestPageSize);
      isSizeKnown = true;
    }
  }
  return { state: census.state, calls, isDisordered: census.isDisordered };
}

function answer(vendor: CensusVendor, { current, size }: PageNumber, call: number): CensusAnswer<VendorRow> {
  const { rows, batchSize, largestPageSize = 100 } = vendor;
  const served = Math.min(size, largestPageSize);
  const lo = (current - 1) * served;
  const total = Math.max(0, rows.length + (vendor.totalError?.(call) ?? 0));
  if (lo >= total) return { total, lo: undefined, rows: [], readAt: call };
  const page =
    batchSize === undefined ? rows.slice(lo, lo + served) : sliceTiedRows(rows, batchSize, lo, served);
  return { total, lo, rows: page, readAt: call };
}

export type Churn =
  | 'insert'
  | 'delete'
  | 'swap'
  | 'bulk-insert'
  | 'bulk-delete'
  | 'jump'
  | 'sink'
  | 'move'
  | 'exchange';

/** Changes rows now and then, and knows which were there throughout. A row that goes to another place was. */
export function createChurn(rows: VendorRow[], kinds: readonly Churn[], rate: number, seed: number) {
  const random = createRandom(seed);
  const stayed = new Set(rows.map(({ account }) => account));
  const pick = (below: number) => Math.floor(random() * below);
  let serial = 0;
  const insert = (at: number) => rows.splice(at, 0, { account: `new-${serial++}` });
  const remove = (at: number, count = 1) => {
    for (const { account } of rows.splice(at, count)) stayed.delete(account);
  };
  const change = (kind: Churn | undefined) => {
    if (kind === 'insert') insert(random() < 0.5 ? 0 : pick(rows.length + 1));
    if (kind === 'bulk-insert') for (let count = 1 + pick(40); count > 0; count--) insert(0);
    if (kind === 'delete') remove(pick(rows.length));
    if (kind === 'bulk-delete') remove(pick(rows.length), 1 + pick(40));
    if (kind === 'swap') {
      remove(pick(rows.length));
      insert(pick(rows.length + 1));
    }
    if (kind === 'jump') rows.unshift(...rows.splice(pick(rows.length), 1));
    if (kind === 'sink') rows.push(...rows.splice(pick(rows.length), 1));
    if (kind === 'move') {
      const moved = rows.splice(pick(rows.length), 1);
      rows.splice(pick(rows.length + 1), 0, ...moved);
    }
    if (kind === 'exchange') exchange(rows, pick(rows.length), pick(rows.length));
  };
  return {
    stayed,
    beforeAnswer() {
      if (random() < rate) change(kinds[pick(kinds.length)]);
    },
  };
}

/** Has two rows change places. */
export function exchange(rows: VendorRow[], a: number, b: number): void {
  const [rowAtA, rowAtB] = [rows[a], rows[b]];
  if (rowAtA !== undefined && rowAtB !== undefined) [rows[a], rows[b]] = [rowAtB, rowAtA];
}
