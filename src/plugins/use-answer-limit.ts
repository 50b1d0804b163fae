import { type DocumentNode, getOperationAST, Kind } from 'graphql';
import type { Clock } from '../domain/clock.ts';
import { QueryLimitError } from '../errors/request-errors.ts';
import { type AnswerSize, measureAnswer, type Size } from './answer-size.ts';
import { createExecutionTurns } from './execution-turns.ts';
import { RequestObjectBudget } from './object-budget.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

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
 * Refuses an operation that could bring too many objects, before it is executed: windows inside windows cost no vendor
 * call where they are equal, so that nothing else bounds what they cost here. It counts once more what resolvers bring,
 * and lets heavy operations wait for each other.
 */
export function useAnswerLimit(
  limits: AnswerLimits,
  requestTimeoutMs: () => number,
  clock: Clock,
): PipelinePlugin {
  const { monotonicNow } = clock;
  const turns = createExecutionTurns(limits.heavyObjectsAtOnce, clock);

  return {
    onContextBuilding({ context, extendContext }) {
      const deadlineAt = context.arrivedAt + requestTimeoutMs();
      extendContext({
        objects: new RequestObjectBudget({ limit: limits.answer, deadlineAt, monotonicNow }),
      });
    },
    onExecute({ args, context, executeFn, setExecuteFn }) {
      const { schema, document, operationName } = args;
      const operation = getOperationAST(document, operationName);
      // Another plugin has refused it.
      if (operation == null)
        throw new TypeError('An operation that cannot be found has come to be executed.');
      const { apps, arrivedAt, objects: budget, place, signal, variables } = context;
      if (apps === undefined || variables === undefined || !(budget instanceof RequestObjectBudget))
        throw new TypeError('An operation has come to be executed without its apps, variables or budget.');

      const size = measureAnswer(operation.selectionSet, {
        schema,
        variableValues: variables,
        apps: apps.list().length,
        findFragment: (name) => findFragment(document, name),
      });
      assertSize(size, limits.answer);
      const objects = weigh(budget.shareOut(size));
      if (objects > limits.heavyObjects) {
        const bounds = { signal, deadlineAt: arrivedAt + requestTimeoutMs() };
        setExecuteFn(async (heavyArgs) => {
          await place?.weigh(objects);
          return turns.run(objects, bounds, () => executeFn(heavyArgs));
        });
      }
      return { onExecuteDone: () => budget.assertWithin() };
    },
  };
}

/** What an answer costs in memory, in objects of the usual number of values. */
function weigh({ objects, values }: Size): number {
  return Math.max(objects, values / VALUES_PER_OBJECT);
}

/** Without the entities: a router cannot tell which of them are too many, so each of those is refused in its place. */
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
