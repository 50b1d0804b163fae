import { describe, expect, it } from '@jest/globals';
import { DeadlineExceededError } from '../../../src/errors/deadline-exceeded-error.ts';
import { UpstreamBadResponseError } from '../../../src/errors/upstream-bad-response-error.ts';
import { UpstreamMisconfiguredError } from '../../../src/errors/upstream-misconfigured-error.ts';
import { UpstreamRateLimitedError } from '../../../src/errors/upstream-rate-limited-error.ts';
import { UpstreamRejectedError } from '../../../src/errors/upstream-rejected-error.ts';
import { UpstreamTimeoutError } from '../../../src/errors/upstream-timeout-error.ts';
import { UpstreamUnavailableError } from '../../../src/errors/upstream-unavailable-error.ts';
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
