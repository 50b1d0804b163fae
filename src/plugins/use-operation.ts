import { getOperationAST } from 'graphql';
import { BadRequestError, OperationResolutionError } from '../errors/request-errors.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/** How much of an operation's name is logged, in characters. Names are ASCII. */
const MAX_NAME_LENGTH = 128;

/** Finds the operation to run, and refuses a request that leaves open which one it means, or means no query. */
export function useOperation(): PipelinePlugin {
  return {
    onParse() {
      return ({ result, context, extendContext }) => {
        if (result === null || result instanceof Error) return;
        const operation = getOperationAST(result, context.params?.operationName);
        if (operation == null) throw new OperationResolutionError();
        // The schema has no other root; validation does not look, and execution would call it an answer.
        if (operation.operation !== 'query') throw new BadRequestError('This gateway answers queries only.');
        extendContext({ operationName: operation.name?.value.slice(0, MAX_NAME_LENGTH) });
      };
    },
  };
}
