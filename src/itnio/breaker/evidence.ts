import { DeadlineExceededError } from '../../errors/request-errors.ts';
import {
  UpstreamBadResponseError,
  UpstreamMisconfiguredError,
  UpstreamRejectedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../../errors/upstream-errors.ts';
import { MIN_ATTEMPT_MS } from '../call.ts';
import type { VendorObserver } from '../events.ts';

/** What an attempt tells of the vendor. */
export type Evidence =
  /** It answered as documented, even if it refused the parameters. */
  | 'success'
  /** No answer came, or not all of it, or not in time. */
  | 'no-connection'
  /** The answer itself was a failure: 5xx, -18, a body that cannot be read. */
  | 'bad-answer'
  /** It refuses this gateway's key, account or address. */
  | 'refusal'
  /** Nothing: the client has left, the vendor asks for a pause, or this gateway is at fault. */
  | 'none';

/** @param durationMs how long the attempt took. */
export function readEvidence(error: unknown, durationMs: number): Evidence {
  if (error instanceof UpstreamTimeoutError) return 'no-connection';
  if (error instanceof UpstreamUnavailableError) return error.hasAnswered ? 'bad-answer' : 'no-connection';
  if (error instanceof UpstreamBadResponseError) return 'bad-answer';
  if (error instanceof UpstreamRejectedError) return 'success';
  if (error instanceof UpstreamMisconfiguredError) return error.isRefusal ? 'refusal' : 'none';
  // A deadline shorter than an attempt may take must not hide that nobody answers.
  if (error instanceof DeadlineExceededError && durationMs >= MIN_ATTEMPT_MS) return 'no-connection';
  return 'none';
}

/** Attempts without a connection, one after the other, that make the vendor unreachable. */
const UNREACHABLE_AFTER = 3;

/** Reports when the vendor stops answering or refuses the gateway, and when it answers again. */
export function createHealth(
  observer: Pick<VendorObserver, 'onChange'>,
): (evidence: Evidence, error?: unknown) => void {
  let state: 'answering' | 'unreachable' | 'refused' = 'answering';
  let failuresInARow = 0;
  return function note(evidence, error) {
    if (evidence === 'none') return;
    failuresInARow = evidence === 'no-connection' ? failuresInARow + 1 : 0;
    if (evidence === 'success' && state !== 'answering') {
      state = 'answering';
      observer.onChange({ kind: 'answering' });
    } else if (evidence === 'refusal' && state !== 'refused') {
      state = 'refused';
      observer.onChange({ kind: 'refused', fault: describe(error) });
    } else if (failuresInARow >= UNREACHABLE_AFTER && state !== 'unreachable') {
      state = 'unreachable';
      observer.onChange({ kind: 'unreachable', fault: describe(error) });
    }
  };
}

function describe(error: unknown): string {
  if (error instanceof UpstreamMisconfiguredError) return error.fault;
  if (error instanceof UpstreamUnavailableError && error.fault !== undefined) return error.fault;
  return 'no answer in time';
}
