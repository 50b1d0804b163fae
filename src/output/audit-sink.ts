import type { LineWriter } from './line-writer.ts';

/** Who read which passwords; never a password. */
export interface AuditRecord {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly requestId: string;
  readonly caller: string;
  readonly appId: string;
  /** In clear: they say which phones to reset after an incident. */
  readonly accounts: readonly string[];
}

/** Where the records of passwords read go. */
export interface AuditSink {
  /**
   * Resolves once the records are written; rejects when they cannot be, or are not at the deadline.
   * @param deadlineAt on the clock of `performance.now()`.
   */
  write(records: readonly AuditRecord[], deadlineAt: number): Promise<void>;
}

/** Writes each record as a line marked `audit`. */
export function createAuditSink(writer: LineWriter): AuditSink {
  return {
    write: (records, deadlineAt) =>
      writer.write(
        records.map((record) => `${JSON.stringify({ audit: true, ...record })}\n`).join(''),
        deadlineAt,
      ),
  };
}
