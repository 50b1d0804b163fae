import { GatewayError } from './gateway-error.ts';

/** The vendor does not accept this gateway: key, signature, address or clock. Only its operator can mend that. */
export class UpstreamMisconfiguredError extends GatewayError {
  readonly code = 'UPSTREAM_MISCONFIGURED';
  /** What to look at, for the operator's log. */
  readonly fault: string;

  constructor(fault: string) {
    super('The gateway is not set up correctly for the voice API. Its operator has to mend that.');
    this.fault = fault;
  }
}
