import { describe, expect, it } from '@jest/globals';
import { authenticate } from '../../../src/sandbox/authentication.ts';
import { createSign, SAMPLE_CREDENTIALS } from '../../../src/sandbox/signature.ts';

const NOW_SECONDS = 1_630_468_800;

function authenticateAt(timestamp: string, nowSeconds = NOW_SECONDS, sign?: string): number {
  const headers = {
    'api-key': 'bDqJFiq9',
    sign: sign ?? createSign(SAMPLE_CREDENTIALS, timestamp),
    timestamp,
  };
  return authenticate(headers, SAMPLE_CREDENTIALS, nowSeconds);
}

describe('authenticate', () => {
  it('accepts a signature in either case', () => {
    expect(authenticateAt('1630468800', NOW_SECONDS, '05d7a50893e22a5c4bb3216ae3396c7c')).toBe(0);
    expect(authenticateAt('1630468800', NOW_SECONDS, '05D7A50893E22A5C4BB3216AE3396C7C')).toBe(0);
  });

  it.each([
    [NOW_SECONDS - 1801, -16],
    [NOW_SECONDS - 1800, 0],
    [NOW_SECONDS, 0],
    [NOW_SECONDS + 1800, 0],
    [NOW_SECONDS + 1801, -16],
  ])('judges the timestamp %i with %i, half an hour being the limit both ways', (seconds, status) => {
    expect(authenticateAt(String(seconds))).toBe(status);
  });

  it('counts whole seconds', () => {
    expect(authenticateAt(String(NOW_SECONDS - 1800), NOW_SECONDS + 0.999)).toBe(0);
  });

  it('takes milliseconds for a time far away', () => {
    expect(authenticateAt('1630468800000')).toBe(-16);
  });

  it.each(['now', '1630468800.5', '-1630468800', '0x612ed100', ' 1630468800'])(
    'takes the well-signed timestamp %j for one that expired',
    (timestamp) => {
      expect(authenticateAt(timestamp)).toBe(-16);
    },
  );

  it('calls a stale call that is forged as well forged', () => {
    expect(authenticateAt('1', NOW_SECONDS, 'forged')).toBe(-1);
  });

  it('answers -1 when a header is missing', () => {
    expect(authenticate({}, SAMPLE_CREDENTIALS, NOW_SECONDS)).toBe(-1);
  });
});
