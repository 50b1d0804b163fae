import { GraphQLError } from 'graphql';
import type { RequestState } from '../context.ts';
import type { Log } from '../domain/log.ts';
import type { PresentedError } from '../errors/present.ts';
import { readCost } from './cost.ts';

/** One line per answered request, and one per bug that an answer masks. */
export interface RequestLog {
  record(state: RequestState, status: number, errors: readonly PresentedError[]): void;
}

/** @param now the clock of `performance.now()`. */
export function createRequestLog(log: Log, now: () => number): RequestLog {
  return {
    record(state, status, errors) {
      const { requestId, clientRequestId, traceId, clientAddress } = state;
      for (const { masked } of errors)
        if (masked !== undefined) log.error({ requestId, bug: describeBug(masked) }, 'Bug.');
      log.info(
        {
          requestId,
          clientRequestId,
          trace_id: traceId,
          clientAddress,
          operation: state.operationName,
          caller: state.caller?.name,
          status,
          durationMs: Math.round((now() - state.arrivedAt) * 10) / 10,
          codes: countCodes(errors),
          faults: listFaults(errors),
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
  const faults = new Set<string>();
  for (const { cause } of errors)
    if (cause !== undefined && 'fault' in cause && typeof cause.fault === 'string') faults.add(cause.fault);
  return faults.size === 0 ? undefined : [...faults];
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
