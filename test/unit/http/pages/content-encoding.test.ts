import { describe, expect, it } from '@jest/globals';
import { chooseEncoding } from '../../../../src/http/pages/content-encoding.ts';

describe('chooseEncoding', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['deflate', 'identity'],
    ['br;q=0, gzip', 'gzip'],
    ['br; q=0.0 , gzip; q=0.5', 'gzip'],
    ['*', 'br'],
    ['*;q=0.5, br;q=0', 'gzip'],
    ['*;q=0', 'identity'],
    ['br;q=none', 'identity'],
  ])('answers "%s" with %s', (header, encoding) => {
    expect(chooseEncoding(header)).toBe(encoding);
  });
});
