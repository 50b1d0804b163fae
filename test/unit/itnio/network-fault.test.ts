import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { createNetworkError } from '../../../src/itnio/network-fault.ts';

const createFault = (evidence: { code?: string; type?: string }) =>
  Object.assign(new Error('request to https://user:hunter2@host failed'), evidence);

describe('createNetworkError', () => {
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
  ])('takes %s for an upstream that is unavailable', (code) => {
    expect(createNetworkError(createFault({ code }))).toMatchObject({
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
  ])('takes %s for a misconfiguration', (code) => {
    expect(createNetworkError(createFault({ code }))).toMatchObject({ code: 'UPSTREAM_MISCONFIGURED' });
  });

  it.each(['HPE_INVALID_CONSTANT', 'HPE_HEADER_OVERFLOW', 'Z_DATA_ERROR'])(
    'takes %s for a bad response that may pass',
    (code) => {
      expect(createNetworkError(createFault({ code }))).toMatchObject({
        code: 'UPSTREAM_BAD_RESPONSE',
        mayPass: true,
      });
    },
  );

  it.each(['no-redirect', 'invalid-redirect'])('takes %s for a bad response that stays', (type) => {
    expect(createNetworkError(createFault({ type }))).toMatchObject({
      code: 'UPSTREAM_BAD_RESPONSE',
      mayPass: false,
    });
  });

  it('keeps neither the message nor the error', () => {
    expect(inspect(createNetworkError(createFault({ code: 'ECONNRESET' })))).not.toContain('hunter2');
  });

  it('hands back what is a bug of ours', () => {
    const bugs = [
      new Error('no code'),
      Object.assign(new TypeError('bad'), { code: 'ERR_INVALID_CHAR' }),
      'text',
    ];
    expect(bugs.map(createNetworkError)).toEqual(bugs);
  });
});
