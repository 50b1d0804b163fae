import { QueryTooExpensiveError } from '../errors/request-errors.ts';

/** How many vendor calls one request may make: in all, and at a time. */
export interface CallBudget {
  /** Calls that may still be made. */
  readonly left: number;
  /** Takes so many calls out of the budget. @throws {QueryTooExpensiveError} when it has not so many; none is taken then. */
  take(calls: number): void;
  /** Runs a call as soon as few enough others are under way; those that wait do so in the order they came. */
  run<T>(call: () => Promise<T>): Promise<T>;
}

export function createCallBudget(limits: { readonly calls: number; readonly parallel: number }): CallBudget {
  let left = limits.calls;
  let free = limits.parallel;
  const waiting: (() => void)[] = [];
  return {
    get left() {
      return left;
    },
    take(calls) {
      if (calls > left) throw new QueryTooExpensiveError(limits.calls);
      left -= calls;
    },
    async run(call) {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await call();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free++;
        else next();
      }
    },
  };
}
