import { describe, expect, it } from '@jest/globals';
import type { DocumentNode } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import type { RequestState } from '../../../src/context.ts';
import { createDocumentCache } from '../../../src/plugins/use-document-cache.ts';

const schema = createSchema<RequestState>({ typeDefs: 'type Query { a: Int, b: Int }' });

/** A cache, and the parser in front of which it stands. A text of three characters takes 181 bytes. */
function createFixture(maxBytes: number) {
  const cache = createDocumentCache(maxBytes);
  const yoga = createYoga<RequestState>({
    schema,
    plugins: [cache.plugin],
    parserAndValidationCache: false,
    logging: false,
  });
  const parse = (text: string): DocumentNode => yoga.getEnveloped().parse(text);
  return { cache, parse };
}

describe('the document cache', () => {
  it('parses a document once', () => {
    const { parse } = createFixture(1_000);
    expect(parse('{a}')).toBe(parse('{a}'));
  });

  it('lets those go that were not asked for when there is no room for all', () => {
    const { parse } = createFixture(2 * 181);
    const [a, b] = [parse('{a}'), parse('{b}')];
    expect(parse('{a}')).toBe(a);
    parse('{c}');
    expect(parse('{a}')).toBe(a);
    expect(parse('{b}')).not.toBe(b);
  });

  it('counts what is kept elsewhere for as long as a document is', () => {
    const { cache, parse } = createFixture(1_000);
    const [a, b] = [parse('{a}'), parse('{b}')];
    cache.countBytes(b, 638);
    expect([parse('{a}'), parse('{b}')]).toEqual([a, b]);
    expect(parse('{a}')).toBe(a);
    cache.countBytes(b, 639);
    expect(parse('{b}')).toBe(b);
    expect(parse('{a}')).not.toBe(a);
  });

  it('keeps no document that takes more than there is with what belongs to it', () => {
    const { cache, parse } = createFixture(1_000);
    const a = parse('{a}');
    cache.countBytes(a, 1_000);
    expect(parse('{a}')).not.toBe(a);
    // It may still be executed, and grow.
    cache.countBytes(a, 2_000);
    expect(parse('{b}')).toBe(parse('{b}'));
  });
});
