import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import {
  parseRetryAfter,
  readHttpStatus,
  readNetworkError,
  readVendorStatus,
} from '../../../src/itnio/faults.ts';

const createFault = (evidence: { code?: string; type?: string }) =>
  Object.assign(new Error('request to https://user:hunter2@host failed'), evidence);

describe('readNetworkError', () => {
  it.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'EPIPE',
    'ETIMEDOUT',
    'ERR_STREAM_PREMATURE_CLOSE',
    'HPE_INVALID_EOF_STATE',
    'Z_BUF_ERROR',
    'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC',
    'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR',
  ])('takes %s for an upstream that is unavailable', (code) => {
    expect(readNetworkError(createFault({ code }))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      fault: code,
    });
  });

  it.each([
    'CA_MD_TOO_WEAK',
    'CERT_HAS_EXPIRED',
    'CRL_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'EE_KEY_TOO_SMALL',
    'EPROTO',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNSPECIFIED',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_SSL_PACKET_LENGTH_TOO_LONG',
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
    'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  ])('takes %s for a misconfiguration', (code) => {
    expect(readNetworkError(createFault({ code }))).toMatchObject({ code: 'UPSTREAM_MISCONFIGURED' });
  });

  it.each(['HPE_INVALID_CONSTANT', 'HPE_HEADER_OVERFLOW', 'Z_DATA_ERROR'])(
    'takes %s for a bad response that may pass',
    (code) => {
      expect(readNetworkError(createFault({ code }))).toMatchObject({
        code: 'UPSTREAM_BAD_RESPONSE',
        mayPass: true,
      });
    },
  );

  it.each(['no-redirect', 'invalid-redirect'])('takes %s for a bad response that stays', (type) => {
    expect(readNetworkError(createFault({ type }))).toMatchObject({
      code: 'UPSTREAM_BAD_RESPONSE',
      mayPass: false,
    });
  });

  it.each(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EADDRNOTAVAIL', 'EAGAIN'])(
    'takes %s for something that this machine has run out of',
    (code) => {
      expect(readNetworkError(createFault({ code }))).toMatchObject({ code: 'OVERLOADED', fault: code });
    },
  );

  it('says what a server that asks for a client certificate wants', () => {
    expect(
      readNetworkError(createFault({ code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' })),
    ).toMatchObject({ fault: expect.stringContaining('client certificate') });
  });

  it('takes HTTP 101 for a bad response that stays', () => {
    expect(readNetworkError(createFault({ code: 'UPGRADED' }))).toMatchObject({
      code: 'UPSTREAM_BAD_RESPONSE',
      mayPass: false,
    });
  });

  it('keeps neither the message nor the error', () => {
    expect(inspect(readNetworkError(createFault({ code: 'ECONNRESET' })))).not.toContain('hunter2');
  });

  it('hands back what is a bug of ours', () => {
    const bugs = [
      new Error('no code'),
      Object.assign(new TypeError('bad'), { code: 'ERR_INVALID_CHAR' }),
      'text',
    ];
    expect(bugs.map((bug) => readNetworkError(bug))).toEqual(bugs);
  });
});

describe('readHttpStatus', () => {
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
    expect(readHttpStatus(status, undefined)).toMatchObject({ code });
  });

  it.each([401, 403])('takes %d for a refusal of the gateway itself', (status) => {
    expect(readHttpStatus(status, undefined)).toMatchObject({ isRefusal: true });
  });

  it.each([404, 407])('takes %d for none', (status) => {
    expect(readHttpStatus(status, undefined)).toMatchObject({ isRefusal: false });
  });

  it('does not expect a bad request to pass', () => {
    expect(readHttpStatus(400, undefined)).toMatchObject({ mayPass: false });
  });

  it.each([429, 503])('passes on the wait that comes with %d', (status) => {
    expect(readHttpStatus(status, 7_000)).toMatchObject({ retryAfterMs: 7_000 });
  });

  it('guesses a second for a 429 that names no time, and says so', () => {
    expect(readHttpStatus(429, undefined)).toMatchObject({ retryAfterMs: 1_000, isWaitKnown: false });
    expect(readHttpStatus(429, 0)).toMatchObject({ retryAfterMs: 0, isWaitKnown: true });
  });
});

