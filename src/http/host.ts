import { isLoopbackAddress } from '../domain/loopback.ts';

const NAME_AND_PORT = /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/;

/**
 * Whether a `Host` header names this machine as only it can be named: as localhost, or by a loopback address. A web page
 * can have its own name resolved to such an address, but the browser then still sends that name.
 */
export function isLoopbackHost(header: string | undefined): boolean {
  const [, address, name] = NAME_AND_PORT.exec(header ?? '') ?? [];
  const host = address ?? name ?? '';
  return host.toLowerCase() === 'localhost' || isLoopbackAddress(host);
}
