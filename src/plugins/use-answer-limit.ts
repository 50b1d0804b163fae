import { type DocumentNode, getOperationAST, Kind, valueFromASTUntyped } from 'graphql';
import { QueryLimitError } from '../errors/request-errors.ts';
import { measureAnswer } from './answer-size.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/**
 * Refuses an operation that could bring more than `limit` objects, before it is executed. Windows inside windows cost no
 * vendor call where they are equal, so that nothing else bounds what they cost here.
 */
export function useAnswerLimit(limit: number): PipelinePlugin {
  return {
    onExecute({ args: { document, operationName, variableValues, contextValue } }) {
      const operation = getOperationAST(document, operationName);
      if (operation == null) return;
      const objects = measureAnswer(operation.selectionSet, {
        apps: contextValue.apps?.list().length ?? 1,
        findFragment: (name) => findFragment(document, name),
        findVariable(name) {
          if (variableValues != null && name in variableValues) return variableValues[name];
          const definition = operation.variableDefinitions?.find(
            ({ variable }) => variable.name.value === name,
          );
          return definition?.defaultValue && valueFromASTUntyped(definition.defaultValue);
        },
      });
      if (objects > limit) {
        throw new QueryLimitError('QUERY_TOO_COMPLEX', `The operation could bring ${objects} objects`, limit);
      }
    },
  };
}

function findFragment({ definitions }: DocumentNode, name: string) {
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name) return definition;
  }
  return undefined;
}
