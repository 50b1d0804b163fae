import type { Ledger } from '../phones/phones.ts';

/** Reads the figures that clients and the log see of a ledger, always in this order. */
export function readLedger({ calls, rowsRead, rowsUsed, rowsKept, shared, driftRepairs }: Ledger): Ledger {
  return { calls, rowsRead, rowsUsed, rowsKept, shared, driftRepairs };
}
