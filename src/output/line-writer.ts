import type { Clock } from '../domain/clock.ts';
import { findErrorCode } from '../domain/error-code.ts';
import type { Output } from './output.ts';

/** The one way to an output, so that no two lines are ever mixed: a queue, and one write in flight. */
export interface LineWriter {
  /** Writes a line together with others, within 100 ms where nothing is stuck. Where too much waits already, drops and counts it. */
  writeLater(line: string): void;
  /**
   * Writes lines, each with its end, as soon as what is before them is written. Resolves when the output has them.
   * Rejects when it cannot take them, at the deadline, or at once while another write is stuck; a record that was in
   * flight then may still be written.
   * @param deadlineAt on the clock of `monotonicNow`.
   */
  write(lines: string, deadlineAt: number): Promise<void>;
  /** Resolves when nothing waits any more, or after so many milliseconds. */
  flush(ms: number): Promise<void>;
  /** Writes what can be written without waiting: for a process that ends now. */
  flushNow(): void;
  /** Lines that were dropped since the start. */
  readonly droppedLines: number;
}

export interface LineWriterOptions {
  readonly output: Output;
  readonly clock: Clock;
  /** Called when lines were lost and the output takes lines again. */
  readonly onRecovery?: (droppedLines: number) => void;
  /** Called with the first failure after a write that succeeded. */
  readonly onFailure?: (code: string) => void;
}

/** Longest time that a line waits for others to leave with, in milliseconds. A system call for each would cost more than all else of it. */
const DELAY_MS = 100;
/** How much waits for others at most, in characters: some eighty lines. */
const BATCH_LENGTH = 16 * 1024;
/** How much is written with one system call, where more waits, in bytes. */
const GROUP_BYTES = 256 * 1024;
/** How much may wait in all, in bytes: of lines that may be dropped, and of others. */
const MAX_WAITING_BYTES = { droppable: 1024 * 1024, other: 8 * 1024 * 1024 } as const;
/** A write is stuck after so many milliseconds without progress: once a deadline has passed, and in any case. */
const STUCK_MS = { afterDeadline: 250, anyhow: 10_000 } as const;

interface Entry {
  readonly bytes: Buffer;
  /** How many lines are lost with it; undefined where someone waits for it. */
  readonly droppable: number | undefined;
  settle(error?: unknown): void;
}

/** The write in front has made no progress for a while. */
class StuckError extends Error {
  readonly code = 'ESTUCK';
}

class DeadlineError extends Error {
  readonly code = 'ETIMEDOUT';
}

