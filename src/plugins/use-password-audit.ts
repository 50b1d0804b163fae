import type { RequestState } from '../context.ts';
import { findErrorCode } from '../domain/error-code.ts';
import type { Log } from '../domain/log.ts';
import { AuditFailedError } from '../errors/access-errors.ts';
import type { AuditSink } from '../output/audit-sink.ts';
import { PasswordReads } from './password-reads.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

export interface PasswordAuditOptions {
  readonly sink: AuditSink;
  readonly now: () => Date;
  readonly log: Log;
  /** Longest time for one request, in milliseconds. */
  readonly requestTimeoutMs: number;
}

/**
 * Writes down who read which passwords before the answer leaves. Where that cannot be done the answer does not leave
 * either: the failure takes the place of the whole result.
 */
export function usePasswordAudit({ sink, now, log, requestTimeoutMs }: PasswordAuditOptions): PipelinePlugin {
  async function write(state: RequestState, reads: ReturnType<PasswordReads['list']>) {
    const { caller, requestId, arrivedAt } = state;
    if (caller === undefined) throw new TypeError('Passwords were read, and nobody has asked for them.');
    const time = now().toISOString();
    try {
      await sink.write(
        reads.map((read) => ({ time, requestId, caller: caller.name, ...read })),
        arrivedAt + requestTimeoutMs,
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
          if (!(audit instanceof PasswordReads))
            throw new TypeError('Another record of passwords has taken the place of the audit.');
          const reads = audit.list();
          return reads.length === 0 ? undefined : write(context, reads);
        },
      };
    },
  };
}
