import { describe, expect, it } from '@jest/globals';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { measureOperation } from '../../../src/pipeline/operation-size.ts';
import { createFragmentFinder } from './fragment-finder.ts';

const schema = buildSchema('type Query { a: Int }');

function measure(text: string) {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (operation == null) throw new TypeError('no operation');
  return measureOperation(operation, { schema, findFragment: createFragmentFinder(document) });
}

describe('measureOperation', () => {
  it('counts fields inside fields, leaves included', () => {
    expect(measure('{ a { b { c } d } e }').depth).toBe(3);
  });

  it('does not count what is below __schema and __type', () => {
    expect(measure('{ __schema { types { fields { name } } } a { b } }').depth).toBe(2);
  });

  it('counts fields at the root, through fragments', () => {
    expect(measure('{ a b ...F ... on Query { e } } fragment F on Query { c d }').rootFields).toBe(5);
  });

  it('counts aliases, a fragment’s each time it is spread', () => {
    expect(measure('{ x: a { ...F } b { ...F } } fragment F on T { y: c z: d }').aliases).toBe(5);
  });

  it('counts directives, also on operations, spreads and inline fragments', () => {
    expect(measure('query @d { a @d ...F @d ... @d { b } } fragment F on T { c @d }').directives).toBe(5);
  });

  it('looks into a fragment for its depth', () => {
    expect(measure('{ a { ...F } } fragment F on T { b { c } }').depth).toBe(3);
  });

  it('comes back from fragments that spread each other', () => {
    expect(measure('{ ...F } fragment F on T { a { ...G } } fragment G on T { ...F }').depth).toBe(1);
  });

  it('measures fragments that double each other 60 times at once', () => {
    const fragments = Array.from(
      { length: 60 },
      (_, i) => `fragment F${i} on T { ...F${i + 1} ...F${i + 1} }`,
    );
    expect(measure(`{ ...F0 } ${fragments.join(' ')} fragment F60 on T { x: a }`).aliases).toBe(2 ** 60);
  });
});
