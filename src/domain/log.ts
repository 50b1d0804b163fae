/** The logger that everything but `output` is handed; one of pino fits. Evidence never holds a secret. */
export interface Log {
  debug(evidence: object, message: string): void;
  info(evidence: object, message: string): void;
  warn(evidence: object, message: string): void;
  error(evidence: object, message: string): void;
}
