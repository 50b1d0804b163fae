import { describe, expect, it } from '@jest/globals';
import type { DocumentNode } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import type { RequestState } from '../../../src/context.ts';
import { createDocumentCache } from '../../../src/plugins/use-document-cache.ts';

const schema = createSchema<RequestState>({ typeDefs: 'type Query { a: Int, b: Int, c: Int }' });

/** What a document of one field takes, by its text and its tokens. */
const BYTES = 2000 + 3 * 4 + 4 * 500;

/** A cache, and the parser and the validator in front of which it stands. */
function createFixture(maxBytes: number) {
  const cache = createDocumentCache(maxBytes);
  const yoga = createYoga<RequestState>({
    schema,
    plugins: [cache.plugin],
    parserAndValidationCache: false,
    logging: false,
  });
  function parse(text: string): DocumentNode {
    const enveloped = yoga.getEnveloped();
    const document: DocumentNode = enveloped.parse(text);
    enveloped.validate(enveloped.schema, document);
    return document;
  }
  return { cache, parse };
}

describe('the document cache', () => {
  it('parses a document once', () => {
    const { parse } = createFixture(3 * BYTES);
    expect(parse('{a}')).toBe(parse('{a}'));
  });

  it('keeps none that is not valid', () => {
    const { parse } = createFixture(3 * BYTES);
    expect(parse('{x}')).not.toBe(parse('{x}'));
  });

  it('lets those go that were not asked for when there is no room for all', () => {
    const { parse } = createFixture(2 * BYTES);
    const [a, b] = [parse('{a}'), parse('{b}')];
    expect(parse('{a}')).toBe(a);
    parse('{c}');
    expect(parse('{a}')).toBe(a);
    expect(parse('{b}')).not.toBe(b);
  });

  it('counts what is kept elsewhere for as long as a document is', () => {
    const { cache, parse } = createFixture(3 * BYTES);
    const [a, b] = [parse('{a}'), parse('{b}')];
    cache.countBytes(b, BYTES);
    expect([parse('{a}'), parse('{b}')]).toEqual([a, b]);
    expect(parse('{a}')).toBe(a);
    cache.countBytes(b, BYTES + 1);
    expect(parse('{b}')).toBe(b);
    expect(parse('{a}')).not.toBe(a);
  });

  it('keeps no document that takes more than there is with what belongs to it', () => {
    const { cache, parse } = createFixture(3 * BYTES);
    const a = parse('{a}');
    cache.countBytes(a, 3 * BYTES);
    expect(parse('{a}')).not.toBe(a);
    // It may still be executed, and grow.
    cache.countBytes(a, 4 * BYTES);
    expect(parse('{b}')).toBe(parse('{b}'));
  });
});
