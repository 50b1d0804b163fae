import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { getOperationAST, getVariableValues, parse } from 'graphql';
import { createSchema } from '../../../src/graph/schema.ts';
import { measureAnswer } from '../../../src/pipeline/answer-size.ts';
import { createMeasuredAnswers } from '../../../src/pipeline/measured-answers.ts';
import { createFragmentFinder } from './fragment-finder.ts';

const schema = createSchema();
const document =
  parse(`query ($b: Int = 3, $isWanted: Boolean! = true, $after: String, $id: String = "x", $ids: [ID!] = null, $a: Int) {
  app(appId: "a") {
    phones(first: $a, after: $after) { nodes { account app { appId } } }
    others: phones(last: $b) @include(if: $isWanted) { edges { node { id account } } }
    phonesByAccount(accounts: [$id]) { account }
  }
  apps { appId }
  nodes(ids: $ids) { id }
}`);
const operation = getOperationAST(document);

/** As requests bring them: some missing, some null, some equal to those of the request before. */
const requests = fc.array(
  fc.record(
    {
      a: fc.option(fc.integer({ min: 1, max: 2 })),
      b: fc.option(fc.integer({ min: 1, max: 2 })),
      isWanted: fc.boolean(),
      after: fc.option(fc.constantFrom('x', 'y')),
      ids: fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }),
    },
    { requiredKeys: [] },
  ),
  { minLength: 1, maxLength: 12 },
);

describe('createMeasuredAnswers', () => {
  it('measures as if it remembered nothing, whatever was asked before', () => {
    if (operation == null) throw new TypeError('no operation');
    fc.assert(
      fc.property(
        requests,
        fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 12, maxLength: 12 }),
        (inputs, apps) => {
          const measured = createMeasuredAnswers();
          for (const [index, input] of inputs.entries()) {
            const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], input);
            if (coerced === undefined) throw new TypeError('not coerced');
            const terms = {
              schema,
              apps: apps[index] ?? 1,
              findFragment: createFragmentFinder(document),
              variableValues: coerced,
            };
            expect(measured.measure(operation, terms)).toEqual(measureAnswer(operation.selectionSet, terms));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('finds again what differs in its cursor alone', () => {
    if (operation == null) throw new TypeError('no operation');
    const measured = createMeasuredAnswers();
    const [first, second, third] = ['x', 'y', null].map((after) =>
      measured.measure(operation, {
        schema,
        apps: 1,
        findFragment: createFragmentFinder(document),
        variableValues: { a: 5, isWanted: true, after },
      }),
    );
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });
});
