import { randomUUID } from 'node:crypto';
import { fstatSync, type Stats, statSync } from 'node:fs';
import { systemClock } from '../domain/clock.ts';
import { findErrorCode } from '../domain/error-code.ts';
import type { Log } from '../domain/log.ts';
import { type AuditSink, createAuditSink } from './audit-sink.ts';
import { createDescriptorOutput } from './descriptor-output.ts';
import { createFileOutput } from './file-output.ts';
import { createLineWriter, type LineWriter } from './line-writer.ts';
import { createLog } from './log.ts';
import { openDescriptor } from './open-descriptor.ts';

export interface ProcessOutputsOptions {
  readonly logLevel: string;
  /** The file for audit records; undefined for standard output. */
  readonly auditLog: string | undefined;
  /** Whether an audit record waits until it would survive a loss of power, where it goes to a file. */
  readonly auditFsync: boolean;
}

/** What this process writes: one writer a descriptor, whatever is written there. */
export interface ProcessOutputs {
  readonly log: Log;
  readonly auditSink: AuditSink;
  setLogLevel(level: string): void;
  /** Resolves when everything is written, or after so many milliseconds. */
  flush(ms: number): Promise<void>;
  /** Lines of the log that were lost since the start. */
  droppedLogLines(): number;
}

/** The descriptor of standard output. */
const STDOUT = 1;

/** The file for audit records cannot be one. */
export class AuditLogError extends Error {}

/** Longest wait for the file of audit records at the start, in milliseconds. */
const AUDIT_CHECK_MS = 5_000;

const NO_FILE = 'expected a regular file; for standard output leave it out';

const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOTFILE: NO_FILE,
  ENXIO: NO_FILE,
  EISDIR: 'expected a file, not a directory',
  ENOENT: 'its folder does not exist (ENOENT)',
  EPERM: 'the file belongs to another user, so it cannot be kept from others (EPERM)',
  ETIMEDOUT: 'the file does not answer',
};

/**
 * Opens what this process writes to.
 * @throws {AuditLogError} when the file for audit records cannot be written: rather no start than passwords refused later.
 */
export async function openProcessOutputs(options: ProcessOutputsOptions): Promise<ProcessOutputs> {
  const { auditLog, auditFsync } = options;
  const stdout = createStdoutWriter(() => log, auditFsync);
  const log = createLog(options.logLevel, stdout);
  const writers = [stdout];
  let audit = stdout;
  if (auditLog !== undefined) {
    if (isStandardOutput(auditLog))
      throw new AuditLogError('standard output goes to the same file; leave it out to have both there');
    audit = createLineWriter({ output: createFileOutput(auditLog, auditFsync), clock: systemClock });
    await checkAudit(audit);
    writers.push(audit);
  }
  return {
    log,
    auditSink: createAuditSink({ writer: audit, randomId: randomUUID }),
    setLogLevel(level) {
      log.level = level;
    },
    droppedLogLines: () => stdout.droppedLines,
    async flush(ms) {
      await Promise.all(writers.map((writer) => writer.flush(ms)));
    },
  };
}

function createStdoutWriter(getLog: () => Log, mustReachDisk: boolean): LineWriter {
  const writer = createLineWriter({
    output: createDescriptorOutput(openDescriptor(STDOUT), systemClock, mustReachDisk),
    clock: systemClock,
    onRecovery: (dropped) => getLog().error({ dropped }, 'Lines of the log were dropped.'),
    onFailure: (code) => process.stderr.write(`The log cannot be written: ${code}\n`),
  });
  // Whoever has left one often has left both.
  process.stderr.on('error', () => undefined);
  process.on('exit', writer.flushNow);
  return writer;
}

async function checkAudit(writer: LineWriter): Promise<void> {
  try {
    await writer.write('', systemClock.monotonicNow() + AUDIT_CHECK_MS);
  } catch (error) {
    const code = findErrorCode(error) ?? 'unknown';
    throw new AuditLogError(FILE_FAULTS[code] ?? `the file cannot be written (${code})`);
  }
}

function isStandardOutput(path: string): boolean {
  const file = findStats(() => statSync(path));
  const stdout = findStats(() => fstatSync(STDOUT));
  return file?.isFile() === true && file.ino === stdout?.ino && file.dev === stdout.dev;
}

function findStats(read: () => Stats): Stats | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
