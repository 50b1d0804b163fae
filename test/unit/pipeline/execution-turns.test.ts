import { describe, expect, it } from '@jest/globals';
import { DeadlineExceededError } from '../../../src/errors/request-errors.ts';
import { createExecutionTurns } from '../../../src/pipeline/execution-turns.ts';
import { createManualTimers } from '../../support/manual-timers.ts';

/** Turns with room for 10, and executions that end when a test says so. */
function createFixture() {
  const timers = createManualTimers();
  const turns = createExecutionTurns(10, { ...timers, epochNow: () => 0, monotonicNow: () => 0 });
  const started: string[] = [];
  const ends = new Map<string, () => void>();

  function run(name: string, objects: number, signal?: AbortSignal): Promise<string> {
    return turns.run(objects, { signal, deadlineAt: 500 }, () => {
      started.push(name);
      return new Promise((resolve) => ends.set(name, () => resolve(name)));
    });
  }

  async function end(name: string, running: Promise<string>): Promise<void> {
    await new Promise(setImmediate);
    ends.get(name)?.();
    await running;
    await new Promise(setImmediate);
  }

  return { run, end, started, timers };
}

describe('createExecutionTurns', () => {
  it('lets those go on at a time that there is room for, in their order', async () => {
    const { run, end, started } = createFixture();
    const a = run('a', 6);
    const b = run('b', 5);
    const c = run('c', 4);
    await new Promise(setImmediate);
    expect(started).toEqual(['a']);

    await end('a', a);
    expect(started).toEqual(['a', 'b', 'c']);
    await end('b', b);
    await end('c', c);
  });

  it('lets one that is larger than the room go alone', async () => {
    const { run, end, started } = createFixture();
    const a = run('a', 1);
    const b = run('b', 11);
    await end('a', a);
    const c = run('c', 1);
    await new Promise(setImmediate);
    expect(started).toEqual(['a', 'b']);

    await end('b', b);
    expect(started).toEqual(['a', 'b', 'c']);
    await end('c', c);
  });

  it('makes room after an execution that failed', async () => {
    const turns = createExecutionTurns(10, {
      ...createManualTimers(),
      epochNow: () => 0,
      monotonicNow: () => 0,
    });
    const bounds = { deadlineAt: 500 };
    await expect(turns.run(10, bounds, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await expect(turns.run(10, bounds, () => 'done')).resolves.toBe('done');
  });

  it('lets none wait beyond its deadline, nor stand in the way of others then', async () => {
    const { run, end, started, timers } = createFixture();
    const a = run('a', 6);
    const b = run('b', 6);
    const c = run('c', 4);
    await new Promise(setImmediate);
    expect(timers.pendingMs).toEqual([500, 500]);

    timers.ringFirst();
    await expect(b).rejects.toBeInstanceOf(DeadlineExceededError);
    await new Promise(setImmediate);
    expect(started).toEqual(['a', 'c']);
    expect(timers.pendingMs).toEqual([]);
    await end('a', a);
    await end('c', c);
  });

  it('lets go of one whose client has left, before and while it waits', async () => {
    const { run, end, started } = createFixture();
    const a = run('a', 10);
    const leaving = new AbortController();
    const b = run('b', 1, leaving.signal);
    leaving.abort(new Error('left'));
    await expect(b).rejects.toThrow('left');
    await expect(run('c', 1, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    await end('a', a);
    expect(started).toEqual(['a']);
  });
});
