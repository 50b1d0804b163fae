import { describe, expect, it } from '@jest/globals';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { foldSelections } from '../../../src/pipeline/fold-selections.ts';
import { createFragmentFinder } from './fragment-finder.ts';

const schema = buildSchema('type Query { a: T } type T { t: T u: U } union U = T | Query');

/** Counts fields, and notes on which type each was found. */
function fold(text: string): { readonly count: number; readonly visited: readonly string[] } {
  const document = parse(text);
  const visited: string[] = [];
  const operation = getOperationAST(document);
  if (operation == null) throw new TypeError('no operation');
  const count = foldSelections<number>(
    operation.selectionSet,
    { schema, findFragment: createFragmentFinder(document) },
    {
      nothing: 0,
      add: (left, right) => left + right,
      measure(selection, inside, parent) {
        if (selection.kind !== 'Field') return inside;
        visited.push(`${parent?.name}.${selection.name.value}`);
        return 1 + inside;
      },
    },
  );
  return { count, visited };
}

describe('foldSelections', () => {
  it('tells on which type each selection is made', () => {
    expect(fold('{ a { ...F u { ... on Query { a { t } } } } } fragment F on T { t { u } }').visited).toEqual(
      ['T.u', 'T.t', 'T.t', 'Query.a', 'T.u', 'Query.a'],
    );
  });

  it('measures each fragment once, and counts it wherever it is spread', () => {
    const { count, visited } = fold('{ a { ...F t { ...F } } } fragment F on T { u { __typename } }');
    expect(count).toBe(2 + 2 + 2);
    expect(visited.filter((name) => name === 'T.u')).toEqual(['T.u']);
  });

  it('counts a fragment inside itself as nothing there', () => {
    expect(
      fold('{ ...F } fragment F on Query { a { ...G } } fragment G on T { t { __typename } ...F }').count,
    ).toBe(3);
  });

  it('takes no longer for fragments that nest twice each', () => {
    const fragments = Array.from(
      { length: 60 },
      (_, i) => `fragment F${i} on T { ...F${i + 1} ...F${i + 1} }`,
    );
    expect(fold(`{ a { ...F0 } } ${fragments.join(' ')} fragment F60 on T { t }`).count).toBe(1 + 2 ** 60);
  });

  it('goes on where a document does not fit the schema', () => {
    expect(fold('{ nobody { x } ... on Nobody { x } ...Nobody }').visited).toEqual([
      'undefined.x',
      'Query.nobody',
      'undefined.x',
    ]);
  });
});
