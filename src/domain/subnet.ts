import { BlockList, isIP, isIPv4 } from 'node:net';

/** A network of IP addresses. */
export interface Subnet {
  readonly address: string;
  /** How many bits at the start of an address make the network. */
  readonly bits: number;
}

/** Reads an IP address, which is a network of one, or a network such as `10.0.0.0/8`. Undefined for anything else. */
export function parseSubnet(text: string): Subnet | undefined {
  const [, address = '', digits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0 || address.includes('%')) return undefined;
  const width = version === 4 ? 32 : 128;
  const bits = digits === undefined ? width : Number(digits);
  return bits > width ? undefined : { address, bits };
}

/** @returns whether an IP address, in whatever spelling, is in one of the networks. */
export function createSubnetCheck(subnets: readonly Subnet[]): (address: string) => boolean {
  const list = new BlockList();
  for (const { address, bits } of subnets) list.addSubnet(address, bits, isIPv4(address) ? 'ipv4' : 'ipv6');
  return (address) => {
    const [bare = ''] = address.split('%');
    const version = isIP(bare);
    return version !== 0 && list.check(bare, version === 4 ? 'ipv4' : 'ipv6');
  };
}
