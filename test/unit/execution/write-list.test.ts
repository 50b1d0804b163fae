import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import { systemClock } from '../../../src/domain/clock.ts';
import { createExecutor } from '../../../src/execution/executor.ts';

it('holds no rejection for a bug of items that wait for their turn', async () => {
  const schema = buildSchema('type Query { list: [String] }');
  const executor = createExecutor({
    walls: { objects: 1_000, bytes: 1_000_000 },
    clock: systemClock,
    itemsPerTurn: 1,
  });
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const list = Array.from({ length: 20 }, (_, index) => Promise.reject(new Error(`item ${index}`)));
  const args = { schema, document: parse('{ list }'), rootValue: { list } };
  const prepared = executor.prepare(args);
  if ('errors' in prepared) throw new TypeError('There are no variables.');
  const { data, errors } = await executor.execute(prepared, args, { deadlineAt: Number.POSITIVE_INFINITY });
  await nextTurn();
  process.off('unhandledRejection', note);
  expect({ data, failures: errors?.length, unhandled }).toEqual({
    data: { list: Array(20).fill(null) },
    failures: 20,
    unhandled: [],
  });
});
