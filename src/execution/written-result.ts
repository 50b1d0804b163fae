import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Text } from './text.ts';

/** Marks a result as the one that {@link createWrittenResult} made: a copy of it carries the mark of another. */
const SELF = Symbol('self');
const READ_TEXT = Symbol('text of data');

type Data = Exclude<ExecutionResult['data'], undefined>;

interface WrittenResult extends ExecutionResult {
  [SELF]?: WrittenResult;
  readonly [READ_TEXT]: () => string | undefined;
}

/** Makes a result of the JSON text of its data. Whoever asks for `data` gets it as a tree, parsed then. */
export function createWrittenResult(text: Text, errors: readonly GraphQLError[]): ExecutionResult {
  let known: string | undefined = text ?? 'null';
  let tree: Data = null;
  const result: WrittenResult = {
    ...(errors.length > 0 ? { errors } : {}),
    get data() {
      if (known !== undefined) tree = JSON.parse(known);
      known = undefined;
      return tree;
    },
    set data(data) {
      tree = data;
      known = undefined;
    },
    [READ_TEXT]: () => known,
  };
  result[SELF] = result;
  return result;
}

/**
 * The JSON text of a result's data, where there is one that is sure to be what the result holds: once someone has had the
 * tree in hand, who may have changed it, there is none.
 */
export function findDataText(result: ExecutionResult): string | undefined {
  return isWritten(result) && result[SELF] === result ? result[READ_TEXT]() : undefined;
}

function isWritten(result: ExecutionResult): result is WrittenResult {
  return READ_TEXT in result;
}
