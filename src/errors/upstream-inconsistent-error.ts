import { GatewayError } from './gateway-error.ts';

/** Answers that contradict what was asked, or each other, so that no list can be proved from them. */
export class UpstreamInconsistentError extends GatewayError {
  readonly code = 'UPSTREAM_INCONSISTENT';
  /** True where pages did not fit together, which another try mends; false where one answer breaks the contract. */
  override readonly retryable: boolean;
  /** What contradicts what, for the log. */
  readonly fault: string;

  constructor(fault: string, options: { readonly retryable: boolean }) {
    super('The voice API gave answers that do not fit together.');
    this.fault = fault;
    this.retryable = options.retryable;
  }
}
