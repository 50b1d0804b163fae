import { describe, expect, it } from '@jest/globals';
import { createStatusError } from '../../../src/itnio/vendor-status.ts';

describe('createStatusError', () => {
  it.each([
    ['-1', 'UPSTREAM_MISCONFIGURED'],
    ['-2', 'UPSTREAM_MISCONFIGURED'],
    ['-16', 'UPSTREAM_MISCONFIGURED'],
    ['-18', 'UPSTREAM_UNAVAILABLE'],
    ['-22', 'UPSTREAM_REJECTED'],
  ])('gives the documented status %s the code %s', (status, code) => {
    expect(createStatusError(status)).toMatchObject({ code });
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
    expect(createStatusError(status)).toMatchObject({ code });
  });

  it.each(['-3', '1', '200', '-99', '00', '0 ', '', 'success'])(
    'takes the unknown status %p for a bad response',
    (status) => {
      expect(createStatusError(status)).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE', mayPass: false });
    },
  );

  it('names an unknown status only when it looks like one', () => {
    expect(createStatusError('-99')).toMatchObject({ fault: 'status: -99 is not known' });
    expect(createStatusError('hunter2')).toMatchObject({ fault: 'status: expected a known code' });
  });

  it.each(['-1', '-16', '-18', '-22', '-15', '-99'])('tells clients no number for %s', (status) => {
    expect(createStatusError(status).message).not.toMatch(/\d/);
  });
});
