import { describe, expect, it } from '@jest/globals';
import { assertFailure } from '../../../src/sandbox/failure.ts';

describe('assertFailure', () => {
  it.each([
    { fault: 'hang' },
    { fault: 'brokenJson', times: 'always', appId: 'a', probability: 0.5 },
    { fault: 'status', status: -18, times: 3 },
    { fault: 'http', httpStatus: 503, retryAfter: 0 },
    { fault: 'redirect', location: '/elsewhere' },
    { fault: 'total', by: -1 },
  ])('accepts %j', (failure) => {
    expect(() => assertFailure(failure)).not.toThrow();
  });

  it.each([
    [null, 'expected a JSON object'],
    [{}, /^fault: expected one of status, http, redirect, total, html, .*, trickle$/],
    [{ fault: 'toString' }, /^fault: expected one of /],
    [{ fault: 'status' }, 'status: required with status'],
    [{ fault: 'http', httpStatus: 99 }, 'httpStatus: expected an HTTP status from 200 to 599'],
    [
      { fault: 'http', httpStatus: 503, retryAfter: 'a\nb' },
      'retryAfter: expected seconds, or a text that a header can hold',
    ],
    [{ fault: 'redirect', location: '/a\r\nb: c' }, 'location: expected an address that a header can hold'],
    [{ fault: 'redirect', location: '/账' }, 'location: expected an address that a header can hold'],
    [{ fault: 'redirect', location: 1 }, 'location: expected an address that a header can hold'],
    [{ fault: 'hang', times: 0 }, 'times: expected a whole number from 1, or "always"'],
    [{ fault: 'hang', probability: 2 }, 'probability: expected a number from 0 to 1'],
    [{ fault: 'hang', retryAfter: 1, nonsense: 1 }, 'retryAfter: unknown; nonsense: unknown'],
  ])('refuses %j', (failure, message) => {
    expect(() => assertFailure(failure)).toThrow(message);
  });
});
