/** Every code a client may meet in `errors[].extensions.code`, and the one for a client that meets nothing any more. */
export type ErrorCode =
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'BAD_REQUEST'
  | 'OPERATION_RESOLUTION_FAILURE'
  | 'REQUEST_ENTITY_TOO_LARGE'
  | 'CSRF_PREVENTED'
  | 'QUERY_TOO_DEEP'
  | 'QUERY_TOO_COMPLEX'
  | 'QUERY_TOO_MANY_ALIASES'
  | 'QUERY_TOO_MANY_ROOT_FIELDS'
  | 'QUERY_TOO_MANY_ENTITIES'
  | 'QUERY_NOT_IN_SAFELIST'
  | 'PERSISTED_QUERY_NOT_IN_LIST'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  | 'BAD_USER_INPUT'
  | 'INVALID_CURSOR'
  | 'FOREIGN_CURSOR'
  | 'CURSOR_EXPIRED'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'IDENTITY_UNAVAILABLE'
  | 'RATE_LIMITED'
  | 'OVERLOADED'
  | 'DEADLINE_EXCEEDED'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_CIRCUIT_OPEN'
  | 'UPSTREAM_RATE_LIMITED'
  | 'UPSTREAM_BAD_RESPONSE'
  | 'UPSTREAM_MISCONFIGURED'
  | 'UPSTREAM_REJECTED'
  | 'UPSTREAM_INCONSISTENT'
  | 'INTERNAL_SERVER_ERROR'
  | 'CLIENT_GONE';

/**
 * Something that can go wrong by no fault of ours. `message`, `code`, `retryable`, `retryAfterMs` and `argument` are
 * written for clients and hold no secret; any further field of a subclass is evidence for the log alone.
 */
export abstract class GatewayError extends Error {
  abstract readonly code: ErrorCode;
  /** Whether the same request may succeed when it is sent again. */
  readonly retryable: boolean = false;
  /** Earliest sensible moment to try again, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** The argument at fault, where one is. */
  readonly argument?: string;

  override get name(): string {
    return this.constructor.name;
  }
}
