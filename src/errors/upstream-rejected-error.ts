import { GatewayError } from './gateway-error.ts';

/** The vendor refused parameters that the gateway had checked (its status -22), or a business rule of its own. */
export class UpstreamRejectedError extends GatewayError {
  readonly code = 'UPSTREAM_REJECTED';
  /** Which rule, for the log. */
  readonly fault: string | undefined;

  constructor(options?: ErrorOptions & { readonly fault?: string }) {
    super('The voice API refused the request.', options);
    this.fault = options?.fault;
  }
}
