import type { ErrorCode } from '../errors/gateway-error.ts';
import type { PresentedError } from '../errors/present.ts';

const SEVERITIES = ['info', 'warn', 'error'] as const;

/** How much an operator should care: not at all, when there is much of it, or now. */
export type Severity = (typeof SEVERITIES)[number];

/** Info: the client is at fault. Warn: the vendor is, and it may pass. Error: only the operator can fix it. */
const SEVERITY: Readonly<Record<ErrorCode, Severity>> = {
  GRAPHQL_PARSE_FAILED: 'info',
  GRAPHQL_VALIDATION_FAILED: 'info',
  BAD_REQUEST: 'info',
  OPERATION_RESOLUTION_FAILURE: 'info',
  REQUEST_ENTITY_TOO_LARGE: 'info',
  CSRF_PREVENTED: 'info',
  QUERY_TOO_DEEP: 'info',
  QUERY_TOO_COMPLEX: 'info',
  QUERY_TOO_MANY_ALIASES: 'info',
  QUERY_TOO_MANY_ROOT_FIELDS: 'info',
  QUERY_TOO_MANY_ENTITIES: 'info',
  QUERY_NOT_IN_SAFELIST: 'info',
  PERSISTED_QUERY_NOT_IN_LIST: 'info',
  PERSISTED_QUERY_NOT_FOUND: 'info',
  PERSISTED_QUERY_NOT_SUPPORTED: 'info',
  BAD_USER_INPUT: 'info',
  INVALID_CURSOR: 'info',
  FOREIGN_CURSOR: 'info',
  CURSOR_EXPIRED: 'info',
  UNAUTHENTICATED: 'info',
  FORBIDDEN: 'info',
  RATE_LIMITED: 'info',
  CLIENT_GONE: 'info',
  OVERLOADED: 'warn',
  IDENTITY_UNAVAILABLE: 'warn',
  DEADLINE_EXCEEDED: 'warn',
  UPSTREAM_TIMEOUT: 'warn',
  UPSTREAM_UNAVAILABLE: 'warn',
  UPSTREAM_CIRCUIT_OPEN: 'warn',
  UPSTREAM_RATE_LIMITED: 'warn',
  UPSTREAM_BAD_RESPONSE: 'warn',
  UPSTREAM_REJECTED: 'warn',
  UPSTREAM_INCONSISTENT: 'warn',
  UPSTREAM_MISCONFIGURED: 'error',
  INTERNAL_SERVER_ERROR: 'error',
};

/** All codes that a client may meet. */
export const ERROR_CODES: readonly string[] = Object.keys(SEVERITY);

/** The severity of the worst of what went wrong; info when nothing did. */
export function findSeverity(errors: readonly Pick<PresentedError, 'code'>[]): Severity {
  let worst = 0;
  for (const { code } of errors) worst = Math.max(worst, SEVERITIES.indexOf(SEVERITY[code]));
  return SEVERITIES[worst] ?? 'error';
}
