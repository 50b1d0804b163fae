import { isIP, isIPv6 } from 'node:net';
import { isLoopbackAddress } from '../domain/loopback.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';

const EXPECTED = 'expected an IP address, such as 127.0.0.1, 0.0.0.0 or ::, or a name of this machine';
const NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?$/i;

/** Reads where to listen: an IP address, `[…]` around it or not, or a name. */
export function parseHost(text: string): { readonly host: string } | { readonly fault: string } {
  const inner = /^\[(.*)\]$/.exec(text)?.[1];
  if (inner !== undefined && isIPv6(inner)) return { host: inner };
  if (isIP(text) !== 0) return { host: text };
  if (!NAME.test(text)) return { fault: EXPECTED };
  if (!URL.canParse(`http://${text}`)) return { fault: EXPECTED };
  // The system takes `0`, `127.1` and `0x7f000001` for addresses, though not everywhere for the same.
  const { hostname } = new URL(`http://${text}`);
  return isIP(hostname) === 0 ? { host: text } : { fault: `write the address as ${hostname}` };
}

/** Resolves a name to the address that it would be listened on. Rejects with what the system throws. */
export type Lookup = (name: string) => Promise<string>;

/**
 * The address to listen on. A name is judged by the address that it leads to, and that one is listened on.
 * @throws {ConfigError} when others can reach it and anonymous callers may ask only because they are on this machine.
 */
export async function findListenAddress(
  { host, loopbackNamesOnly }: Pick<Config, 'host' | 'loopbackNamesOnly'>,
  lookup: Lookup,
): Promise<string> {
  if (isIP(host) !== 0) return host;
  const address = await lookup(host);
  assertListenAddress({ host, loopbackNamesOnly }, address);
  return address;
}

/**
 * Holds a configuration against the address that is listened on.
 * @throws {ConfigError} when others can reach it and anonymous callers may ask only because they are on this machine.
 */
export function assertListenAddress(
  { host, loopbackNamesOnly }: Pick<Config, 'host' | 'loopbackNamesOnly'>,
  address: string,
): void {
  if (loopbackNamesOnly && !isLoopbackAddress(address))
    throw new ConfigError([describeExposure(host === address ? host : `${host} (${address})`)]);
}

/** What is wrong with an address that others can reach. */
export function describeExposure(host: string): string {
  return `HOST: ${host} can be reached by others and no callers are configured; set CALLERS_FILE, or ANONYMOUS_SCOPES=phones:read to let anyone read phones`;
}
