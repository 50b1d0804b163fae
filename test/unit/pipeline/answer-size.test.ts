import { describe, expect, it } from '@jest/globals';
import { getOperationAST, getVariableValues, parse } from 'graphql';
import { createSchema } from '../../../src/graph/schema.ts';
import { type AnswerSize, measureAnswer } from '../../../src/pipeline/answer-size.ts';
import { createFragmentFinder } from './fragment-finder.ts';

const schema = createSchema();

/** Counts the objects. @param inputs variables as a request brings them. */
function measure(text: string, inputs: Readonly<Record<string, unknown>> = {}): number {
  return measureAll(text, inputs).objects;
}

function measureAll(text: string, inputs: Readonly<Record<string, unknown>> = {}): AnswerSize {
  const document = parse(text);
  const operation = getOperationAST(document);
  const { coerced } = getVariableValues(schema, operation?.variableDefinitions ?? [], inputs);
  if (operation == null || coerced === undefined) throw new TypeError('no operation');
  const findFragment = createFragmentFinder(document);
  return measureAnswer(operation.selectionSet, { schema, apps: 3, findFragment, variableValues: coerced });
}

/** What `app { … }` brings beside the app itself. */
function measureApp(fields: string, inputs: Readonly<Record<string, unknown>> = {}, variables = ''): number {
  return measure(`query ${variables} { app(appId: "a") { ${fields} } }`, inputs) - 1;
}

const HUNDRED = Array.from({ length: 100 }, (_, index) => `account ${index}`);

describe('measureAnswer', () => {
  it('counts nothing for leaves', () => {
    expect(measure('{ __typename }')).toBe(0);
  });

  it.each([
    ['the first ones asked', 'phones(first: 7) { totalCount }', 7],
    ['the last ones asked', 'phones(last: 7) { totalCount }', 7],
    ['25 where none is asked', 'phones { totalCount }', 25],
    ['25 where null is asked', 'phones(first: null) { totalCount }', 25],
    ['none for a size below 0, which is refused later', 'phones(first: -7) { totalCount }', 0],
    ['100 for a size over 100, which is refused later', 'phones(first: 2000000000) { totalCount }', 100],
    ['the accounts of a list', 'phonesByAccount(accounts: ["a", "b"]) { account }', 2],
    ['one account where one stands for a list', 'phonesByAccount(accounts: "a") { account }', 1],
    ['what is skipped as nothing', 'phones(first: 7) @skip(if: true) { totalCount }', 0],
    ['what is not included as nothing', '... @include(if: false) { phones(first: 7) { totalCount } }', 0],
    ['what is included', 'phones(first: 7) @include(if: true) @skip(if: false) { totalCount }', 7],
  ])('counts %s', (_, fields, objects) => {
    expect(measureApp(fields)).toBe(objects);
  });

  it('counts the ids of a list, and the apps that are served', () => {
    expect(measure('{ nodes(ids: ["a", "b", "c"]) { id } }')).toBe(3);
    expect(measure('{ apps { appId } }')).toBe(3);
  });

  it.each<[string, string, string, Readonly<Record<string, unknown>>, number]>([
    ['a number', '$n: Int', 'phones(first: $n) { totalCount }', { n: 9 }, 9],
    ['a default', '$n: Int = 8', 'phones(first: $n) { totalCount }', {}, 8],
    ['null in the place of a default', '$n: Int = 8', 'phones(first: $n) { totalCount }', { n: null }, 25],
    ['nothing', '$n: Int', 'phones(first: $n) { totalCount }', {}, 25],
    ['a list', '$a: [String!]!', 'phonesByAccount(accounts: $a) { id }', { a: ['x', 'y'] }, 2],
    [
      'a list over 100',
      '$a: [String!]!',
      'phonesByAccount(accounts: $a) { id }',
      { a: [...HUNDRED, 'x'] },
      101,
    ],
    ['one item for a list', '$a: [String!]!', 'phonesByAccount(accounts: $a) { id }', { a: 'x' }, 1],
    ['an item of a list', '$a: String!', 'phonesByAccount(accounts: ["x", $a]) { id }', { a: 'y' }, 2],
    [
      'a default of a name that every object has',
      `$toString: [String!]! = ${JSON.stringify(HUNDRED)}`,
      'phonesByAccount(accounts: $toString) { id }',
      {},
      100,
    ],
    [
      'a number of such a name',
      '$constructor: Int = 90',
      'phones(first: $constructor) { totalCount }',
      {},
      90,
    ],
    ['what is skipped', '$s: Boolean = true', 'phones(first: 7) @skip(if: $s) { totalCount }', {}, 0],
    ['what is included', '$s: Boolean = true', 'phones(first: 7) @include(if: $s) { totalCount }', {}, 7],
  ])('counts %s in a variable as execution reads it', (_, definition, fields, inputs, objects) => {
    expect(measureApp(fields, inputs, `(${definition})`)).toBe(objects);
  });

  it('keeps representations apart, in variables and in literals', () => {
    const size = measureAll(
      `query ($r: [_Any!]!) {
        apps { id }
        _entities(representations: $r) { __typename ... on App { phones(first: 10) { nodes { id } } } }
        b: _entities(representations: [{ id: "x" }, { id: "y" }]) { __typename }
        ...F
      }
      fragment F on Query { b: _entities(representations: [{ id: "x" }, { id: "y" }]) { ... on App { app: id } } }`,
      { r: Array(1000).fill({ __typename: 'App', id: 'x' }) },
    );
    expect(size).toEqual({
      objects: 3,
      values: 3,
      entities: new Map([
        ['_entities', { representations: 1000, each: { objects: 1 + 10 + 10, values: 1 + 10 } }],
        ['b', { representations: 2, each: { objects: 1, values: 2 } }],
      ]),
    });
  });

  it('counts values, aliases and lists multiplied', () => {
    expect(measureAll('{ apps { a: id b: id ... @skip(if: true) { c: id } } __typename }').values).toBe(
      3 * 2 + 1,
    );
  });

  it('multiplies lists inside lists', () => {
    // 10 connections' rows, each with its node, the node's app and that app's 5.
    expect(measureApp('phones(first: 10) { nodes { app { phones(first: 5) { totalCount } } } }')).toBe(
      10 * (1 + 1 * (1 + (1 + 5))),
    );
  });

  it('adds up aliases, and a fragment each time it is spread', () => {
    expect(
      measure(
        '{ a: app(appId: "a") { ...F } b: app(appId: "a") { ...F } } fragment F on App { phones(first: 4) { totalCount } }',
      ),
    ).toBe(2 * (1 + 4));
  });
});
