import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  getOperationAST,
  getVariableValues,
} from 'graphql';
import type { Bounds } from '../domain/bounds.ts';
import type { Clock } from '../domain/clock.ts';
import type { Variables } from './arguments.ts';
import { createDeadlines, type Deadlines } from './deadlines.ts';
import type { OperationPlan } from './plan.ts';
import { createPlanStore } from './plan-store.ts';
import { Run, type Walls } from './run.ts';
import { isLater, type Text, type Written } from './text.ts';
import { createTurns } from './turns.ts';
import { writeObject } from './write-object.ts';
import { WrittenData } from './written-data.ts';

export interface ExecutorOptions {
  readonly walls: Walls;
  readonly clock: Pick<Clock, 'monotonicNow' | 'startTimer'>;
  /** List items that all executions together write in a turn of the event loop, where that takes less than 20 ms. Defaults to 2,000. */
  readonly itemsPerTurn?: number;
  /** Told the memory of all plans of a document, in bytes, whenever there is one more. */
  readonly onGrowth?: (document: DocumentNode, bytes: number) => void;
}

/** An operation of a request: its variables are right. */
export interface Preparation {
  /** As graphql-js coerces them, defaults filled in. */
  readonly variables: Variables;
  /** Undefined for what is left to graphql-js. */
  readonly plan: OperationPlan | undefined;
}

/** Executes operations as graphql-js does, by plans that are made once per document, and writes the answer as text. */
export interface Executor {
  /** Coerces the variables and finds the plan. With errors there is nothing to execute: they are the result. */
  prepare(args: ExecutionArgs): Preparation | { readonly errors: readonly GraphQLError[] };
  /** Never rejects. */
  execute(
    preparation: Preparation,
    args: ExecutionArgs,
    bounds: Bounds,
  ): ExecutionResult | Promise<ExecutionResult>;
}

/** As many errors of variables as graphql-js lists. */
const MAX_VARIABLE_ERRORS = 50;

export function createExecutor(options: ExecutorOptions): Executor {
  const { walls, clock, itemsPerTurn = 2_000, onGrowth } = options;
  const plans = createPlanStore(onGrowth);
  const turns = createTurns(itemsPerTurn, clock);
  const deadlines = createDeadlines(clock);

  return {
    prepare(args) {
      const { schema, document, operationName, variableValues, hideSuggestions } = args;
      const operation = getOperationAST(document, operationName);
      // The words for it are those of graphql-js.
      if (operation == null) return { variables: {}, plan: undefined };
      const { coerced, errors } = getVariableValues(
        schema,
        operation.variableDefinitions ?? [],
        variableValues ?? {},
        { maxErrors: MAX_VARIABLE_ERRORS, hideSuggestions: hideSuggestions ?? false },
      );
      if (coerced === undefined) return { errors };
      const isOrdinary = args.fieldResolver == null && args.typeResolver == null;
      const plan = isOrdinary ? plans.find(schema, document, operation, coerced) : undefined;
      return { variables: coerced, plan };
    },

    execute({ plan, variables }, args, bounds) {
      if (plan === undefined) return execute(args);
      const { contextValue: context, rootValue } = args;
      const run = new Run({ plan, variables, context, rootValue, walls, turns, bounds });
      let written: Written;
      try {
        written = writeObject(run, plan.root, rootValue, undefined);
      } catch (error) {
        return finish(run, null, error);
      }
      return isLater(written) ? finishLater(run, written, deadlines) : finish(run, written);
    },
  };
}

/** Waits for the rest of an answer, until its execution is stopped. */
function finishLater(run: Run, written: PromiseLike<Text>, deadlines: Deadlines): Promise<ExecutionResult> {
  return new Promise((resolve) => {
    const end = (result: ExecutionResult) => {
      deadlines.delete(run);
      resolve(result);
    };
    const stop = () => end(finish(run, null));
    // Not written where it is assigned: V8 puts such a function into the old generation, and all that it can reach with it.
    run.onStop = stop;
    deadlines.add(run);
    written.then(
      (text) => end(finish(run, text)),
      (error) => end(finish(run, null, error)),
    );
    // By what was written before anything had to be waited for.
    if (run.stopped !== undefined) run.onStop();
  });
}

/** @param thrown what has made null of the whole answer. */
function finish(run: Run, text: Text, thrown?: unknown): ExecutionResult {
  run.onStop = undefined;
  if (text !== null) run.checkBytes(text);
  const { stopped } = run;
  if (stopped !== undefined)
    return { errors: [new GraphQLError(stopped.message, { originalError: stopped })] };
  if (thrown instanceof GraphQLError) run.addError(thrown, undefined);
  else if (thrown !== undefined) throw thrown;
  const data = text === null ? null : new WrittenData(text);
  return run.errors.length > 0 ? { errors: run.errors, data } : { data };
}
