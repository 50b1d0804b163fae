import { GraphQLError, validate } from 'graphql';
import { QueryLimitError, ValidationAbortedError } from '../errors/request-errors.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/** Marks what the parser refuses, and keeps an answer from listing every fault of a hopeless document. */
export function useGraphQLRules(maxErrors: number): PipelinePlugin {
  return {
    onParse() {
      return ({ result, replaceParseResult }) => {
        if (result instanceof GraphQLError) {
          const { message, source, positions } = result;
          const extensions = { code: 'GRAPHQL_PARSE_FAILED' };
          replaceParseResult(
            new GraphQLError(message, { source: source ?? null, positions: positions ?? null, extensions }),
          );
        }
      };
    },
    onValidate({ setValidationFn }) {
      setValidationFn((schema, document, rules) =>
        // The library adds an error of its own when it stops looking.
        keepOneLimit(validate(schema, document, rules, { maxErrors }).slice(0, maxErrors).map(markAborted)),
      );
    },
  };
}

/** A document can be over several limits: the first that was met is told. */
function keepOneLimit(errors: readonly GraphQLError[]): GraphQLError[] {
  const first = errors.find(isLimit);
  return errors.filter((error) => error === first || !isLimit(error));
}

function isLimit({ originalError }: GraphQLError): boolean {
  return originalError instanceof QueryLimitError || originalError instanceof ValidationAbortedError;
}

/** What is wrong with a document has a place in it; only what the library says of giving up has none. */
function markAborted(error: GraphQLError): GraphQLError {
  if (error.nodes !== undefined) return error;
  const originalError = new ValidationAbortedError();
  return new GraphQLError(originalError.message, { originalError });
}
