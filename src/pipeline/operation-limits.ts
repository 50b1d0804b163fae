import {
  GraphQLError,
  Lexer,
  type OperationDefinitionNode,
  Source,
  TokenKind,
  type ValidationRule,
} from 'graphql';
import { QueryLimitError } from '../errors/request-errors.ts';
import type { FoldTerms } from './fold-selections.ts';
import { measureOperation } from './operation-size.ts';

export interface OperationLimits {
  /** Tokens of a document; bounds the time that parsing and validating take. */
  readonly tokens: number;
  /** The same for a caller who is trusted: routers and code generators write longer documents than people. */
  readonly trustedTokens: number;
  /** Brackets inside brackets of a document: the parser recurses for each. */
  readonly nesting: number;
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly directives: number;
}

export const OPERATION_LIMITS: OperationLimits = {
  tokens: 1000,
  trustedTokens: 10_000,
  // The standard introspection query has 15.
  nesting: 100,
  depth: 10,
  aliases: 15,
  rootFields: 5,
  directives: 9,
};

/**
 * Counts before parsing, because the parser's own limit fails with an error that only its text tells from others.
 * @throws {QueryLimitError} at the first token, or the first bracket inside brackets, too many.
 */
export function countTokens(text: string, limit: number, maxNesting: number): number {
  const lexer = new Lexer(new Source(text));
  let count = 0;
  let nesting = 0;
  for (let { kind } = lexer.advance(); kind !== TokenKind.EOF; { kind } = lexer.advance()) {
    assertTokens(++count, limit);
    if (OPENING.has(kind)) nesting++;
    else if (CLOSING.has(kind)) nesting--;
    if (nesting > maxNesting)
      throw new QueryLimitError(
        'QUERY_TOO_DEEP',
        'The document has too many brackets inside brackets',
        maxNesting,
      );
  }
  return count;
}

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** @throws {QueryLimitError} */
export function assertTokens(count: number, limit: number): void {
  if (count > limit)
    throw new QueryLimitError('QUERY_TOO_COMPLEX', 'The document has too many tokens', limit);
}

/** Reports the first limit that a document exceeds, and no other. */
export function createLimitsRule(limits: OperationLimits): ValidationRule {
  return (context) => {
    const terms: FoldTerms = {
      schema: context.getSchema(),
      findFragment: (name) => context.getFragment(name),
    };
    let isReported = false;
    return {
      OperationDefinition(operation) {
        const originalError = isReported ? undefined : findExcess(operation, terms, limits);
        if (originalError === undefined) return;
        isReported = true;
        context.reportError(new GraphQLError(originalError.message, { nodes: operation, originalError }));
      },
    };
  };
}

function findExcess(
  operation: OperationDefinitionNode,
  terms: FoldTerms,
  limits: OperationLimits,
): QueryLimitError | undefined {
  const { depth, aliases, rootFields, directives } = measureOperation(operation, terms);
  if (depth > limits.depth)
    return new QueryLimitError(
      'QUERY_TOO_DEEP',
      `The operation is nested ${depth} levels deep`,
      limits.depth,
    );
  if (aliases > limits.aliases)
    return new QueryLimitError(
      'QUERY_TOO_MANY_ALIASES',
      `The operation has ${aliases} aliases`,
      limits.aliases,
    );
  if (rootFields > limits.rootFields)
    return new QueryLimitError(
      'QUERY_TOO_MANY_ROOT_FIELDS',
      `The operation has ${rootFields} root fields`,
      limits.rootFields,
    );
  if (directives > limits.directives)
    return new QueryLimitError(
      'QUERY_TOO_COMPLEX',
      `The operation has ${directives} directives`,
      limits.directives,
    );
  return undefined;
}
