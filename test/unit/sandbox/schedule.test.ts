import { describe, expect, it } from '@jest/globals';
import { createSchedule } from '../../../src/sandbox/schedule.ts';

const query = { appId: 'a', current: 1, size: 20 };

describe('createSchedule', () => {
  it('runs a change once, before the n-th call from now', () => {
    const schedule = createSchedule();
    const done: number[] = [];
    schedule.run(query);
    schedule.beforeCall(2, () => done.push(2));
    schedule.beforeCall(1, () => done.push(1));
    schedule.run(query);
    expect(done).toEqual([1]);
    schedule.run(query);
    schedule.run(query);
    expect(done).toEqual([1, 2]);
  });

  it('tells a hook what each call asks for, until the hook is stopped', () => {
    const schedule = createSchedule();
    const asked: unknown[] = [];
    const stop = schedule.onCall((what) => asked.push(what));
    schedule.run(query);
    schedule.run(undefined);
    stop();
    schedule.run(query);
    expect(asked).toEqual([query, undefined]);
  });

  it('forgets everything when cleared', () => {
    const schedule = createSchedule();
    const done: number[] = [];
    schedule.onCall(() => done.push(0));
    schedule.beforeCall(1, () => done.push(1));
    schedule.clear();
    schedule.run(query);
    expect(done).toEqual([]);
  });
});
