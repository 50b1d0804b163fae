import { GatewayError } from './gateway-error.ts';

interface UpstreamUnavailableOptions extends ErrorOptions {
  readonly fault?: string;
  readonly hasAnswered?: boolean;
  readonly retryAfterMs?: number | undefined;
}

/** The vendor could not be reached, broke off, or said that it has a fault of its own. */
export class UpstreamUnavailableError extends GatewayError {
  readonly code = 'UPSTREAM_UNAVAILABLE';
  override readonly retryable = true;
  declare readonly retryAfterMs?: number;
  /** How it failed, for the log, such as `ECONNREFUSED` or `HTTP 503`. */
  readonly fault: string | undefined;
  /** Whether an answer came, and says so. False when the connection failed. Defaults to false. */
  readonly hasAnswered: boolean;

  constructor(options?: UpstreamUnavailableOptions) {
    super('The voice API is not available at the moment.', options);
    this.fault = options?.fault;
    this.hasAnswered = options?.hasAnswered ?? false;
    if (options?.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

/** The vendor did not finish its answer in time. */
export class UpstreamTimeoutError extends GatewayError {
  readonly code = 'UPSTREAM_TIMEOUT';
  override readonly retryable = true;

  constructor(options?: ErrorOptions) {
    super('The voice API did not answer in time.', options);
  }
}

/** The vendor answers 429, or its status -15 "frequent query". */
export class UpstreamRateLimitedError extends GatewayError {
  readonly code = 'UPSTREAM_RATE_LIMITED';
  override readonly retryable = true;
  override readonly retryAfterMs: number;
  /** False where the vendor named no time, so that `retryAfterMs` is a guess and no reason to ask again. Defaults to true. */
  readonly isWaitKnown: boolean;

  constructor(retryAfterMs: number, options?: { readonly isWaitKnown?: boolean }) {
    super('The voice API limits how often it may be asked.');
    this.retryAfterMs = retryAfterMs;
    this.isWaitKnown = options?.isWaitKnown ?? true;
  }
}

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

/** Answers that contradict what was asked, or each other, so that no list can be proved from them. */
export class UpstreamInconsistentError extends GatewayError {
  readonly code = 'UPSTREAM_INCONSISTENT';
  /** True where pages did not fit together, which another try may repair; false where one answer breaks the contract. */
  override readonly retryable: boolean;
  declare readonly retryAfterMs?: number;
  /** What contradicts what, for the log. */
  readonly fault: string;
  /** Whether it is the list's order that does not hold, so that another order helps. */
  readonly isDisordered: boolean;

  constructor(
    fault: string,
    options: {
      readonly retryable: boolean;
      readonly retryAfterMs?: number | undefined;
      /** Defaults to false. */
      readonly isDisordered?: boolean;
    },
  ) {
    super(
      options.isDisordered
        ? 'The voice API lists these phones in no stable order, so they cannot be paged in it. Ask for them with "orderBy".'
        : 'The voice API gave answers that do not fit together.',
    );
    this.fault = fault;
    this.retryable = options.retryable;
    this.isDisordered = options.isDisordered ?? false;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }

  /** The same, for whoever asks before it may have passed. @param retryAfterMs until then, where another try can help. */
  retryIn(retryAfterMs: number): UpstreamInconsistentError {
    const { fault, retryable, isDisordered } = this;
    return new UpstreamInconsistentError(fault, {
      retryable,
      isDisordered,
      retryAfterMs: retryable ? retryAfterMs : undefined,
    });
  }
}

/** The vendor does not accept this gateway: key, signature, address or clock. Only its operator can fix that. */
export class UpstreamMisconfiguredError extends GatewayError {
  readonly code = 'UPSTREAM_MISCONFIGURED';
  /** What to look at, for the operator's log. */
  readonly fault: string;
  /** Whether the vendor has refused the gateway itself, whatever it asks: its key, its account or its address. Defaults to false. */
  readonly isRefusal: boolean;

  constructor(fault: string, options?: { readonly isRefusal?: boolean }) {
    super('The gateway is not set up correctly for the voice API. Its operator has to fix that.');
    this.fault = fault;
    this.isRefusal = options?.isRefusal ?? false;
  }
}

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

/** The vendor has failed so often of late that it is not asked for a moment. Costs no call. */
export class UpstreamCircuitOpenError extends GatewayError {
  readonly code = 'UPSTREAM_CIRCUIT_OPEN';
  override readonly retryable = true;
  override readonly retryAfterMs: number;

  /** @param retryAfterMs until the gateway asks the vendor again by itself. */
  constructor(retryAfterMs: number) {
    super('The voice API has failed repeatedly, so it is not asked for a moment.');
    this.retryAfterMs = retryAfterMs;
  }
}
