import { describe, expect, it } from '@jest/globals';
import { createTrustedDocuments, parseManifest } from '../../../src/config/trusted-documents.ts';

describe('parseManifest', () => {
  it.each<[string, object]>([
    [
      'GraphQL Code Generator’s client preset',
      { a1: 'query A { __typename }', b2: 'query B { apps { id } }' },
    ],
    [
      'Apollo',
      {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [
          { id: 'a1', name: 'A', type: 'query', body: 'query A { __typename }' },
          { id: 'b2', name: 'B', type: 'query', body: 'query B { apps { id } }' },
        ],
      },
    ],
  ])('reads what %s writes', (_, manifest) => {
    const { documents, faults } = parseManifest(JSON.stringify(manifest));
    expect(faults).toEqual([]);
    expect([...documents]).toEqual([
      ['a1', 'query A { __typename }'],
      ['b2', 'query B { apps { id } }'],
    ]);
  });

  it('takes an id that every object has for an id like any other', () => {
    expect([
      ...parseManifest('{"__proto__":"{ __typename }","toString":"{ apps { id } }"}').documents.keys(),
    ]).toEqual(['__proto__', 'toString']);
    expect(createTrustedDocuments('only', new Map()).byId.get('toString')).toBeUndefined();
  });

  it.each([
    ['no JSON', '{', 'expected JSON'],
    [
      'a list',
      '["{ __typename }"]',
      'expected an object of documents by their ids, or an Apollo manifest of version 1',
    ],
    ['nothing', '{}', 'expected at least one document'],
    ['no text', '{"a":"{ __typename }","b":5}', 'item 1: expected an id and a document'],
    ['an empty text', '{"a":" "}', 'item 0: expected an id and a document'],
    [
      'a manifest of another version',
      '{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}',
      'expected an object of documents by their ids, or an Apollo manifest of version 1',
    ],
    [
      'an operation without a body',
      '{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"a"}]}',
      'item 0: expected an id and a document',
    ],
    [
      'an id twice',
      '{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"a","body":"{ x }"},{"id":"a","body":"{ y }"}]}',
      'item 1: the same id twice',
    ],
  ])('names %s', (_, text, fault) => {
    expect(parseManifest(text).faults).toEqual([fault]);
  });
});

describe('createTrustedDocuments', () => {
  it('finds a document by its id, and by the SHA-256 of its text', () => {
    const { byId, texts } = createTrustedDocuments('prefer', new Map([['a1', '{ __typename }']]));
    expect([...byId]).toEqual([
      ['7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b', '{ __typename }'],
      ['a1', '{ __typename }'],
    ]);
    expect([...texts]).toEqual(['{ __typename }']);
  });
});
