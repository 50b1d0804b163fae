import type { RequestState } from '../context.ts';
import { ANONYMOUS } from '../domain/caller.ts';
import { findErrorCode } from '../domain/error-code.ts';
import type { Log } from '../domain/log.ts';
import { AuditFailedError } from '../errors/access-errors.ts';
import type { AuditSink } from './audit-sink.ts';
import { PasswordReads } from './password-reads.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/**
 * Writes down who read which passwords before the answer leaves. Where that cannot be done the answer does not leave
 * either: the failure takes the place of the whole result.
 */
export function usePasswordAudit(sink: AuditSink, now: () => Date, log: Log): PipelinePlugin {
  async function write({ caller, requestId }: RequestState, reads: ReturnType<PasswordReads['list']>) {
    const time = now().toISOString();
    try {
      await sink.write(
        reads.map((read) => ({ time, requestId, caller: caller?.name ?? ANONYMOUS, ...read })),
      );
    } catch (error) {
      const fault = findErrorCode(error) ?? (error instanceof Error ? error.name : typeof error);
      log.error({ requestId, fault }, 'The audit record cannot be written, so its answer does not leave.');
      throw new AuditFailedError(fault);
    }
  }

  return {
    onContextBuilding({ extendContext }) {
      extendContext({ audit: new PasswordReads() });
    },
    onExecute({ context }) {
      return {
        onExecuteDone() {
          const { audit } = context;
          const reads = audit instanceof PasswordReads ? audit.list() : [];
          return reads.length === 0 ? undefined : write(context, reads);
        },
      };
    },
  };
}