const NOON = 'Sun, 01 Mar 2026 12:00:00 GMT';
const NOW = Date.parse(NOON);

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['1', 1_000],
    ['60', 60_000],
    ['61', 60_000],
    ['999999999', 60_000],
    ['9'.repeat(400), 60_000],
    ['0000000000000000000005', 5_000],
    ['Sunday, 01-Mar-26 12:00:05 GMT', 5_000],
    ['Sun Mar  1 12:00:05 2026', 5_000],
    ['Sun, 01 Mar 2026 12:00:05 GMT', 5_000],
    ['Sun, 01 Mar 2026 11:59:00 GMT', 0],
    ['Mon, 01 Mar 2027 12:00:00 GMT', 60_000],
  ])('reads %p as %d ms', (header, waitMs) => {
    expect(parseRetryAfter(header, NOON, NOW)).toBe(waitMs);
  });

  it.each([[null], [''], ['soon'], ['-1'], ['1.5'], ['2027-03-01']])('reads nothing from %p', (header) => {
    expect(parseRetryAfter(header, NOON, NOW)).toBeUndefined();
  });

  it('reads nothing from a date in an answer without one of its own', () => {
    expect(parseRetryAfter('Sun, 01 Mar 2026 12:00:05 GMT', null, NOW)).toBeUndefined();
  });
});

describe('readVendorStatus', () => {
  it.each([
    ['-1', 'UPSTREAM_MISCONFIGURED'],
    ['-2', 'UPSTREAM_MISCONFIGURED'],
    ['-16', 'UPSTREAM_MISCONFIGURED'],
    ['-18', 'UPSTREAM_UNAVAILABLE'],
    ['-22', 'UPSTREAM_REJECTED'],
  ])('gives the documented status %s the code %s', (status, code) => {
    expect(readVendorStatus(status)).toMatchObject({ code });
  });

  it.each([
    ['-10', 'UPSTREAM_REJECTED'],
    ['-13', 'UPSTREAM_MISCONFIGURED'],
    ['-14', 'UPSTREAM_REJECTED'],
    ['-15', 'UPSTREAM_RATE_LIMITED'],
    ['-20', 'UPSTREAM_REJECTED'],
    ['-23', 'UPSTREAM_REJECTED'],
    ['-24', 'UPSTREAM_REJECTED'],
    ['-26', 'UPSTREAM_REJECTED'],
    ['-29', 'UPSTREAM_MISCONFIGURED'],
    ['-30', 'UPSTREAM_MISCONFIGURED'],
    ['-31', 'UPSTREAM_MISCONFIGURED'],
    ['-32', 'UPSTREAM_MISCONFIGURED'],
  ])('gives the status %s of a sibling endpoint the code %s', (status, code) => {
    expect(readVendorStatus(status)).toMatchObject({ code });
  });

  it.each(['-3', '1', '200', '-99', '00', '0 ', '', 'success'])(
    'takes the unknown status %p for a bad response',
    (status) => {
      expect(readVendorStatus(status)).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE', mayPass: false });
    },
  );

  it.each(['-1', '-2', '-13', '-29', '-30', '-31'])(
    'takes %s for a refusal of the gateway itself',
    (status) => {
      expect(readVendorStatus(status)).toMatchObject({ isRefusal: true });
    },
  );

  it.each(['-16', '-32'])('takes %s for none', (status) => {
    expect(readVendorStatus(status)).toMatchObject({ isRefusal: false });
  });

  it('names an unknown status only when it looks like one', () => {
    expect(readVendorStatus('-99')).toMatchObject({ fault: 'status: -99 is not known' });
    expect(readVendorStatus('hunter2')).toMatchObject({ fault: 'status: expected a known code' });
  });

  it.each(['-1', '-16', '-18', '-22', '-15', '-99'])('tells clients no number for %s', (status) => {
    expect(readVendorStatus(status).message).not.toMatch(/\d/);
  });
});
