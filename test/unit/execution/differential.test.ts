import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { execute, parse, specifiedRules, validate } from 'graphql';
import { createTestExecutor, executeCompiled, present } from './executed.ts';
import { randomGatewayRequests } from './random-gateway-request.ts';
import { randomOperations } from './random-operation.ts';
import { type Context, syntheticSchema } from './synthetic-schema.ts';

/** What the generator declares, it need not use. */
const RULES = specifiedRules.filter(({ name }) => !/^NoUnused(Fragments|Variables)Rule$/.test(name));

const randomContexts: fc.Arbitrary<Context> = fc.record({
  seed: fc.nat(),
  failures: fc.constantFrom(0, 3, 15),
  promises: fc.constantFrom(0, 20, 70),
});

/**
 * Errors come in another order where an execution waits for its turn. Fast-check's runs follow each other in one turn of the
 * event loop, whose items are counted together: a few thousand of them, and one run would have to wait in its middle.
 */
const WITHOUT_TURNS = { itemsPerTurn: Number.POSITIVE_INFINITY };

describe('the executor', () => {
  it('answers as graphql-js does, with the same errors in the same order', async () => {
    const executor = createTestExecutor(WITHOUT_TURNS);
    await fc.assert(
      fc.asyncProperty(randomOperations, randomContexts, async ({ text, variableValues }, contextValue) => {
        const document = parse(text);
        fc.pre(validate(syntheticSchema, document, RULES).length === 0);
        const args = { schema: syntheticSchema, document, variableValues, contextValue, rootValue: {} };
        const expected = present(await execute(args));
        expect(present(await executeCompiled(executor, args))).toEqual(expected);
        // Now with the plan that is known.
        expect(present(await executeCompiled(executor, args))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('brings the same data when it has to take turns', async () => {
    const executor = createTestExecutor({ itemsPerTurn: 3 });
    await fc.assert(
      fc.asyncProperty(randomOperations, randomContexts, async ({ text, variableValues }, contextValue) => {
        const document = parse(text);
        fc.pre(validate(syntheticSchema, document, RULES).length === 0);
        const args = { schema: syntheticSchema, document, variableValues, contextValue, rootValue: {} };
        const { data } = await execute(args);
        const { data: actual } = await executeCompiled(executor, args);
        expect(JSON.stringify(actual)).toBe(JSON.stringify(data));
      }),
      { numRuns: 100 },
    );
  });

  it('answers the graph of the gateway as graphql-js does, and asks the phones for the same', async () => {
    const executor = createTestExecutor(WITHOUT_TURNS);
    await fc.assert(
      fc.asyncProperty(randomGatewayRequests, async (createRequest) => {
        const [args, calls] = createRequest();
        const [otherArgs, otherCalls] = createRequest();
        expect(validate(args.schema, args.document)).toEqual([]);
        const expected = present(await execute(args));
        expect(present(await executeCompiled(executor, otherArgs))).toEqual(expected);
        expect(otherCalls).toEqual(calls);
      }),
      { numRuns: 200 },
    );
  });
});
