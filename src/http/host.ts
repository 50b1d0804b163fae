import { isLoopbackAddress } from '../domain/loopback.ts';
import { BadRequestError } from '../errors/request-errors.ts';

/** @throws {BadRequestError} for a `Host` header by which this gateway is not to be asked. */
export type HostCheck = (host: string | undefined) => void;

const FOREIGN_HOST =
  'Listening on this machine alone, this gateway answers to localhost, 127.0.0.1 and [::1] only. A proxy on it must ask by one of these.';

/**
 * Whether a `Host` header names this machine as only it can be named. A web page can have its own name resolved to a
 * loopback address, but the browser then still sends that name.
 */
export function isLoopbackHost(header: string | undefined): boolean {
  const name = header === undefined ? undefined : /^(.*?)(?::\d+)?$/.exec(header)?.[1];
  if (name === undefined) return false;
  const address = /^\[(.*)\]$/.exec(name)?.[1] ?? name;
  return name.toLowerCase() === 'localhost' || isLoopbackAddress(address);
}

/** @param loopbackOnly whether only this machine can reach the gateway, and anonymous callers on it may ask. */
export function createHostCheck(loopbackOnly: () => boolean): HostCheck {
  /** Nearly all requests come by one name. */
  let known: string | undefined;
  return (host) => {
    if (!loopbackOnly() || (host !== undefined && host === known)) return;
    if (!isLoopbackHost(host)) throw new BadRequestError(FOREIGN_HOST, 421);
    known = host;
  };
}
