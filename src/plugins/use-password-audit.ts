import type { RequestState } from '../context.ts';
import { findErrorCode } from '../domain/error-code.ts';
import type { Log } from '../domain/log.ts';
import { AuditFailedError } from '../errors/access-errors.ts';
import type { AuditSink } from '../output/audit-sink.ts';
import type { PasswordLimits } from './password-limits.ts';
import { type AppPasswordReads, PasswordReads } from './password-reads.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

export interface PasswordAuditOptions {
  readonly sink: AuditSink;
  readonly limits: PasswordLimits;
  readonly now: () => Date;
  readonly log: Log;
  /** Longest time for one request, in milliseconds. */
  readonly requestTimeoutMs: () => number;
}

/**
 * Writes down who has asked for which passwords before the answer leaves. Where that cannot be done the answer does not
 * leave either: the failure takes the place of the whole result.
 */
export function usePasswordAudit(options: PasswordAuditOptions): PipelinePlugin {
  const { sink, limits, now, log, requestTimeoutMs } = options;

  async function write(state: RequestState, caller: PasswordReads['caller'], reads: AppPasswordReads[]) {
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
    onContextBuilding({ context, extendContext }) {
      const { caller } = context;
      if (caller === undefined)
        throw new TypeError('A request has got as far as its context without a caller.');
      extendContext({ audit: new PasswordReads(caller, limits) });
    },
    onExecute({ context }) {
      return {
        onExecuteDone() {
          const { audit, caller } = context;
          if (!(audit instanceof PasswordReads) || audit.caller !== caller)
            throw new TypeError('Another object has taken the place of the audit of this request.');
          const reads = audit.list();
          return reads.length === 0 ? undefined : write(context, caller, reads);
        },
      };
    },
  };
}
