import { describe, expect, it } from '@jest/globals';
import { buildSchema, type DocumentNode } from 'graphql';
import { createDocuments } from '../../../src/pipeline/documents.ts';
import { OPERATION_LIMITS } from '../../../src/pipeline/operation-limits.ts';

const schema = buildSchema('type Query { a: Int, b: Int, c: Int }');

/** What a document of one field takes, by its text and its tokens. */
const BYTES = 2000 + 3 * 4 + 3 * 500;

/** Room for one that is refused, of one field that nobody knows. */
const ONE_REFUSED =
  16 * (BYTES + 9000 + 4 * 'Cannot query field "x" on type "Query". Did you mean "a", "b", or "c"?'.length);

function createFixture(maxBytes: number) {
  const documents = createDocuments({ schema, limits: OPERATION_LIMITS, maxErrors: 5, maxBytes });
  function read(text: string): DocumentNode {
    const parsed = documents.parse(text, 1_000);
    documents.validate(parsed);
    return parsed.document;
  }
  return { documents, read };
}

describe('documents', () => {
  it('are parsed once', () => {
    const { read } = createFixture(3 * BYTES);
    expect(read('{a}')).toBe(read('{a}'));
  });

  it('are validated once, those that are refused too, which push out no valid one', () => {
    const { documents, read } = createFixture(ONE_REFUSED);
    const valid = read('{a}');
    const refused = documents.parse('{x}', 1_000);
    const errors = documents.validate(refused);
    expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })]);
    expect(documents.parse('{x}', 1_000)).toBe(refused);
    expect(documents.validate(refused)).toBe(errors);
    read('{y}');
    expect(documents.parse('{x}', 1_000)).not.toBe(refused);
    expect(read('{a}')).toBe(valid);
  });

  it('are not kept where what is wrong with them takes more than there is', () => {
    const { read } = createFixture(ONE_REFUSED);
    expect(read('{x y}')).not.toBe(read('{x y}'));
  });

  it('that are refused are held against the limit of each who sends them', () => {
    const { documents, read } = createFixture(ONE_REFUSED);
    read('{x}');
    expect(() => documents.parse('{x}', 2)).toThrow('too many tokens');
  });

  it.each(['{ 8f }', '{ a', ''])('are refused with a code where they cannot be read: %j', (text) => {
    const { documents } = createFixture(3 * BYTES);
    expect(() => documents.parse(text, 1_000)).toThrow(
      expect.objectContaining({ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }),
    );
  });

  it('are held against the limit of each who sends them, kept or not', () => {
    const { documents, read } = createFixture(3 * BYTES);
    read('{a}');
    expect(() => documents.parse('{a}', 2)).toThrow('too many tokens');
    expect(() => documents.parse('{b}', 2)).toThrow('too many tokens');
    expect(documents.parse('{b}', 3).tokens).toBe(3);
  });

  it('are let go when they were not asked for and there is no room for all', () => {
    const { read } = createFixture(2 * BYTES);
    const [a, b] = [read('{a}'), read('{b}')];
    expect(read('{a}')).toBe(a);
    read('{c}');
    expect(read('{a}')).toBe(a);
    expect(read('{b}')).not.toBe(b);
  });

  it('count with what is kept elsewhere for them', () => {
    const { documents, read } = createFixture(3 * BYTES);
    const [a, b] = [read('{a}'), read('{b}')];
    documents.countBytes(b, BYTES);
    expect([read('{a}'), read('{b}')]).toEqual([a, b]);
    expect(read('{a}')).toBe(a);
    documents.countBytes(b, BYTES + 1);
    expect(read('{b}')).toBe(b);
    expect(read('{a}')).not.toBe(a);
  });

  it('are not kept where they take more than there is with what belongs to them', () => {
    const { documents, read } = createFixture(3 * BYTES);
    const a = read('{a}');
    documents.countBytes(a, 3 * BYTES);
    expect(read('{a}')).not.toBe(a);
    // It may still be executed, and grow.
    documents.countBytes(a, 4 * BYTES);
    expect(read('{b}')).toBe(read('{b}'));
  });
});
