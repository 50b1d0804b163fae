import { describe, expect, it } from '@jest/globals';
import { type FragmentDefinitionNode, Kind, parse } from 'graphql';
import { measureAnswer } from '../../../src/plugins/answer-size.ts';

function measure(text: string, variables: Readonly<Record<string, unknown>> = {}): number {
  const { definitions } = parse(text);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new TypeError('no operation');
  return measureAnswer(operation.selectionSet, {
    apps: 3,
    findFragment: (name) => fragments.get(name),
    findVariable: (name) => variables[name],
  });
}

describe('measureAnswer', () => {
  it('counts nothing for leaves', () => {
    expect(measure('{ __typename }')).toBe(0);
  });

  it.each([
    ['the first ones asked', '{ phones(first: 7) { x } }', 7],
    ['the last ones asked', '{ phones(last: 7) { x } }', 7],
    ['25 where none is asked', '{ phones { x } }', 25],
    ['25 where null is asked', '{ phones(first: null) { x } }', 25],
    ['none for a size below 0, which is refused later', '{ phones(first: -7) { x } }', 0],
    ['none for a size over 100, which is refused later', '{ phones(first: 3000000000) { x } }', 0],
    ['the accounts of a list', '{ phonesByAccount(accounts: ["a", "b"]) { x } }', 2],
    ['the ids of a list', '{ nodes(ids: ["a", "b", "c"]) { x } }', 3],
    ['the apps that are served', '{ apps { appId } }', 3],
  ])('counts %s', (_, query, objects) => {
    expect(measure(query)).toBe(objects);
  });

  it('counts what variables say', () => {
    expect(measure('query ($n: Int) { phones(first: $n) { x } }', { n: 9 })).toBe(9);
    expect(measure('query ($r: [_Any!]!) { _entities(representations: $r) { x } }', { r: [{}, {}] })).toBe(2);
    expect(measure('query ($n: Int) { phones(first: $n) { x } }', { n: 'nine' })).toBe(25);
  });

  it('multiplies lists inside lists', () => {
    // 10 connections' rows, each with its node, the node's app and that app's 5.
    expect(measure('{ phones(first: 10) { nodes { app { phones(first: 5) { x } } } } }')).toBe(
      10 * (1 + 1 * (1 + (1 + 5))),
    );
  });

  it('adds up aliases, and a fragment each time it is spread', () => {
    expect(measure('{ a: app { ...F } b: app { ...F } } fragment F on App { phones(first: 4) { x } }')).toBe(
      2 * (1 + 4),
    );
  });

  it('takes no longer for fragments that nest twice each', () => {
    const fragments = Array.from(
      { length: 60 },
      (_, i) => `fragment F${i} on App { ...F${i + 1} ...F${i + 1} }`,
    );
    expect(measure(`{ app { ...F0 } } ${fragments.join(' ')} fragment F60 on App { app { id } }`)).toBe(
      1 + 2 ** 60,
    );
  });
});
