import { describe, expect, it } from '@jest/globals';
import { isLoopbackHost } from '../../../src/http/host.ts';

describe('isLoopbackHost', () => {
  it.each(['localhost', 'LOCALHOST:4000', '127.0.0.1:4000', '127.0.0.2', '[::1]:4000', '[::ffff:127.0.0.1]'])(
    'knows %s for this machine',
    (header) => {
      expect(isLoopbackHost(header)).toBe(true);
    },
  );

  it.each([
    undefined,
    '',
    'gateway',
    '10.0.0.7',
    '[::]',
    '127.0.0.1.example',
    'localhost.example',
    '127.1',
    '::1',
    '[localhost]x',
  ])('does not take %s for it', (header) => {
    expect(isLoopbackHost(header)).toBe(false);
  });
});
