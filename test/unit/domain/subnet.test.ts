import { describe, expect, it } from '@jest/globals';
import { createSubnetCheck, parseSubnet } from '../../../src/domain/subnet.ts';

describe('parseSubnet', () => {
  it.each([
    ['10.0.0.7', { address: '10.0.0.7', bits: 32 }],
    ['10.0.0.0/8', { address: '10.0.0.0', bits: 8 }],
    ['fd00::/8', { address: 'fd00::', bits: 8 }],
    ['::1', { address: '::1', bits: 128 }],
  ])('reads %s', (text, subnet) => {
    expect(parseSubnet(text)).toEqual(subnet);
  });

  it.each(['', '10.0.0.0/33', '::/129', '10.0.0/8', 'localhost', '10.0.0.0/', '10.0.0.0/-1', 'fe80::1%eth0'])(
    'does not read "%s"',
    (text) => {
      expect(parseSubnet(text)).toBeUndefined();
    },
  );
});

describe('createSubnetCheck', () => {
  const isInside = createSubnetCheck([
    { address: '10.0.0.0', bits: 8 },
    { address: 'fd00::', bits: 8 },
  ]);

  it.each(['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1', 'fd12::1%eth0'])('finds %s inside', (address) => {
    expect(isInside(address)).toBe(true);
  });

  it.each(['11.1.2.3', '::ffff:11.1.2.3', 'fe80::1%eth0', 'unknown', ''])('does not find "%s"', (address) => {
    expect(isInside(address)).toBe(false);
  });
});
