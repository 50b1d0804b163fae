import { appendFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';

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
  /** Resolves once the records are handed to the system; rejects when they cannot be. */
  write(records: readonly AuditRecord[]): Promise<void>;
}

/** Writes lines marked `audit` between those of the log. */
export function createStreamAuditSink(stream: Writable): AuditSink {
  // A reader that has left or a full disk is what `write` rejects with; without a listener it would end the process.
  stream.on('error', () => undefined);
  return {
    write: (records) =>
      new Promise((resolve, reject) => {
        stream.write(encodeLines(records), (error) => (error ? reject(error) : resolve()));
      }),
  };
}

/** Appends to a file, readable by its owner only. It is opened for each write, so it may be rotated at any time. */
export function createFileAuditSink(path: string): AuditSink {
  return { write: (records) => appendFile(path, encodeLines(records), { mode: 0o600 }) };
}

function encodeLines(records: readonly AuditRecord[]): string {
  return records.map((record) => `${JSON.stringify({ audit: true, ...record })}\n`).join('');
}
