import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ExecutionArgs, type ExecutionResult, execute, parse, specifiedRules, validate } from 'graphql';
import { systemClock } from '../../../src/domain/clock.ts';
import { createExecutor } from '../../../src/execution/executor.ts';
import { findDataText } from '../../../src/execution/written-result.ts';
import { randomOperations } from './random-operation.ts';
import { type Context, syntheticSchema } from './synthetic-schema.ts';

const RULES = specifiedRules.filter(({ name }) => !/^NoUnused(Fragments|Variables)Rule$/.test(name));

const randomContexts: fc.Arbitrary<Context> = fc.record({
  seed: fc.nat(),
  failures: fc.constantFrom(0, 3, 15),
  promises: fc.constantFrom(0, 20, 70),
});

describe('the executor', () => {
  it('answers as graphql-js does', async () => {
    await fc.assert(
      fc.asyncProperty(randomOperations, randomContexts, async ({ text, variables }, contextValue) => {
        const document = parse(text);
        fc.pre(validate(syntheticSchema, document, RULES).length === 0);
        const args = { schema: syntheticSchema, document, variableValues: variables, contextValue, rootValue: {} };
        const expected = await execute(args);
        const actual = await run(args);
        expect(present(actual)).toEqual(present(expected));
      }),
      { numRuns: 300 },
    );
  });
});

async function run(args: ExecutionArgs, itemsPerTurn?: number): Promise<ExecutionResult> {
  const executor = createExecutor({
    walls: { objects: 20_000, bytes: 2 ** 23 },
    clock: systemClock,
    ...(itemsPerTurn === undefined ? {} : { itemsPerTurn }),
  });
  const prepared = executor.prepare(args);
  if ('errors' in prepared) return prepared;
  if (prepared.plan === undefined) throw new Error('not compiled');
  return executor.execute(prepared, args, { deadlineAt: Number.POSITIVE_INFINITY });
}

function present(result: ExecutionResult): unknown {
  return {
    text: findDataText(result) ?? JSON.stringify(result.data),
    errors: result.errors?.map(({ message, path, locations }) => ({
      message: withoutValue(message),
      path,
      locations,
    })),
  };
}

/** Where graphql-js quotes a value, this executor does not. */
function withoutValue(message: string): string {
  if (/cannot represent|\.serialize\(/.test(message)) return `${/^(?:Enum "|Expected `)?(\w+)/.exec(message)?.[1]} …`;
  return message.replace(/^(Expected value of type "\w+") but got.*/s, '$1').replace(/(resolved to a type) "\w+"/, '$1');
}
