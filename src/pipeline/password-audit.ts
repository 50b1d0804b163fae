import type { RequestState } from '../context.ts';
import type { Caller } from '../domain/caller.ts';
import { findErrorCode } from '../domain/error-code.ts';
import type { Log } from '../domain/log.ts';
import { AuditFailedError } from '../errors/access-errors.ts';
import type { AuditSink } from '../output/audit-sink.ts';
import type { PasswordLimits } from './password-limits.ts';
import { type AppPasswordReads, PasswordReads } from './password-reads.ts';

export interface PasswordAuditOptions {
  readonly sink: AuditSink;
  readonly limits: PasswordLimits;
  readonly now: () => Date;
  readonly log: Log;
  /** Longest time for one request, in milliseconds. */
  readonly requestTimeoutMs: () => number;
}

/**
 * Records who has asked for which passwords before the answer is sent. If that fails, the failure is sent in the place of
 * the whole answer.
 */
export interface PasswordAuditor {
  /** Notes what one request reads. */
  begin(caller: Caller): PasswordReads;
  /** Undefined where nothing was asked for. @throws {AuditFailedError} as a rejection. */
  write(state: RequestState, reads: PasswordReads): Promise<void> | undefined;
}

export function createPasswordAuditor(options: PasswordAuditOptions): PasswordAuditor {
  const { sink, limits, now, log, requestTimeoutMs } = options;

  async function write(state: RequestState, caller: Caller, reads: readonly AppPasswordReads[]) {
    const { requestId, clientRequestId, traceId, clientAddress, arrivedAt } = state;
    const about = {
      time: now().toISOString(),
      requestId,
      clientRequestId,
      trace_id: traceId,
      clientAddress,
      caller: caller.name,
      token: caller.tokenLabel,
      user: caller.user,
    };
    try {
      await sink.write(
        reads.map((read) => ({ ...about, ...read })),
        arrivedAt + requestTimeoutMs(),
      );
    } catch (error) {
      const fault = findErrorCode(error) ?? (error instanceof Error ? error.name : typeof error);
      log.error({ requestId, fault }, 'The audit record cannot be written, so its answer does not leave.');
      throw new AuditFailedError(fault);
    }
    for (const { appId, read } of reads) limits.noteReads(caller, appId, read);
  }

  return {
    begin: (caller) => new PasswordReads(caller, limits),
    write(state, reads) {
      const list = reads.list();
      return list.length === 0 ? undefined : write(state, reads.caller, list);
    },
  };
}
