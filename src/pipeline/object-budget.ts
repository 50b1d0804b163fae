import type { ObjectBudget } from '../context.ts';
import { AnswerTooLargeError, DeadlineExceededError } from '../errors/request-errors.ts';
import type { AnswerSize, Size } from './answer-size.ts';

export interface RequestObjectBudgetOptions {
  /** What the answer may hold. */
  readonly limit: Size;
  /** On the clock of `monotonicNow`. */
  readonly deadlineAt: number;
  readonly monotonicNow: () => number;
}

/** Counts the objects that the resolvers of one request return. */
export class RequestObjectBudget implements ObjectBudget {
  readonly #options: RequestObjectBudgetOptions;
  readonly #entities = new Map<string, number>();
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

  countEntities(responseName: string): number {
    const count = this.#entities.get(responseName);
    if (count === undefined) throw new TypeError('These entities were not measured.');
    return count;
  }

  /**
   * Shares out what the rest of the answer leaves: each `_entities` in order gets as many representations as there is room
   * for.
   * @returns what the answer can hold then.
   */
  shareOut({ objects, values, entities }: AnswerSize): Size {
    const { limit } = this.#options;
    let objectsLeft = limit.objects - objects;
    let valuesLeft = limit.values - values;
    for (const [name, { representations, each }] of entities) {
      const room = Math.min(
        objectsLeft / each.objects,
        each.values === 0 ? Infinity : valuesLeft / each.values,
      );
      const count = Math.min(representations, Math.max(0, Math.floor(room)));
      this.#entities.set(name, count);
      objectsLeft -= count * each.objects;
      valuesLeft -= count * each.values;
    }
    return { objects: limit.objects - objectsLeft, values: limit.values - valuesLeft };
  }

  /** @throws {AnswerTooLargeError} when more was brought than the answer may hold. */
  assertWithin(): void {
    const { objects } = this.#options.limit;
    if (this.#spent > objects) throw new AnswerTooLargeError(objects, 'objects');
  }
}
