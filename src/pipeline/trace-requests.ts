import type { RequestState } from '../context.ts';
import { type AttemptStep, type RequestEnd, TRACE } from '../domain/trace.ts';
import type { PresentedError } from '../errors/present.ts';
import type { VendorObserver } from '../itnio/events.ts';

/** Tells tracers that an answer is made. */
export function traceEnd(state: RequestState, status: number, errors: readonly PresentedError[]): void {
  if (!TRACE.requestEnd.hasSubscribers) return;
  const end: RequestEnd = {
    requestId: state.requestId,
    status,
    operation: state.operationName,
    caller: state.caller?.name,
    codes: errors.map(({ code }) => code),
  };
  TRACE.requestEnd.publish(end);
}

/** Tells tracers of each attempt at the vendor. */
export function createVendorTrace(epochNow: () => number): VendorObserver {
  return {
    onAttempt({ requestId, endpoint, outcome, durationMs, waitedMs }) {
      if (!TRACE.attempt.hasSubscribers) return;
      const startedAt = epochNow() - durationMs;
      const step: AttemptStep = { requestId, startedAt, durationMs, endpoint, outcome, waitedMs };
      TRACE.attempt.publish(step);
    },
    onChange: () => undefined,
  };
}
