import { QueryTooExpensiveError } from '../errors/request-errors.ts';

/** How many vendor calls one request may make: in all, and at a time. */
export class CallBudget {
  readonly #calls: number;
  readonly #waiting: (() => void)[] = [];
  #left: number;
  #free: number;

  constructor({ calls, parallel }: { readonly calls: number; readonly parallel: number }) {
    this.#calls = calls;
    this.#left = calls;
    this.#free = parallel;
  }

  /** Calls that may still be made. */
  get left(): number {
    return this.#left;
  }

  /** Takes so many calls out of the budget. @throws {QueryTooExpensiveError} when it has not so many; none is taken then. */
  take(calls: number): void {
    if (calls > this.#left) throw new QueryTooExpensiveError(this.#calls);
    this.#left -= calls;
  }

  /** Runs a call as soon as few enough others are under way; those that wait do so in the order they came. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await call();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
