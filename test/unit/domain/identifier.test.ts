import { describe, expect, it } from '@jest/globals';
import { findAccountFault, MAX_ACCOUNT_LENGTH } from '../../../src/domain/identifier.ts';

describe('findAccountFault', () => {
  it.each([
    ['a control character', 'a\u0000b'],
    ['a line break', 'a\r\nb'],
    ['a blank', ' '],
    ['what stands outside the first plane', '😀'],
    ['as many characters as there may be', 'x'.repeat(MAX_ACCOUNT_LENGTH)],
  ])('lets %s be one', (_, text) => {
    expect(findAccountFault(text)).toBeUndefined();
  });

  it.each([
    ['nothing', '', 'must not be empty'],
    ['a character too many', 'x'.repeat(MAX_ACCOUNT_LENGTH + 1), 'must not be longer than 8192 characters'],
    ['half a character', 'a\ud83d', 'must be well-formed Unicode'],
  ])('lets %s be none', (_, text, fault) => {
    expect(findAccountFault(text)).toBe(fault);
  });
});
