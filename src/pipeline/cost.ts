import type { Cost } from '../phones/phones.ts';

/** Reads the figures that clients and the log see of a ledger, always in this order. */
export function readCost({ calls, rowsRead, rowsUsed, rowsKept, shared, driftRepairs }: Cost): Cost {
  return { calls, rowsRead, rowsUsed, rowsKept, shared, driftRepairs };
}
