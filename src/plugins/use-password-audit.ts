import type { AuditSink } from './audit-sink.ts';
import { PasswordReads } from './password-reads.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/**
 * Writes down who read which passwords before the answer leaves. Where that cannot be done the answer does not leave
 * either: the failure takes the place of the whole result.
 */
export function usePasswordAudit(sink: AuditSink, now: () => Date): PipelinePlugin {
  return {
    onContextBuilding({ extendContext }) {
      extendContext({ audit: new PasswordReads() });
    },
    onExecute({ context }) {
      return {
        onExecuteDone() {
          const { audit, caller, requestId } = context;
          const reads = audit instanceof PasswordReads ? audit.list() : [];
          if (reads.length === 0) return undefined;
          const time = now().toISOString();
          return sink.write(
            reads.map((read) => ({ time, requestId, caller: caller?.name ?? 'anonymous', ...read })),
          );
        },
      };
    },
  };
}
