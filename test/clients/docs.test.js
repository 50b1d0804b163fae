import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readPage } from '../support/readme.ts';

const ROOT = new URL('../../', import.meta.url);
const page = readPage(new URL('docs/clients.md', ROOT));
const blocks = [...page.blocks('js'), ...page.blocks('ts')];

describe('docs/clients.md', () => {
  it('has a set-up for each client', () => {
    expect(blocks).toHaveLength(8);
  });

  it.each(blocks)('shows a set-up as the tests run it: %s', (block) => {
    const [head = '', ...code] = block.split('\n');
    const path = head.slice('// '.length);
    expect(code.join('\n')).toBe(readFileSync(new URL(path, ROOT), 'utf8'));
  });
});
