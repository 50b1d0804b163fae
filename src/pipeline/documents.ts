import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { QueryLimitError, ValidationAbortedError } from '../errors/request-errors.ts';
import { assertTokens, countTokens, createLimitsRule, type OperationLimits } from './operation-limits.ts';

/** Parses and validates each document once, and keeps those that are asked for again. */
export interface Documents {
  /**
   * @param maxTokens of the caller: another's longer document may be kept.
   * @throws {QueryLimitError} before it is parsed.
   * @throws {GraphQLError} with the code GRAPHQL_PARSE_FAILED.
   */
  parse(text: string, maxTokens: number): ParsedDocument;
  /** What is wrong with a document: an empty list where nothing is. */
  validate(parsed: ParsedDocument): readonly GraphQLError[];
  /** Says how many bytes are kept elsewhere for a document, in all. Harmless for one that is not kept. */
  countBytes(document: DocumentNode, bytes: number): void;
}

/** What is known of a document. */
export interface ParsedDocument {
  readonly text: string;
  readonly document: DocumentNode;
  readonly tokens: number;
  isValid: boolean;
  /** Whether it asks for the schema, once it has proved valid. */
  isIntrospecting: boolean;
  /** Memory that is kept elsewhere for it. */
  bytesElsewhere: number;
}

export interface DocumentsOptions {
  readonly schema: GraphQLSchema;
  readonly limits: OperationLimits;
  /** Errors of one document that are told. */
  readonly maxErrors: number;
  /**
   * Upper bound for the memory of what is kept: documents, estimated by their tokens, and what is counted beside them. What
   * fails to parse or is not valid is not kept: its errors take up to 60 KB each, whatever the length of the text.
   */
  readonly maxBytes: number;
}

/**
 * Memory of a parsed document, measured for eleven kinds of text: 250 to 470 bytes a token, up to 4 a character where the
 * text is long strings, and 2 KB for its place.
 */
const BYTES_PER_TOKEN = 500;
const BYTES_PER_CHARACTER = 4;
const BYTES_PER_DOCUMENT = 2000;

const NO_ERRORS: readonly GraphQLError[] = [];

export function createDocuments({ schema, limits, maxErrors, maxBytes }: DocumentsOptions): Documents {
  const rules = [...specifiedRules, createLimitsRule(limits)];
  const byText = new LRUCache<string, ParsedDocument>({ maxSize: maxBytes, sizeCalculation: measureBytes });
  const byDocument = new WeakMap<DocumentNode, ParsedDocument>();

  return {
    parse(text, maxTokens) {
      const known = byText.get(text);
      if (known !== undefined) {
        assertTokens(known.tokens, maxTokens);
        return known;
      }
      try {
        // Before parsing, for the parser's own limit fails with an error that only its text tells from others.
        const tokens = countTokens(text, maxTokens, limits.nesting);
        const document = parse(text);
        return { text, document, tokens, isValid: false, isIntrospecting: false, bytesElsewhere: 0 };
      } catch (error) {
        throw error instanceof GraphQLError ? markUnreadable(error) : error;
      }
    },

    validate(parsed) {
      if (parsed.isValid) return NO_ERRORS;
      const { text, document } = parsed;
      // The library adds an error of its own when it stops looking.
      const found = validate(schema, document, rules, { maxErrors }).slice(0, maxErrors);
      if (found.length > 0) return keepOneLimit(found.map(markRefused));
      parsed.isValid = true;
      parsed.isIntrospecting = isIntrospecting(document);
      byText.set(text, parsed);
      byDocument.set(document, parsed);
      return NO_ERRORS;
    },

    countBytes(document, bytes) {
      const known = byDocument.get(document);
      if (known === undefined || byText.peek(known.text) !== known) return;
      // The cache measures no value that it has measured already.
      byText.delete(known.text);
      known.bytesElsewhere = bytes;
      byText.set(known.text, known);
    },
  };
}

function measureBytes({ text, tokens, bytesElsewhere }: ParsedDocument): number {
  return BYTES_PER_DOCUMENT + text.length * BYTES_PER_CHARACTER + tokens * BYTES_PER_TOKEN + bytesElsewhere;
}

function markUnreadable(error: GraphQLError): GraphQLError {
  error.extensions['code'] = 'GRAPHQL_PARSE_FAILED';
  return error;
}

/** A document can be over several limits: the first that was met is told. */
function keepOneLimit(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  const first = errors.find(isLimit);
  return errors.filter((error) => error === first || !isLimit(error));
}

function isLimit({ originalError }: GraphQLError): boolean {
  return originalError instanceof QueryLimitError || originalError instanceof ValidationAbortedError;
}

function markRefused(error: GraphQLError): GraphQLError {
  // What is wrong with a document has a place in it; only what the library says of giving up has none.
  if (error.nodes !== undefined) {
    error.extensions['code'] = 'GRAPHQL_VALIDATION_FAILED';
    return error;
  }
  const originalError = new ValidationAbortedError();
  return new GraphQLError(originalError.message, { originalError });
}

function isIntrospecting(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field({ name }) {
      if (name.value === '__schema' || name.value === '__type' || name.value === '_service') found = true;
    },
  });
  return found;
}
