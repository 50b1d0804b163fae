import { describe, expect, it } from '@jest/globals';
import { parseRetryAfter } from '../../../src/itnio/retry-after.ts';

const NOON = 'Sun, 01 Mar 2026 12:00:00 GMT';

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['1', 1_000],
    ['60', 60_000],
    ['61', 60_000],
    ['999999999', 60_000],
    ['Sun, 01 Mar 2026 12:00:05 GMT', 5_000],
    ['Sun, 01 Mar 2026 11:59:00 GMT', 0],
    ['Mon, 01 Mar 2027 12:00:00 GMT', 60_000],
  ])('reads %p as %d ms', (header, waitMs) => {
    expect(parseRetryAfter(header, NOON)).toBe(waitMs);
  });

  it.each([[null], [''], ['soon'], ['-1'], ['1.5'], ['2027-03-01']])('reads nothing from %p', (header) => {
    expect(parseRetryAfter(header, NOON)).toBeUndefined();
  });

  it('reads nothing from a date in an answer without one of its own', () => {
    expect(parseRetryAfter('Sun, 01 Mar 2026 12:00:05 GMT', null)).toBeUndefined();
  });
});
