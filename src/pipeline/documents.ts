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
  /** What is wrong with it, once it was validated. */
  errors: readonly GraphQLError[] | undefined;
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
   * Upper bound for the memory of valid documents, estimated by their tokens, and what is counted beside them. Those that are
   * not valid have a sixteenth of it for themselves, so that they push no other out. What fails to parse is not kept.
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
/** Measured: an error takes up to this beside its message, for its stack and what it holds of the document. */
const BYTES_PER_ERROR = 9000;

export function createDocuments({ schema, limits, maxErrors, maxBytes }: DocumentsOptions): Documents {
  const rules = [...specifiedRules, createLimitsRule(limits)];
  const byText = new LRUCache<string, ParsedDocument>({ maxSize: maxBytes, sizeCalculation: measureBytes });
  /** A client that is not up to date sends the same again and again. */
  const refused = new LRUCache<string, ParsedDocument>({
    maxSize: Math.ceil(maxBytes / 16),
    sizeCalculation: measureBytes,
  });
  const byDocument = new WeakMap<DocumentNode, ParsedDocument>();

  return {
    parse(text, maxTokens) {
      const known = byText.get(text) ?? refused.get(text);
      if (known !== undefined) {
        assertTokens(known.tokens, maxTokens);
        return known;
      }
      try {
        // Before parsing, for the parser's own limit fails with an error that only its text tells from others.
        const tokens = countTokens(text, maxTokens, limits.nesting);
        const document = parse(text);
        return { text, document, tokens, errors: undefined, isIntrospecting: false, bytesElsewhere: 0 };
      } catch (error) {
        throw error instanceof GraphQLError ? markUnreadable(error) : error;
      }
    },

    validate(parsed) {
      if (parsed.errors !== undefined) return parsed.errors;
      const { text, document } = parsed;
      // The library adds an error of its own when it stops looking.
      const found = validate(schema, document, rules, { maxErrors }).slice(0, maxErrors);
      parsed.errors = keepOneLimit(found.map(markRefused));
      if (found.length > 0) {
        refused.set(text, parsed);
        return parsed.errors;
      }
      parsed.isIntrospecting = isIntrospecting(document);
      byText.set(text, parsed);
      byDocument.set(document, parsed);
      return parsed.errors;
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

function measureBytes({ text, tokens, errors = [], bytesElsewhere }: ParsedDocument): number {
  const bytes = BYTES_PER_DOCUMENT + text.length * BYTES_PER_CHARACTER + tokens * BYTES_PER_TOKEN;
  const ofErrors = errors.reduce(
    // A stack begins with the message.
    (sum, { message }) => sum + BYTES_PER_ERROR + message.length * BYTES_PER_CHARACTER,
    0,
  );
  return bytes + ofErrors + bytesElsewhere;
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
