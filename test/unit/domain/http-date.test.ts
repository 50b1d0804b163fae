import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseHttpDate } from '../../../src/domain/http-date.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');

describe('parseHttpDate', () => {
  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT'],
    ['Sunday, 06-Nov-94 08:49:37 GMT'],
    ['Sun Nov  6 08:49:37 1994'],
  ])("reads the specification's own %p", (text) => {
    expect(parseHttpDate(text, NOW)).toBe(Date.parse('1994-11-06T08:49:37Z'));
  });

  it.each([
    ['Sun Nov 16 08:49:37 1997', '1997-11-16T08:49:37Z'],
    ['Thu, 29 Feb 2024 23:59:59 GMT', '2024-02-29T23:59:59Z'],
    ['Sat, 31 Dec 2016 23:59:60 GMT', '2017-01-01T00:00:00Z'],
    ['Fri, 01 Jan 0099 00:00:00 GMT', '0099-01-01T00:00:00Z'],
  ])('reads %p', (text, iso) => {
    expect(parseHttpDate(text, NOW)).toBe(Date.parse(iso));
  });

  it.each([
    ['76', 2076],
    ['77', 1977],
    ['00', 2000],
  ])('takes the year %s for %d, which is not more than 50 years ahead', (digits, year) => {
    expect(parseHttpDate(`Sunday, 06-Nov-${digits} 00:00:00 GMT`, NOW)).toBe(Date.UTC(year, 10, 6));
  });

  it.each([
    null,
    '',
    'yesterday',
    '1772366400',
    '2026-03-01T12:00:00Z',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'Sun, 06 Nov 1994 08:49:37',
    'x Sun, 06 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT x',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Sun, 31 Nov 1994 08:49:37 GMT',
    'Sun, 29 Feb 2023 08:49:37 GMT',
    'Sun, 06 Nix 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:00 GMT',
    'Sun, 06 Nov 1994 08:49:61 GMT',
    'Sun, 06-Nov-94 08:49:37 GMT',
    'Sunday, 06-Nov-1994 08:49:37 GMT',
    'Sun Nov 6 08:49:37 1994',
  ])('reads nothing from %p', (text) => {
    expect(parseHttpDate(text, NOW)).toBeUndefined();
  });

  it('reads back every second as Node writes it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
        expect(parseHttpDate(new Date(seconds * 1000).toUTCString(), NOW)).toBe(seconds * 1000);
      }),
    );
  });
});
