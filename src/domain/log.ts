/** The little of a logger that the inner rooms need. pino's loggers fit. Evidence never holds a secret. */
export interface Log {
  debug(evidence: object, message: string): void;
  info(evidence: object, message: string): void;
  warn(evidence: object, message: string): void;
  error(evidence: object, message: string): void;
}
