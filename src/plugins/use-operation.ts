import { getOperationAST } from 'graphql';
import { OperationResolutionError } from '../errors/operation-resolution-error.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/** Finds the operation to run, and refuses a request that leaves open which one it means. */
export function useOperation(): PipelinePlugin {
  return {
    onParse() {
      return ({ result, context, extendContext }) => {
        if (result === null || result instanceof Error) return;
        const operation = getOperationAST(result, context.params?.operationName);
        if (operation == null) throw new OperationResolutionError();
        extendContext({ operationName: operation.name?.value });
      };
    },
  };
}
