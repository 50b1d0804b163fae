import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Text } from './text.ts';

const READ_TEXT = Symbol('text of data');

type Data = Exclude<ExecutionResult['data'], undefined>;

interface WrittenResult extends ExecutionResult {
  readonly [READ_TEXT]: () => string | undefined;
}

/** Makes a result of the JSON text of its data. Whoever asks for `data`, or copies it, gets it as a tree, parsed then. */
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
  return result;
}

/**
 * The JSON text of a result's data, where there is one that is sure to be what the result holds: once someone has had the
 * tree in hand, who may have changed it, there is none.
 */
export function findDataText(result: ExecutionResult): string | undefined {
  return isWritten(result) ? result[READ_TEXT]() : undefined;
}

function isWritten(result: ExecutionResult): result is WrittenResult {
  return READ_TEXT in result;
}
