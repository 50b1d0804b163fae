import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether a text is an IP address, in whatever spelling, that only this machine can reach. False for any name. */
export function isLoopbackAddress(text: string): boolean {
  const version = isIP(text);
  if (version === 0) return false;
  // A zone, as in `::1%lo`, changes nothing. IPv4 in IPv6, as in `::ffff:127.0.0.1`, meets the rule for IPv4.
  return LOOPBACK.check(text.replace(/%.*$/, ''), version === 4 ? 'ipv4' : 'ipv6');
}
