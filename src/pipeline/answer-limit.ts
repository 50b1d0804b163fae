import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { RequestState } from '../context.ts';
import type { Clock } from '../domain/clock.ts';
import { QueryLimitError } from '../errors/request-errors.ts';
import type { AnswerSize, Size } from './answer-size.ts';
import { createExecutionTurns } from './execution-turns.ts';
import { createMeasuredAnswers } from './measured-answers.ts';
import { RequestObjectBudget } from './object-budget.ts';

export interface AnswerLimits {
  /** What one answer may hold. */
  readonly answer: Size;
  /** An operation that may bring more objects than this is heavy, and waits for its turn. */
  readonly heavyObjects: number;
  /** Objects that all heavy operations under way may bring together. */
  readonly heavyObjectsAtOnce: number;
}

const VALUES_PER_OBJECT = 25;

/**
 * Refuses an operation that could return too many objects, before it is executed. Nothing else would: equal windows inside
 * windows cost no vendor call. It counts again what resolvers return, and has heavy operations wait for each other.
 */
export interface AnswerLimit {
  /** Begins to count what one request brings. */
  begin(state: RequestState): RequestObjectBudget;
  /**
   * Checks an operation against the limits, and shares out its budget.
   * @returns the objects that it may return.
   * @throws {QueryLimitError}
   */
  measure(operation: MeasuredOperation, budget: RequestObjectBudget): number;
  /**
   * Runs an execution: a heavy one when those before it leave room.
   * @throws {DeadlineExceededError | OverloadedError} as a rejection, when its turn does not come.
   */
  run(
    objects: number,
    state: RequestState,
    execute: () => ExecutionResult | Promise<ExecutionResult>,
  ): ExecutionResult | Promise<ExecutionResult>;
}

export interface MeasuredOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Apps that the caller sees. */
  readonly apps: number;
}

export function createAnswerLimit(
  limits: AnswerLimits,
  requestTimeoutMs: () => number,
  clock: Clock,
): AnswerLimit {
  const { monotonicNow } = clock;
  const turns = createExecutionTurns(limits.heavyObjectsAtOnce, clock);
  const measured = createMeasuredAnswers();

  async function waitAndRun(
    objects: number,
    { arrivedAt, place, signal }: RequestState,
    execute: () => ExecutionResult | Promise<ExecutionResult>,
  ): Promise<ExecutionResult> {
    await place?.weigh(objects);
    return turns.run(objects, { signal, deadlineAt: arrivedAt + requestTimeoutMs() }, execute);
  }

  return {
    begin: ({ arrivedAt }) =>
      new RequestObjectBudget({
        limit: limits.answer,
        deadlineAt: arrivedAt + requestTimeoutMs(),
        monotonicNow,
      }),
    measure({ schema, document, operation, variables, apps }, budget) {
      const size = measured.measure(operation, {
        schema,
        variableValues: variables,
        apps,
        findFragment: (name) => findFragment(document, name),
      });
      assertSize(size, limits.answer);
      return weigh(budget.shareOut(size));
    },
    run: (objects, state, execute) =>
      objects > limits.heavyObjects ? waitAndRun(objects, state, execute) : execute(),
  };
}

/** What an answer costs in memory, in objects of the usual number of values. */
function weigh({ objects, values }: Size): number {
  return Math.max(objects, values / VALUES_PER_OBJECT);
}

/** Does not count `_entities`: representations beyond the limit are refused one by one, so that a router sees which. */
function assertSize({ objects, values }: AnswerSize, limit: Size): void {
  if (objects > limit.objects)
    throw new QueryLimitError(
      'QUERY_TOO_COMPLEX',
      `The operation could bring ${objects} objects`,
      limit.objects,
    );
  if (values > limit.values)
    throw new QueryLimitError(
      'QUERY_TOO_COMPLEX',
      `The operation could bring ${values} values`,
      limit.values,
    );
}

function findFragment({ definitions }: DocumentNode, name: string) {
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name) return definition;
  }
  return undefined;
}
