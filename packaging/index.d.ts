/** Lines of the log. pino's loggers fit. */
export interface Log {
  debug(evidence: object, message: string): void;
  info(evidence: object, message: string): void;
  warn(evidence: object, message: string): void;
  error(evidence: object, message: string): void;
}

/** Who has asked for which passwords of one app; never a password. */
export interface AuditRecord {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly requestId: string;
  readonly caller: string;
  readonly appId: string;
  /** All that were asked for, in clear. */
  readonly accounts: readonly string[];
  /** Those whose password the answer holds. */
  readonly read: readonly string[];
  readonly failed: readonly string[];
  readonly refused: readonly string[];
}

export interface HandlerOptions {
  /** Defaults to nowhere. */
  readonly log?: Log;
  /**
   * Writes down who has asked for which passwords; an answer with passwords leaves when it has resolved, and fails when it
   * rejects. Required where a vendor account is configured and `PASSWORDS` is not off.
   */
  readonly writeAudit?: (records: readonly AuditRecord[]) => Promise<void>;
}

/** Who sends a request, as far as the server knows that it came to. */
export interface RequestOrigin {
  /** Defaults to `unknown`. */
  readonly clientAddress?: string;
}

/** Answers a request for GraphQL, whatever its path. Never rejects. */
export interface Handler {
  (request: Request, origin?: RequestOrigin): Promise<Response>;
  /** Frees what it holds. Requests in flight are to be waited for before. */
  close(): Promise<void>;
}

/** A configuration that cannot be used. Its message lists every mistake, one a line, and no value of a secret. */
export declare class ConfigError extends Error {
  readonly mistakes: readonly string[];
}

/**
 * Creates the gateway for a server of one's own. Until the first request it starts no timer and opens nothing.
 * @param variables what would be the environment, such as `{ ITNIO_APPS: '4luaKsL2' }`.
 * @throws {ConfigError} listing every mistake.
 */
export declare function createHandler(
  variables: Readonly<Record<string, string | undefined>>,
  options?: HandlerOptions,
): Handler;
