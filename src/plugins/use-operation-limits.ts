import { GraphQLError, Lexer, Source, TokenKind, type ValidationRule } from 'graphql';
import { QueryLimitError } from '../errors/request-errors.ts';
import { measureOperation } from './operation-size.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

export interface OperationLimits {
  /** Tokens of a document; bounds the time that parsing and validating take. */
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly directives: number;
}

export const OPERATION_LIMITS: OperationLimits = {
  tokens: 1000,
  depth: 10,
  aliases: 15,
  rootFields: 5,
  directives: 9,
};

/** Refuses documents that are too large, before they are parsed and while they are validated. */
export function useOperationLimits(limits: OperationLimits): PipelinePlugin {
  const rule = createLimitsRule(limits);

  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source, options) => {
        assertTokens(typeof source === 'string' ? source : source.body, limits.tokens);
        return parseFn(source, options);
      });
    },
    onValidate({ addValidationRule }) {
      addValidationRule(rule);
    },
  };
}

/** Counts before parsing, because the parser's own limit fails with an error that only its text tells from others. */
function assertTokens(text: string, limit: number): void {
  const lexer = new Lexer(new Source(text));
  for (let count = 1; lexer.advance().kind !== TokenKind.EOF; count++)
    if (count > limit)
      throw new QueryLimitError('QUERY_TOO_COMPLEX', 'The document has too many tokens', limit);
}

function createLimitsRule(limits: OperationLimits): ValidationRule {
  return (context) => ({
    OperationDefinition(operation) {
      const { depth, aliases, rootFields, directives } = measureOperation(operation, {
        schema: context.getSchema(),
        findFragment: (name) => context.getFragment(name),
      });
      const refuse = (originalError: QueryLimitError) =>
        context.reportError(new GraphQLError(originalError.message, { nodes: operation, originalError }));
      if (depth > limits.depth)
        refuse(
          new QueryLimitError('QUERY_TOO_DEEP', `The operation is nested ${depth} levels deep`, limits.depth),
        );
      if (aliases > limits.aliases)
        refuse(
          new QueryLimitError(
            'QUERY_TOO_MANY_ALIASES',
            `The operation has ${aliases} aliases`,
            limits.aliases,
          ),
        );
      if (rootFields > limits.rootFields)
        refuse(
          new QueryLimitError(
            'QUERY_TOO_MANY_ROOT_FIELDS',
            `The operation has ${rootFields} root fields`,
            limits.rootFields,
          ),
        );
      if (directives > limits.directives)
        refuse(
          new QueryLimitError(
            'QUERY_TOO_COMPLEX',
            `The operation has ${directives} directives`,
            limits.directives,
          ),
        );
    },
  });
}
