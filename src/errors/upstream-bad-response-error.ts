import { GatewayError } from './gateway-error.ts';

/** The vendor's answer came whole but cannot be read as what its documentation promises. */
export class UpstreamBadResponseError extends GatewayError {
  readonly code = 'UPSTREAM_BAD_RESPONSE';
  /** What was wrong, for the log: the place in the answer and what was expected there, never what stood there. */
  readonly fault: string;
  /** Whether one more call may read better: true for what a proxy in between answers now and then. Defaults to false. */
  readonly mayPass: boolean;

  constructor(fault: string, options?: { readonly mayPass?: boolean }) {
    super('The voice API gave an answer that cannot be understood.');
    this.fault = fault;
    this.mayPass = options?.mayPass ?? false;
  }
}
