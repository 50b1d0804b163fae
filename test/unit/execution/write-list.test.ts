import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import { systemClock } from '../../../src/domain/clock.ts';
import { createExecutor } from '../../../src/execution/executor.ts';
import { writeData } from './executed.ts';

/** Executes `{ list }` over items of which each notes that somebody listens to it, and fails later. */
function executeList(type: string, first: unknown) {
  const schema = buildSchema(`type Query { list: ${type} }`);
  const executor = createExecutor({
    walls: { objects: 1_000, bytes: 1_000_000 },
    clock: systemClock,
    itemsPerTurn: 3,
  });
  const heard = new Set<number>();
  const items = Array.from({ length: 20 }, (_, index) => {
    const item = Promise.reject(new Error(`item ${index}`));
    item.catch(() => undefined);
    return {
      // biome-ignore lint/suspicious/noThenProperty: what is watched is who listens.
      then(...listeners: Parameters<typeof item.then>) {
        heard.add(index);
        return item.then(...listeners);
      },
    };
  });
  const args = { schema, document: parse('{ list }'), rootValue: { list: [first, ...items] } };
  const prepared = executor.prepare(args);
  if ('errors' in prepared) throw new TypeError('There are no variables.');
  const result = executor.execute(prepared, args, { deadlineAt: Number.POSITIVE_INFINITY });
  return { result, heard: heard.size };
}

/** An item that fails while nobody listens to it is taken for a bug of the process, which then ends. */
describe('a list of items that fail', () => {
  it('listens to all of them at once, though most have to wait for their turn', async () => {
    const { result, heard } = executeList('[String]', 'first');
    expect(heard).toBe(20);
    expect(writeData(await result)).toBe(JSON.stringify({ list: ['first', ...Array(20).fill(null)] }));
  });

  it('listens to those, too, that it has no use for because one before them has failed', async () => {
    const { result, heard } = executeList('[String!]', new Error('first'));
    expect(heard).toBe(20);
    expect(writeData(await result)).toBe('{"list":null}');
  });
});
