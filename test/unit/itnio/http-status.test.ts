import { describe, expect, it } from '@jest/globals';
import { createHttpFault } from '../../../src/itnio/http-status.ts';

describe('createHttpFault', () => {
  it.each([
    [300, 'UPSTREAM_BAD_RESPONSE'],
    [304, 'UPSTREAM_BAD_RESPONSE'],
    [400, 'UPSTREAM_BAD_RESPONSE'],
    [401, 'UPSTREAM_MISCONFIGURED'],
    [403, 'UPSTREAM_MISCONFIGURED'],
    [404, 'UPSTREAM_MISCONFIGURED'],
    [407, 'UPSTREAM_MISCONFIGURED'],
    [408, 'UPSTREAM_UNAVAILABLE'],
    [413, 'UPSTREAM_BAD_RESPONSE'],
    [429, 'UPSTREAM_RATE_LIMITED'],
    [500, 'UPSTREAM_UNAVAILABLE'],
    [502, 'UPSTREAM_UNAVAILABLE'],
    [503, 'UPSTREAM_UNAVAILABLE'],
    [504, 'UPSTREAM_UNAVAILABLE'],
    [520, 'UPSTREAM_UNAVAILABLE'],
  ])('gives %d the code %s', (status, code) => {
    expect(createHttpFault(status, undefined)).toMatchObject({ code });
  });

  it('does not expect a bad request to pass', () => {
    expect(createHttpFault(400, undefined)).toMatchObject({ mayPass: false });
  });

  it.each([429, 503])('passes on the wait that comes with %d', (status) => {
    expect(createHttpFault(status, 7_000)).toMatchObject({ retryAfterMs: 7_000 });
  });

  it('guesses a second for a 429 that names no time, and says so', () => {
    expect(createHttpFault(429, undefined)).toMatchObject({ retryAfterMs: 1_000, isWaitKnown: false });
    expect(createHttpFault(429, 0)).toMatchObject({ retryAfterMs: 0, isWaitKnown: true });
  });
});
