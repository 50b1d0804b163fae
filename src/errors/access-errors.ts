import { GatewayError } from './gateway-error.ts';

/** No caller, or one that is not known. Thrown before anything is executed; presented as HTTP 401. */
export class UnauthenticatedError extends GatewayError {
  readonly code = 'UNAUTHENTICATED';

  constructor(message = 'This gateway needs a valid bearer token.') {
    super(message);
  }
}

/** The keys by which a token would be verified could never be fetched. Presented as HTTP 503. */
export class IdentityUnavailableError extends GatewayError {
  readonly code = 'IDENTITY_UNAVAILABLE';
  override readonly retryable = true;

  constructor() {
    super('The gateway cannot verify tokens at the moment.');
  }
}

/** A known caller asks for what its scopes do not cover. */
export class ForbiddenError extends GatewayError {
  readonly code = 'FORBIDDEN';

  /** @param scope the scope that is missing; named to the client, so that it can ask its operator for it. */
  constructor(scope: string) {
    super(`This needs the scope "${scope}".`);
  }
}

/** Who read which passwords cannot be written down. Takes the place of the whole answer, in which they stand. */
export class AuditFailedError extends GatewayError {
  readonly code = 'INTERNAL_SERVER_ERROR';
  /** What kept it from being written, for the log, such as `ENOSPC`. */
  readonly fault: string;

  constructor(fault: string) {
    super('The gateway cannot write down who reads passwords, so it gives none away.');
    this.fault = fault;
  }
}
