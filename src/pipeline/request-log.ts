import { GraphQLError } from 'graphql';
import type { RequestState } from '../context.ts';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import type { PresentedError } from '../errors/present.ts';
import { readCost } from './cost.ts';
import type { FailedAttempts } from './failed-attempts.ts';
import { createRefusedTokens } from './refused-tokens.ts';
import { findSeverity } from './severity.ts';
import { traceEnd } from './trace-requests.ts';

/** One line per answered request, graded by what happened, and one per bug that an answer masks. */
export interface RequestLog {
  record(state: RequestState, status: number, errors: readonly PresentedError[]): void;
  /** Logs what was gathered and not logged yet. */
  close(): void;
}

export function createRequestLog(
  log: Log,
  clock: Pick<Clock, 'monotonicNow' | 'startTimer'>,
  failedAttempts: Pick<FailedAttempts, 'take'>,
): RequestLog {
  const refusedTokens = createRefusedTokens(log, clock);

  return {
    close: refusedTokens.close,
    record(state, status, errors) {
      const { requestId, clientRequestId, traceId, clientAddress } = state;
      traceEnd(state, status, errors);
      for (const bug of listBugs(errors)) log.error({ requestId, bug }, 'Bug.');
      if (status === 401) refusedTokens.note(clientAddress);
      log[findSeverity(errors)](
        {
          requestId,
          clientRequestId,
          trace_id: traceId,
          clientAddress,
          operation: state.operationName,
          caller: state.caller?.name,
          user: state.caller?.user,
          status,
          durationMs: Math.round((clock.monotonicNow() - state.arrivedAt) * 10) / 10,
          codes: countCodes(errors),
          faults: listFaults(errors),
          failedAttempts: failedAttempts.take(requestId),
          clientGone: state.signal.aborted || undefined,
          phones: state.phones && readCost(state.phones.cost),
        },
        'Request.',
      );
    },
  };
}

/** How often each code occurs, or undefined when nothing failed. */
function countCodes(errors: readonly PresentedError[]): Record<string, number> | undefined {
  if (errors.length === 0) return undefined;
  const counts: Record<string, number> = {};
  for (const { code } of errors) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** The evidence that known failures carry for their operator, each once. */
function listFaults(errors: readonly PresentedError[]): string[] | undefined {
  if (errors.length === 0) return undefined;
  const faults = new Set<string>();
  for (const { cause } of errors)
    if (cause !== undefined && 'fault' in cause && typeof cause.fault === 'string') faults.add(cause.fault);
  return faults.size === 0 ? undefined : [...faults];
}

/** What was masked: bugs of ours, each once, however many fields of the answer it has met. */
function listBugs(errors: readonly PresentedError[]): Iterable<object> {
  if (errors.length === 0) return [];
  const bugs = new Map<string, object>();
  for (const { masked } of errors) {
    if (masked === undefined) continue;
    const bug = describeBug(masked);
    bugs.set(JSON.stringify(bug), bug);
  }
  return bugs.values();
}

/** The message of a parser or a serialiser quotes what it read, which may be a password: there, only the place is told. */
function describeBug(thrown: unknown): object {
  if (!(thrown instanceof Error)) return { name: typeof thrown };
  const quotes = thrown instanceof SyntaxError || thrown instanceof GraphQLError;
  return {
    name: thrown.name,
    ...(quotes ? {} : { message: thrown.message }),
    frames: (thrown.stack ?? '').split('\n').filter((line) => line.startsWith('    at ')),
  };
}
