import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, findBreakingChanges } from 'graphql';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('the API schema, held against that of the last release', () => {
  it('breaks nothing but what the changelog names', () => {
    const breaking = findBreakingChanges(
      buildSchema(read('schema/released/api.graphql')),
      buildSchema(read('schema/api.graphql')),
    );
    const named = /^## Unreleased$.*?^### Breaking$(.*?)^##/ms.exec(read('CHANGELOG.md'))?.[1] ?? '';
    const unnamed = breaking.filter(({ description }) => {
      const [place = ''] = description.split(' ');
      return !named.includes(`\`${place}\``);
    });
    expect(unnamed).toEqual([]);
  });
});
