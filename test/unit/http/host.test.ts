import { describe, expect, it } from '@jest/globals';
import { createHostCheck, isLoopbackHost } from '../../../src/http/host.ts';

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

describe('createHostCheck', () => {
  it('asks for a name of this machine each time, whatever came before', () => {
    let isAsked = true;
    const check = createHostCheck(() => isAsked);
    for (const _ of [1, 2]) {
      check('localhost');
      expect(() => check('phones.example')).toThrow('answers to localhost');
      expect(() => check(undefined)).toThrow('answers to localhost');
      isAsked = false;
      check('phones.example');
      check(undefined);
      isAsked = true;
    }
  });
});
