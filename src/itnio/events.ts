import type { Log } from '../domain/log.ts';

/** One request that was sent to the vendor, and how it went. */
export interface AttemptReport {
  readonly endpoint: string;
  /** What the log may show of the query. */
  readonly query: object;
  /** `OK`, an error code, `TIMESTAMP_EXPIRED`, `ABORTED` when nobody waited any more, `FAILED` for a bug. */
  readonly outcome: string;
  readonly durationMs: number;
  /** What it waited for a free place or for the vendor's rate limit before it was sent. */
  readonly waitedMs: number;
  /** The request that started the call. */
  readonly requestId: string;
}

/** A change of state. Each is reported once when it happens, not for each call that meets it. */
export type VendorChange =
  /** The vendor refuses this gateway's key or address. */
  | { readonly kind: 'refused'; readonly fault: string }
  /** Calls do not get through, one after the other. */
  | { readonly kind: 'unreachable'; readonly fault: string }
  /** The vendor answers as it should, after one of the two above. */
  | { readonly kind: 'answering' }
  /** @see createBreaker */
  | { readonly kind: 'breaker-opened'; readonly cause: string; readonly appId: string | undefined }
  | { readonly kind: 'breaker-closed'; readonly appId: string | undefined }
  /** Calls are signed with a clock that is so far ahead of ours. 0: the clocks agree again. */
  | { readonly kind: 'clock-corrected'; readonly offsetMs: number }
  /** The vendor has asked to be left alone for so long. */
  | { readonly kind: 'cool-down'; readonly retryAfterMs: number };

/** Whoever wants to know: the log, metrics, cost. */
export interface VendorObserver {
  onAttempt(report: AttemptReport): void;
  onChange(change: VendorChange): void;
}

/** Tells each of them, in order. */
export function combineObservers(observers: readonly VendorObserver[]): VendorObserver {
  return {
    onAttempt(report) {
      for (const observer of observers) observer.onAttempt(report);
    },
    onChange(change) {
      for (const observer of observers) observer.onChange(change);
    },
  };
}

/** Tells the log. */
export function createVendorLog(log: Log): VendorObserver {
  return {
    onAttempt: ({ endpoint, query, outcome, durationMs, waitedMs, requestId }) =>
      log.debug(
        {
          endpoint,
          ...query,
          outcome,
          durationMs: Math.round(durationMs),
          waitedMs: Math.round(waitedMs),
          requestId,
        },
        'Vendor call.',
      ),
    onChange(change) {
      const { kind, ...evidence } = change;
      log[gradeChange(kind)](evidence, describeChange(change));
    },
  };
}

/** A refusal is for the operator to fix; the rest may pass. */
function gradeChange(kind: VendorChange['kind']): 'info' | 'warn' | 'error' {
  if (kind === 'refused') return 'error';
  return kind === 'answering' || kind === 'breaker-closed' ? 'info' : 'warn';
}

function describeChange(change: VendorChange): string {
  switch (change.kind) {
    case 'refused':
      return 'The vendor refuses this gateway.';
    case 'unreachable':
      return 'The vendor cannot be reached.';
    case 'answering':
      return 'The vendor answers again.';
    case 'breaker-opened':
      return 'The vendor is left alone for a moment; clients get UPSTREAM_CIRCUIT_OPEN.';
    case 'breaker-closed':
      return 'The vendor is called again.';
    case 'clock-corrected':
      return change.offsetMs === 0
        ? 'The clocks of gateway and vendor agree again.'
        : "The gateway's clock is off; calls are signed with the vendor's.";
    case 'cool-down':
      return 'The vendor limits how often it is called; calls wait.';
  }
}
