import { describe, expect, it } from '@jest/globals';
import { parse, validate } from 'graphql';
import { createSchema } from '../../../src/graph/schema.ts';
import { createGraphFixture } from './graph-fixture.ts';

const schema = createSchema();

async function findNeeds(query: string, variables?: Record<string, unknown>): Promise<unknown[]> {
  expect(validate(schema, parse(query))).toEqual([]);
  const { ask, calls } = createGraphFixture();
  const { errors } = await ask(query, variables);
  expect(errors).toEqual([]);
  return calls.map((call) => call[3]);
}

describe('what a connection needs', () => {
  it.each([
    ['nothing', '__typename'],
    ['nothing', 'kind: __typename'],
    ['nothing', 'totalCount @skip(if: true) __typename'],
    ['nothing', '... @include(if: false) { edges { cursor } } __typename'],
    ['nothing', '...Rows @skip(if: true) __typename'],
    ['count', 'totalCount'],
    ['count', '__typename howMany: totalCount'],
    ['count', '...Count'],
    ['count', '... on PhoneConnection { ... { totalCount } }'],
    ['count', 'totalCount edges @include(if: false) { cursor }'],
    ['count', 'totalCount pageInfo @skip(if: true) @include(if: true) { hasNextPage }'],
    ['rows', 'edges { cursor }'],
    ['rows', 'nodes { account }'],
    ['rows', 'pageInfo { hasNextPage }'],
    ['rows', 'pageCursors { around { cursor } }'],
    ['rows', 'totalCount nodes { account }'],
    ['rows', 'nodes @skip(if: false) @include(if: true) { account }'],
    ['rows', 'totalCount ...Rows'],
    ['rows', '...Count ...Rows'],
  ])('is %s for { %s }', async (need, selection) => {
    const query = `{ app(appId: "sales") { phones { ${selection} } } }
      fragment Count on PhoneConnection { totalCount }
      fragment Rows on PhoneConnection { ... on PhoneConnection { nodes { account } } }`;
    // The validation rule on unused fragments is not what is asked here.
    const used = query.replace(/fragment (\w+)[^\n]*/g, (text, name) =>
      selection.includes(`...${name}`) ? text : '',
    );
    expect(await findNeeds(used)).toEqual([need]);
  });

  it.each([
    [true, 'rows'],
    [false, 'count'],
  ])('follows a variable that is %p', async (rows, need) => {
    const query =
      'query($rows: Boolean!) { app(appId: "sales") { phones { totalCount nodes @include(if: $rows) { id } } } }';
    expect(await findNeeds(query, { rows })).toEqual([need]);
  });

  it('follows the default of a variable', async () => {
    const query =
      'query($skip: Boolean = true) { app(appId: "sales") { phones { totalCount nodes @skip(if: $skip) { id } } } }';
    expect(await findNeeds(query)).toEqual(['count']);
  });

  it('counts everything that is merged into one field', async () => {
    const query = '{ app(appId: "sales") { phones { totalCount } ... { phones { nodes { id } } } } }';
    expect(await findNeeds(query)).toEqual(['rows']);
  });

  it('is found for each alias on its own', async () => {
    const query =
      '{ app(appId: "sales") { a: phones { totalCount } b: phones { __typename } c: phones { nodes { id } } } }';
    expect(await findNeeds(query)).toEqual(['count', 'nothing', 'rows']);
  });

  it('is found at once where fragments nest twice each', async () => {
    const fragments = Array.from(
      { length: 60 },
      (_, i) => `fragment F${i} on PhoneConnection { ...F${i + 1} ...F${i + 1} }`,
    );
    const query = `{ app(appId: "sales") { phones { ...F0 } } } ${fragments.join(' ')}
      fragment F60 on PhoneConnection { totalCount }`;
    expect(await findNeeds(query)).toEqual(['count']);
  });
});
