import { describe, expect, it } from '@jest/globals';
import { buildSchema, type ExecutionResult, parse } from 'graphql';
import { createManualTimers } from '../../support/manual-timers.ts';
import { createTestExecutor, executeCompiled, writeData } from './executed.ts';

const schema = buildSchema(`
  type Query { items: [Item!], texts: [String], slow: Item }
  type Item { name: String, items: [Item!] }
`);

/** What a client would see of a result that was cut off: its error, and whether anything of the data is there. */
function summarize({ errors, data }: ExecutionResult) {
  return { errors: errors?.map(({ originalError }) => originalError?.name), data };
}

function items(count: number, name = 'x'): { readonly name: string }[] {
  return Array.from({ length: count }, () => ({ name }));
}

const ALL = { objects: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };
const NEVER = Number.POSITIVE_INFINITY;

describe('the walls of an execution', () => {
  it.each([
    ['at once', (list: object[]) => list],
    ['as promises', (list: object[]) => list.map((item) => Promise.resolve(item))],
  ])('let as many objects through as they say, the root among them, %s', async (_how, make) => {
    const executor = createTestExecutor({ walls: { ...ALL, objects: 11 } });
    const document = parse('{ items { name } }');
    const run = (count: number) =>
      executeCompiled(executor, { schema, document, rootValue: { items: () => make(items(count)) } });
    expect(writeData(await run(10))).toBe(JSON.stringify({ items: items(10) }));
    expect(summarize(await run(11))).toEqual({ errors: ['AnswerTooLargeError'], data: undefined });
  });

  it.each(['x', 'é', '\u2028', '😀', '"'])('let as many bytes of %j through as they say', async (name) => {
    const document = parse('{ items { renamed: name } texts }');
    const rootValue = { items: items(20, name), texts: [name, null] };
    const whole = await executeCompiled(createTestExecutor({ walls: ALL }), { schema, document, rootValue });
    const bytes = Buffer.byteLength(writeData(whole) ?? '');
    const run = (limit: number) =>
      executeCompiled(createTestExecutor({ walls: { ...ALL, bytes: limit } }), {
        schema,
        document,
        rootValue,
      });
    expect((await run(bytes)).errors).toBeUndefined();
    expect(summarize(await run(bytes - 1))).toEqual({ errors: ['AnswerTooLargeError'], data: undefined });
  });

  it('stop a list of texts before it is written', async () => {
    let read = 0;
    const texts = Array.from({ length: 1000 }, () => ({ toJSON: () => `${read++}`.padEnd(100) }));
    const executor = createTestExecutor({ walls: { ...ALL, bytes: 1_000 } });
    const result = await executeCompiled(executor, {
      schema,
      document: parse('{ texts }'),
      rootValue: { texts },
    });
    expect(summarize(result)).toEqual({ errors: ['AnswerTooLargeError'], data: undefined });
    expect(read).toBe(10);
  });

  it('end at the deadline what is still waited for, and leave no timer behind', async () => {
    const timers = createManualTimers();
    const executor = createTestExecutor({ clock: { ...timers, monotonicNow: () => now } });
    const document = parse('{ slow { name } }');
    let now = 1_000;
    const run = (slow: () => unknown, deadlineAt: number) =>
      executeCompiled(executor, { schema, document, rootValue: { slow } }, { deadlineAt });
    const first = run(() => new Promise(() => undefined), 3_000);
    const second = run(() => new Promise(() => undefined), 2_000);
    const third = run(() => Promise.resolve({ name: 'x' }), 4_000);
    expect(writeData(await third)).toBe('{"slow":{"name":"x"}}');
    expect(timers.pendingMs).toEqual([1_000]);

    now = 2_000;
    timers.ringFirst();
    expect(summarize(await second)).toEqual({ errors: ['DeadlineExceededError'], data: undefined });
    expect(timers.pendingMs).toEqual([1_000]);
    now = 3_000;
    timers.ringFirst();
    expect(summarize(await first)).toEqual({ errors: ['DeadlineExceededError'], data: undefined });
    expect(timers.pendingMs).toEqual([]);
  });

  it('end what waits for its turn when its client is gone', async () => {
    const client = new AbortController();
    const executor = createTestExecutor({ itemsPerTurn: 10 });
    const args = { schema, document: parse('{ items { name } }'), rootValue: { items: items(30) } };
    const running = executeCompiled(executor, args, { signal: client.signal, deadlineAt: NEVER });
    client.abort();
    expect(summarize(await running)).toEqual({ errors: ['ClientGoneError'], data: undefined });
  });

  it('let the event loop go round after so many items, however many executions there are', async () => {
    const executor = createTestExecutor({ itemsPerTurn: 100 });
    const document = parse('{ items { items { name } } }');
    let written = 0;
    const item = {
      get name() {
        written++;
        return 'x';
      },
    };
    const rootValue = {
      items: Array.from({ length: 10 }, () => ({ items: Array.from({ length: 50 }, () => item) })),
    };
    const ends: number[] = [];
    const running = Array.from({ length: 20 }, async (_, index) => {
      const { data } = await executeCompiled(executor, { schema, document, rootValue });
      ends.push(index);
      return JSON.stringify(data).length;
    });

    let most = 0;
    let isDone = false;
    const all = Promise.all(running).finally(() => {
      isDone = true;
    });
    while (!isDone) {
      const before = written;
      await new Promise(setImmediate);
      most = Math.max(most, written - before);
    }
    expect(new Set(await all).size).toBe(1);
    expect(written).toBe(20 * 500);
    expect(most).toBeLessThanOrEqual(100);
    // In turn: none is through before all have begun.
    expect(ends).toEqual([...ends].sort((a, b) => a - b));
  });

  it('let it go round when items take long, however few there are', async () => {
    let now = 0;
    const executor = createTestExecutor({ clock: { ...createManualTimers(), monotonicNow: () => now } });
    let most = 0;
    let inTurn = 0;
    const item = {
      get name() {
        now += 1;
        most = Math.max(most, ++inTurn);
        return 'x';
      },
    };
    const running = executeCompiled(executor, {
      schema,
      document: parse('{ items { name } }'),
      rootValue: { items: Array.from({ length: 1_000 }, () => item) },
    });
    let isDone = false;
    void running.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      inTurn = 0;
      await new Promise(setImmediate);
    }
    expect((await running).errors).toBeUndefined();
    // It looks at the clock after 50 items.
    expect(most).toBeLessThanOrEqual(100);
  });
});
