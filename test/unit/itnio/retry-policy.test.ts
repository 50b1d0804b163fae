import { describe, expect, it } from '@jest/globals';
import { DeadlineExceededError } from '../../../src/errors/request-errors.ts';
import {
  UpstreamBadResponseError,
  UpstreamMisconfiguredError,
  UpstreamRateLimitedError,
  UpstreamRejectedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../../../src/errors/upstream-errors.ts';
import { planRetry } from '../../../src/itnio/retry-policy.ts';

describe('planRetry', () => {
  it.each([
    ['a timeout', new UpstreamTimeoutError(), 0],
    ['an upstream that is unavailable', new UpstreamUnavailableError(), 0],
    ['a 503 with Retry-After', new UpstreamUnavailableError({ retryAfterMs: 2_000 }), 2_000],
    ['a rate limit that names its time', new UpstreamRateLimitedError(3_000), 3_000],
    ['an answer that may read better', new UpstreamBadResponseError('x', { mayPass: true }), 0],
  ])('allows another call after %s', (_, error, leastWaitMs) => {
    expect(planRetry(error)).toBe(leastWaitMs);
  });

  it.each([
    ['a rate limit that names no time', new UpstreamRateLimitedError(1_000, { isWaitKnown: false })],
    ['an answer that will not read better', new UpstreamBadResponseError('x')],
    ['a misconfiguration', new UpstreamMisconfiguredError('x')],
    ['a rejection', new UpstreamRejectedError()],
    ['a used-up deadline', new DeadlineExceededError()],
    ['an abort', new DOMException('gone', 'AbortError')],
    ['a bug', new TypeError('x')],
  ])('allows none after %s', (_, error) => {
    expect(planRetry(error)).toBeUndefined();
  });
});
