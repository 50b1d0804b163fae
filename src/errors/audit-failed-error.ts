import { GatewayError } from './gateway-error.ts';

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
