import { describe, expect, it } from '@jest/globals';
import { createLineWriter } from '../../../src/output/line-writer.ts';
import type { Output } from '../../../src/output/output.ts';
import { createManualClock } from '../../support/manual-clock.ts';

/** An output that takes what it is given only when a test says so. */
function createHeldOutput() {
  const groups: string[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const progress: ((written: number) => void)[] = [];
  const output: Output = {
    write(bytes, onProgress) {
      groups.push(bytes.toString());
      progress.push(onProgress);
      return new Promise((resolve, reject) =>
        ends.push((error) => {
          if (error !== undefined) return reject(error);
          onProgress(bytes.length);
          resolve();
        }),
      );
    },
  };
  return {
    output,
    groups,
    advance: (written: number) => progress.at(-1)?.(written),
    end: (error?: Error) => ends.shift()?.(error),
  };
}

function setUp() {
  const held = createHeldOutput();
  const clock = createManualClock();
  const recovered: number[] = [];
  const failures: string[] = [];
  const writer = createLineWriter({
    output: held.output,
    clock,
    onRecovery: (lines) => recovered.push(lines),
    onFailure: (code) => failures.push(code),
  });
  /** Writes, and tells how it ended: `pending` until then. */
  function write(line: string, deadlineAt: number) {
    const outcome = { is: 'pending' };
    writer.write(line, deadlineAt).then(
      () => {
        outcome.is = 'written';
      },
      (error: { code?: string }) => {
        outcome.is = error.code ?? 'failed';
      },
    );
    return outcome;
  }
  return { ...held, clock, recovered, failures, writer, write };
}

const FULL = Object.assign(new Error('full'), { code: 'ENOSPC' });

describe('createLineWriter', () => {
  it('lets lines of the log leave together, 100 ms after the first', async () => {
    const { writer, groups, clock } = setUp();
    writer.writeLater('a\n');
    await clock.advance(60);
    writer.writeLater('b\n');
    await clock.advance(39);
    expect(groups).toEqual([]);
    await clock.advance(1);
    expect(groups).toEqual(['a\nb\n']);
  });

  it('lets them leave at once when there are 16 KiB of them', async () => {
    const { writer, groups } = setUp();
    const line = `${'x'.repeat(16 * 1024 - 1)}\n`;
    writer.writeLater(line);
    expect(groups).toEqual([line]);
  });

  it('writes a record at once, after the lines that came before it', async () => {
    const { writer, groups, write, end, clock } = setUp();
    writer.writeLater('log\n');
    const record = write('record\n', 8000);
    await clock.advance(0);
    expect(groups).toEqual(['log\nrecord\n']);
    end();
    await clock.advance(0);
    expect(record.is).toBe('written');
  });

  it('has one write in flight, and groups what comes meanwhile', async () => {
    const { groups, write, end, clock } = setUp();
    for (const line of ['1\n', '2\n', '3\n']) write(line, 8000);
    await clock.advance(0);
    expect(groups).toEqual(['1\n']);
    end();
    await clock.advance(0);
    expect(groups).toEqual(['1\n', '2\n3\n']);
  });

  it('rejects a record at its deadline, and all others at once from then on, until the write moves', async () => {
    const { groups, write, advance, end, clock } = setUp();
    const first = write('1\n', 1000);
    const second = write('2\n', 5000);
    await clock.advance(999);
    expect([first.is, second.is]).toEqual(['pending', 'pending']);
    await clock.advance(1);
    expect([first.is, second.is]).toEqual(['ETIMEDOUT', 'ESTUCK']);
    const third = write('3\n', 9000);
    await clock.advance(0);
    expect(third.is).toBe('ESTUCK');
    advance(1);
    const fourth = write('4\n', 9000);
    end();
    await clock.advance(0);
    end();
    await clock.advance(0);
    expect(fourth.is).toBe('written');
    // What failed before it was begun is not written any more.
    expect(groups).toEqual(['1\n', '4\n']);
  });

  it('fails no other record at the deadline of one while the output still moves', async () => {
    const { groups, write, advance, end, clock } = setUp();
    write('a long record\n', 9000);
    const hasty = write('2\n', 1000);
    const patient = write('3\n', 9000);
    await clock.advance(900);
    advance(5);
    await clock.advance(100);
    expect([hasty.is, patient.is]).toEqual(['ETIMEDOUT', 'pending']);
    end();
    await clock.advance(0);
    end();
    await clock.advance(0);
    expect(patient.is).toBe('written');
    expect(groups).toEqual(['a long record\n', '3\n']);
  });

  it('rejects at once when lines of the log have been stuck for 10 s', async () => {
    const { writer, write, clock } = setUp();
    writer.writeLater('log\n');
    await clock.advance(100 + 9_999);
    const waits = write('1\n', 60_000);
    await clock.advance(1);
    const fails = write('2\n', 60_000);
    await clock.advance(0);
    expect([waits.is, fails.is]).toEqual(['pending', 'ESTUCK']);
  });

  it('rejects a record whose deadline has passed, and does not write it', async () => {
    const { groups, write, clock } = setUp();
    await clock.advance(10);
    const late = write('late\n', 10);
    await clock.advance(0);
    expect(late.is).toBe('ETIMEDOUT');
    expect(groups).toEqual([]);
  });

  it('drops lines of the log beyond 1 MiB that waits, and tells how many once it has caught up', async () => {
    const { writer, groups, recovered, end, clock } = setUp();
    const line = `${'x'.repeat(4095)}\n`;
    for (let count = 0; count < 300; count++) writer.writeLater(line);
    await clock.advance(0);
    expect(writer.droppedLines).toBe(300 - 256);
    expect(recovered).toEqual([]);
    for (let count = 0; count < 9; count++) {
      end();
      await clock.advance(0);
    }
    expect(groups.join('')).toBe(line.repeat(256));
    expect(recovered).toEqual([44]);
    expect(writer.droppedLines).toBe(44);
  });

  it('takes records of 8 MiB that wait, and no more', async () => {
    const { write, clock } = setUp();
    const record = `${'x'.repeat(1024 * 1024 - 1)}\n`;
    const outcomes = Array.from({ length: 9 }, () => write(record, 8000));
    await clock.advance(0);
    expect(outcomes.map(({ is }) => is)).toEqual([...Array(8).fill('pending'), 'ESTUCK']);
  });

  it('rejects what a failed write held, counts its lines, and goes on', async () => {
    const { writer, recovered, failures, write, end, clock } = setUp();
    writer.writeLater('a\n');
    const failed = write('1\n', 8000);
    end(FULL);
    await clock.advance(0);
    end(FULL);
    const again = write('2\n', 8000);
    await clock.advance(0);
    end();
    await clock.advance(0);
    expect([failed.is, again.is]).toEqual(['ENOSPC', 'written']);
    expect(failures).toEqual(['ENOSPC']);
    expect(recovered).toEqual([1]);
  });

  it('counts no line as dropped that was written before its write failed', async () => {
    const { writer, write, advance, end, clock } = setUp();
    writer.writeLater('a\n');
    writer.writeLater('b\n');
    write('1\n', 8000);
    await clock.advance(0);
    advance(5);
    end(FULL);
    await clock.advance(0);
    expect(writer.droppedLines).toBe(0);
  });

  it('is flushed when nothing waits any more', async () => {
    const { writer, end, clock } = setUp();
    let isFlushed = false;
    writer.writeLater('a\n');
    void writer.flush(1000).then(() => {
      isFlushed = true;
    });
    await clock.advance(500);
    expect(isFlushed).toBe(false);
    end();
    await clock.advance(0);
    expect(isFlushed).toBe(true);
  });

  it('is waited for only so long where its output is stuck', async () => {
    const { writer, clock } = setUp();
    writer.writeLater('a\n');
    const flushed = writer.flush(1000);
    await clock.advance(1000);
    await flushed;
  });
});