export function createLineWriter({ output, clock, onRecovery, onFailure }: LineWriterOptions): LineWriter {
  let batch: string[] = [];
  let batchLength = 0;
  let stopBatchTimer: (() => void) | undefined;
  let queue: Entry[] = [];
  const waiting = { droppable: 0, other: 0 };
  let isWriting = false;
  let isStuck = false;
  let progressAt = 0;
  let dropped = 0;
  let toldDropped = 0;
  let hasFailed = false;
  let onIdle: (() => void)[] = [];

  function enqueue(entry: Entry): void {
    waiting[kindOf(entry)] += entry.bytes.length;
    queue.push(entry);
  }

  function startPump(): void {
    if (!isWriting) void pump();
  }

  /** Nothing is left to do where it ends, so it never rejects. */
  async function pump(): Promise<void> {
    isWriting = true;
    while (queue.length > 0) await writeGroup(takeGroup());
    isWriting = false;
    if (dropped > toldDropped && !hasFailed) {
      const lost = dropped - toldDropped;
      toldDropped = dropped;
      onRecovery?.(lost);
    }
    const resolvers = onIdle;
    onIdle = [];
    for (const resolve of resolvers) resolve();
  }

  function takeGroup(): Entry[] {
    let bytes = 0;
    const end = queue.findIndex((entry) => {
      bytes += entry.bytes.length;
      return bytes > GROUP_BYTES;
    });
    // One that is larger than a group is a group.
    return queue.splice(0, end < 0 ? queue.length : Math.max(end, 1));
  }

  async function writeGroup(group: readonly Entry[]): Promise<void> {
    let written = 0;
    progressAt = clock.monotonicNow();
    let failure: unknown;
    try {
      await output.write(
        Buffer.concat(group.map(({ bytes }) => bytes)),
        (count) => {
          written = count;
          progressAt = clock.monotonicNow();
          isStuck = false;
        },
        group.some(({ droppable }) => droppable === undefined),
      );
      hasFailed = false;
    } catch (error) {
      failure = error;
      if (!hasFailed) onFailure?.(findErrorCode(error) ?? 'unknown');
      hasFailed = true;
    }
    isStuck = false;
    let end = 0;
    for (const entry of group) {
      end += entry.bytes.length;
      waiting[kindOf(entry)] -= entry.bytes.length;
      if (failure !== undefined && end > written) dropped += entry.droppable ?? 0;
      entry.settle(failure);
    }
  }

  function flushBatch(): void {
    enqueueBatch();
    startPump();
  }

  function enqueueBatch(): void {
    stopBatchTimer?.();
    stopBatchTimer = undefined;
    if (batch.length === 0) return;
    const lines = batch;
    batch = [];
    batchLength = 0;
    const bytes = Buffer.from(lines.join(''));
    if (waiting.droppable + bytes.length > MAX_WAITING_BYTES.droppable) {
      dropped += lines.length;
      return;
    }
    enqueue({ bytes, droppable: lines.length, settle: () => undefined });
  }

  function isStuckNow(afterMs: number): boolean {
    return isStuck || (isWriting && clock.monotonicNow() - progressAt >= afterMs);
  }

  /** What has not been started need not wait for what is stuck. */
  function failQueue(): void {
    const failed = queue.filter(({ droppable }) => droppable === undefined);
    queue = queue.filter(({ droppable }) => droppable !== undefined);
    for (const entry of failed) {
      waiting.other -= entry.bytes.length;
      entry.settle(new StuckError('Another write is stuck.'));
    }
  }

  return {
    writeLater(line) {
      batch.push(line);
      batchLength += line.length;
      if (batchLength >= BATCH_LENGTH) flushBatch();
      else stopBatchTimer ??= clock.startTimer(flushBatch, DELAY_MS);
    },
    async write(lines, deadlineAt) {
      const bytes = Buffer.from(lines);
      if (isStuckNow(STUCK_MS.anyhow)) throw new StuckError('Another write is stuck.');
      if (waiting.other + bytes.length > MAX_WAITING_BYTES.other && waiting.other > 0)
        throw new StuckError('Too much waits to be written.');
      const now = clock.monotonicNow();
      if (deadlineAt <= now) throw new DeadlineError('There is no time left to write.');
      enqueueBatch();
      return new Promise((resolve, reject) => {
        const entry: Entry = {
          bytes,
          droppable: undefined,
          settle(error) {
            stopTimer();
            if (error === undefined) resolve();
            else reject(error);
          },
        };
        const stopTimer = clock.startTimer(() => {
          const index = queue.indexOf(entry);
          if (index >= 0) {
            queue.splice(index, 1);
            waiting.other -= bytes.length;
          }
          reject(new DeadlineError('It was not written in time.'));
          isStuck = isStuckNow(STUCK_MS.afterDeadline);
          if (isStuck) failQueue();
        }, deadlineAt - now);
        enqueue(entry);
        startPump();
      });
    },
    async flush(ms) {
      flushBatch();
      if (!isWriting) return;
      await new Promise<void>((resolve) => {
        const stopTimer = clock.startTimer(resolve, ms);
        onIdle.push(() => {
          stopTimer();
          resolve();
        });
      });
    },
    flushNow() {
      if (isWriting || batch.length === 0) return;
      const bytes = Buffer.from(batch.join(''));
      batch = [];
      output.writeNow?.(bytes);
    },
    get droppedLines() {
      return dropped;
    },
  };
}

function kindOf({ droppable }: Entry): 'droppable' | 'other' {
  return droppable === undefined ? 'other' : 'droppable';
}
