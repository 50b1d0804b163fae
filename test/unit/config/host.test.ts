import { describe, expect, it } from '@jest/globals';
import { findListenAddress } from '../../../src/config/host.ts';

describe('findListenAddress', () => {
  const lookUp = (address: string) => async () => address;

  it('asks nobody about an address', async () => {
    const lookup = () => Promise.reject(new Error('asked'));
    expect(await findListenAddress({ host: '::1', loopbackNamesOnly: true }, lookup)).toBe('::1');
  });

  it.each(['127.0.1.1', '::1', '::ffff:127.0.0.1'])(
    'takes a name that leads to %s where anonymous callers may ask from this machine only',
    async (address) => {
      const config = { host: 'my-laptop', loopbackNamesOnly: true };
      expect(await findListenAddress(config, lookUp(address))).toBe(address);
    },
  );

  it('refuses a name that leads elsewhere there, localhost included', async () => {
    const config = { host: 'localhost', loopbackNamesOnly: true };
    await expect(findListenAddress(config, lookUp('10.0.0.7'))).rejects.toThrow(
      'HOST: localhost (10.0.0.7) can be reached by others and no callers are configured',
    );
  });

  it('takes any name where callers are configured', async () => {
    const config = { host: 'gateway', loopbackNamesOnly: false };
    expect(await findListenAddress(config, lookUp('10.0.0.7'))).toBe('10.0.0.7');
  });
});
