import { GatewayError } from './gateway-error.ts';

interface UpstreamUnavailableOptions extends ErrorOptions {
  readonly fault?: string;
  readonly retryAfterMs?: number | undefined;
}

/** The vendor could not be reached, broke off, or said that it has a fault of its own. */
export class UpstreamUnavailableError extends GatewayError {
  readonly code = 'UPSTREAM_UNAVAILABLE';
  override readonly retryable = true;
  declare readonly retryAfterMs?: number;
  /** How it failed, for the log, such as `ECONNREFUSED` or `HTTP 503`. */
  readonly fault: string | undefined;

  constructor(options?: UpstreamUnavailableOptions) {
    super('The voice API is not available at the moment.', options);
    this.fault = options?.fault;
    if (options?.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}
