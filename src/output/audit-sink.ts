import type { LineWriter } from './line-writer.ts';

/** Who has asked for which passwords of one app; never a password. */
export interface AuditRecord {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** The gateway's own. */
  readonly requestId: string;
  /** The client's, or that of a proxy in front. */
  readonly clientRequestId: string | undefined;
  readonly trace_id: string | undefined;
  readonly clientAddress: string;
  readonly caller: string;
  /** The label of its token. */
  readonly token: string | undefined;
  /** For whom a router has asked. */
  readonly user?: string | undefined;
  readonly appId: string;
  /** All that were asked for, in clear: they say which phones to reset after an incident. */
  readonly accounts: readonly string[];
  /** Those whose password the answer holds. */
  readonly read: readonly string[];
  /** Those whose password could not be read. */
  readonly failed: readonly string[];
  /** Those whose password the caller may not read, or not so soon. */
  readonly refused: readonly string[];
}

/** Where the records go. */
export interface AuditSink {
  /**
   * Resolves once the records are written; rejects when they cannot be, or are not at the deadline.
   * @param deadlineAt on the clock of `performance.now()`.
   */
  write(records: readonly AuditRecord[], deadlineAt: number): Promise<void>;
}

export interface AuditSinkOptions {
  readonly writer: Pick<LineWriter, 'write'>;
  readonly randomId: () => string;
}

/**
 * Writes each record as a line marked `audit`, with an id of its own. Records are numbered from 1 for each start of the
 * process, whose id is `boot`: where a number is missing, so is a record.
 */
export function createAuditSink({ writer, randomId }: AuditSinkOptions): AuditSink {
  const boot = randomId();
  let sequence = 0;
  return {
    async write(records, deadlineAt) {
      const lines = records.map((record) => {
        sequence++;
        return `${JSON.stringify({ audit: true, id: randomId(), boot, sequence, ...record })}\n`;
      });
      await writer.write(lines.join(''), deadlineAt);
    },
  };
}
