import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readPage } from '../support/readme.ts';

const ROOT = new URL('../../', import.meta.url);
const blocks = readPage(new URL('docs/clients.md', ROOT)).blocks('js');

describe('docs/clients.md', () => {
  it('has a set-up for each client', () => {
    expect(blocks).toHaveLength(5);
  });

  it.each(blocks)('shows a set-up as the tests run it: %s', (block) => {
    const [head = '', ...code] = block.split('\n');
    const path = head.slice('// '.length);
    expect(code.join('\n')).toBe(readFileSync(new URL(path, ROOT), 'utf8'));
  });
});
