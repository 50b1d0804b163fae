import { GatewayError } from './gateway-error.ts';

/** The vendor's answer came whole but cannot be read as what its documentation promises. */
export class UpstreamBadResponseError extends GatewayError {
  readonly code = 'UPSTREAM_BAD_RESPONSE';
  /** What was wrong, for the log: the place in the answer and what was expected there, never what stood there. */
  readonly fault: string;

  constructor(fault: string) {
    super('The voice API gave an answer that cannot be understood.');
    this.fault = fault;
  }
}
