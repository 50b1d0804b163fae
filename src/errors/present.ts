import { GraphQLError } from 'graphql';
import { type ErrorCode, GatewayError } from './gateway-error.ts';
import { BadRequestError } from './request-errors.ts';
import { hideSchema, shortenQuotes } from './schema-free.ts';

/** An error as JSON has it: what is undefined is left out. */
export interface ErrorEntry {
  readonly message: string;
  readonly locations: GraphQLError['locations'];
  readonly path: GraphQLError['path'];
  readonly extensions: {
    readonly code: ErrorCode;
    readonly retryable: boolean;
    readonly requestId: string;
    readonly retryAfterMs: number | undefined;
    readonly argument: string | undefined;
  };
}

/** What a client may see of an error, and what its operator has to. */
export interface PresentedError {
  readonly error: ErrorEntry;
  readonly code: ErrorCode;
  /**
   * HTTP status of an answer that has no `data`, or 'request' for what the specification calls a request error:
   * 200 in `application/json`, 400 in `application/graphql-response+json`.
   * @see https://graphql.github.io/graphql-over-http/draft/#sec-Status-Codes
   */
  readonly status: number | 'request';
  /** What was masked: a bug of ours, to be logged once. */
  readonly masked: unknown;
  /** A known failure with evidence for the log. */
  readonly cause: GatewayError | undefined;
}

const STATUS: Readonly<Partial<Record<ErrorCode, number | 'request'>>> = {
  GRAPHQL_PARSE_FAILED: 'request',
  GRAPHQL_VALIDATION_FAILED: 'request',
  BAD_USER_INPUT: 'request',
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  CSRF_PREVENTED: 403,
  REQUEST_ENTITY_TOO_LARGE: 413,
  RATE_LIMITED: 429,
  OVERLOADED: 503,
  IDENTITY_UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
  DEADLINE_EXCEEDED: 504,
};

/**
 * Turns anything that was thrown into what a client may see; whatever is not known is masked.
 * @param hidesSchema whether the client is one that does not see the schema.
 */
export function presentError(thrown: unknown, requestId: string, hidesSchema = false): PresentedError {
  const located = thrown instanceof GraphQLError ? thrown : undefined;
  const origin = findOrigin(thrown);
  if (origin instanceof GatewayError) {
    const { code, message } = origin;
    const status = origin instanceof BadRequestError ? origin.status : (STATUS[code] ?? 400);
    return {
      code,
      status,
      error: createEntry(located, message, code, requestId, origin),
      masked: undefined,
      cause: origin,
    };
  }
  const code = origin instanceof GraphQLError ? findGraphQLCode(origin) : undefined;
  if (origin instanceof GraphQLError && code !== undefined) {
    const status = STATUS[code] ?? findHttpStatus(origin) ?? 400;
    const message = shortenQuotes(hidesSchema ? hideSchema(origin.message) : origin.message);
    return {
      code,
      status,
      error: createEntry(located, message, code, requestId),
      masked: undefined,
      cause: undefined,
    };
  }
  const masking = 'INTERNAL_SERVER_ERROR';
  return {
    code: masking,
    status: 500,
    error: createEntry(located, 'The gateway failed to answer this.', masking, requestId),
    masked: origin,
    cause: undefined,
  };
}

/** The error at the bottom of what was wrapped around it to say where it was thrown. */
function findOrigin(thrown: unknown): unknown {
  let origin = thrown;
  while (origin instanceof GraphQLError && origin.originalError !== undefined) {
    // What wraps without a path is about a variable: it tells which one, what it wraps does not.
    if (origin.path === undefined && origin.originalError instanceof GraphQLError) break;
    origin = origin.originalError;
  }
  return origin;
}

/**
 * The code of an error that the GraphQL libraries raised about a request. An error without nodes is none of those:
 * it comes from the serialisation of a value, which its message quotes.
 */
function findGraphQLCode(error: GraphQLError): ErrorCode | undefined {
  const { code } = error.extensions;
  switch (code) {
    case 'GRAPHQL_PARSE_FAILED':
    case 'GRAPHQL_VALIDATION_FAILED':
    case 'OPERATION_RESOLUTION_FAILURE':
    case 'BAD_REQUEST':
    case 'REQUEST_ENTITY_TOO_LARGE':
      return code;
    case undefined:
      return error.nodes === undefined ? undefined : 'BAD_USER_INPUT';
    default:
      return undefined;
  }
}

function findHttpStatus(error: GraphQLError): number | undefined {
  const { http } = error.extensions;
  if (typeof http !== 'object' || http === null || !('status' in http)) return undefined;
  return typeof http.status === 'number' ? http.status : undefined;
}

/** Every field stands in every entry: an object that is spread has a layout of its own, which outlives its request (decision 081). */
function createEntry(
  located: GraphQLError | undefined,
  message: string,
  code: ErrorCode,
  requestId: string,
  evidence?: GatewayError,
): ErrorEntry {
  return {
    message,
    locations: located?.locations,
    path: located?.path,
    extensions: {
      code,
      retryable: evidence?.retryable ?? false,
      requestId,
      retryAfterMs: evidence?.retryAfterMs,
      argument: evidence?.argument,
    },
  };
}
