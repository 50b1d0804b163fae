import { describe, expect, it } from '@jest/globals';
import { createTrustedDocuments } from '../../../src/config/trusted-documents.ts';
import { createSchema } from '../../../src/graph/schema.ts';
import { findDocumentFaults } from '../../../src/pipeline/listed-documents.ts';

const schema = createSchema();

function find(documents: Readonly<Record<string, string>>, ofSchema = schema) {
  return findDocumentFaults(createTrustedDocuments('only', new Map(Object.entries(documents))), ofSchema);
}

const repeat = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i));

describe('findDocumentFaults', () => {
  it('finds none in documents that can be executed, whatever their number of tokens for anonymous callers', () => {
    expect(
      find({
        a: 'query A { apps { id } } query B($id: ID!) { node(id: $id) { id } }',
        tokens: `{ nodes(ids: [${'"x"'.repeat(9_988)}]) { id } }`,
        aliases: `{ apps { ${repeat(15, (i) => `a${i}: id`).join(' ')} } }`,
      }),
    ).toEqual([]);
  });

  it.each([
    ['a syntax error', '{ apps {', 'Syntax Error: Expected Name, found <EOF>. (at 1:9)'],
    [
      'a field that is not there',
      '{ apps { id }\n  fax }',
      'Cannot query field "fax" on type "Query". (at 2:3)',
    ],
    [
      'a variable of another type',
      'query ($id: Int) { node(id: $id) { id } }',
      'Variable "$id" of type "Int" used in position expecting type "ID!". (at 1:8)',
    ],
    ['a mutation', 'mutation { apps { id } }', 'this gateway answers queries only'],
    ['fragments alone', 'fragment F on App { id }', 'has no operation'],
    [
      '16 aliases',
      `{ apps { ${repeat(16, (i) => `a${i}: id`).join(' ')} } }`,
      'The operation has 16 aliases; up to 15 are allowed. (at 1:1)',
    ],
    [
      '10,001 tokens',
      `{ nodes(ids: [${'"x"'.repeat(9_989)}]) { id } }`,
      'The document has too many tokens; up to 10000 are allowed.',
    ],
    [
      '101 brackets inside brackets',
      `{ nodes(ids: ${'['.repeat(99)}${']'.repeat(99)}) { id } }`,
      'The document has too many brackets inside brackets; up to 100 are allowed.',
    ],
  ])('names the document with %s', (_, text, fault) => {
    expect(find({ good: '{ apps { id } }', bad: text })).toEqual([`document "bad": ${fault}`]);
  });

  it('goes by the schema as it is configured', () => {
    const document = { p: '{ sipPhone(appId: "a", account: "b") { password } }' };
    expect(find(document)).toEqual([]);
    expect(find(document, createSchema({}, { passwords: false }))).toEqual([
      'document "p": Cannot query field "password" on type "SipPhone". (at 1:40)',
    ]);
  });

  it('names twenty, and counts the rest', () => {
    const faults = find(
      Object.fromEntries(repeat(22, (i) => `{ fax${i} }`).map((text, i) => [`d${i}`, text])),
    );
    expect(faults).toHaveLength(21);
    expect(faults.at(-1)).toBe('and 2 more documents');
    expect(
      find(Object.fromEntries(repeat(20, (i) => `{ fax${i} }`).map((text, i) => [`d${i}`, text]))),
    ).toHaveLength(20);
  });
});
