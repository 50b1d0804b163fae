import { describe, expect, it } from '@jest/globals';
import { assertQuirks, NO_QUIRKS } from '../../../src/sandbox/quirks.ts';

describe('assertQuirks', () => {
  it('accepts any of them, and none', () => {
    expect(() => assertQuirks(NO_QUIRKS)).not.toThrow();
    expect(() => assertQuirks({})).not.toThrow();
    expect(() =>
      assertQuirks({ sizeClamp: { max: 5, mode: 'reject' }, ties: { batchSize: 37 } }),
    ).not.toThrow();
    expect(() => assertQuirks({ latencyMs: 2_147_483_647, extraHeaders: { Age: '7200' } })).not.toThrow();
  });

  it.each([
    [{ latencyMs: 0.5 }, 'latencyMs: expected a whole number of milliseconds from 0 to 2147483647'],
    [{ latencyMs: 2_147_483_648 }, 'latencyMs: expected a whole number of milliseconds from 0 to 2147483647'],
    [{ extraHeaders: { x: 'a\nb' } }, 'extraHeaders: expected an object of names and texts that headers can'],
    [
      { extraHeaders: { 'a b': 'x' } },
      'extraHeaders: expected an object of names and texts that headers can',
    ],
    [{ extraHeaders: { '': 'x' } }, 'extraHeaders: expected an object of names and texts that headers can'],
    [{ extraHeaders: { x: 1 } }, 'extraHeaders: expected an object of names and texts that headers can'],
    [{ clockSkewSeconds: '60' }, 'clockSkewSeconds: expected a whole number of seconds'],
    [{ sizeClamp: { max: 101, mode: 'echo' } }, 'sizeClamp: expected null or {"max": 1-100, '],
    [{ sizeClamp: { max: 5, mode: 'other' } }, 'sizeClamp: expected null or '],
    [{ ties: { batchSize: 0 } }, 'ties: expected null or {"batchSize": a whole number from 1}'],
    [{ unknownApp: 'hang' }, 'unknownApp: expected "empty" or "reject"'],
    [{ numericStatus: 1 }, 'numericStatus: expected true or false'],
    [{ toString: 1 }, 'toString: unknown'],
    ['text', 'expected a JSON object'],
  ])('refuses %j', (input, message) => {
    expect(() => assertQuirks(input)).toThrow(message);
  });

  it('names every mistake at once', () => {
    expect(() => assertQuirks({ plainText: 'yes', typo: true })).toThrow(
      'plainText: expected true or false; typo: unknown',
    );
  });
});
