import type { ObjectBudget } from '../context.ts';
import { AnswerTooLargeError, DeadlineExceededError } from '../errors/request-errors.ts';

export interface RequestObjectBudgetOptions {
  /** Objects that the answer may hold. */
  readonly limit: number;
  /** On the clock of `monotonicNow`. */
  readonly deadlineAt: number;
  readonly monotonicNow: () => number;
}

/** Counts what the resolvers of one request bring, whatever its document was expected to bring. */
export class RequestObjectBudget implements ObjectBudget {
  readonly #options: RequestObjectBudgetOptions;
  #spent = 0;

  constructor(options: RequestObjectBudgetOptions) {
    this.#options = options;
  }

  spend(objects: number): void {
    const { deadlineAt, monotonicNow } = this.#options;
    this.#spent += objects;
    this.assertWithin();
    if (monotonicNow() > deadlineAt) throw new DeadlineExceededError();
  }

  /** @throws {AnswerTooLargeError} when more was brought than the answer may hold. */
  assertWithin(): void {
    const { limit } = this.#options;
    if (this.#spent > limit) throw new AnswerTooLargeError(limit, 'objects');
  }
}
