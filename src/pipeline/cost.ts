import type { Cost } from '../domain/cost.ts';

/** The cost as clients and the log see it, its figures always in this order. */
export function readCost({ calls, rowsRead, rowsUsed, rowsKept, shared, driftRepairs }: Cost): Cost {
  return { calls, rowsRead, rowsUsed, rowsKept, shared, driftRepairs };
}
