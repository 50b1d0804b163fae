import { describe, expect, it } from '@jest/globals';
import { findSeverity } from '../../../src/pipeline/severity.ts';

describe('findSeverity', () => {
  it.each([
    ['info', []],
    ['info', ['BAD_USER_INPUT', 'FORBIDDEN', 'RATE_LIMITED', 'CLIENT_GONE', 'UNAUTHENTICATED']],
    ['warn', ['BAD_USER_INPUT', 'UPSTREAM_TIMEOUT']],
    ['warn', ['DEADLINE_EXCEEDED']],
    ['warn', ['OVERLOADED']],
    ['error', ['UPSTREAM_MISCONFIGURED', 'UPSTREAM_TIMEOUT']],
    ['error', ['INTERNAL_SERVER_ERROR']],
  ] as const)('is %s for %j', (severity, codes) => {
    expect(findSeverity(codes.map((code) => ({ code })))).toBe(severity);
  });
});
