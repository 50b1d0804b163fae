import { isLoopbackAddress } from '../domain/loopback.ts';
import { BadRequestError } from '../errors/request-errors.ts';

/** @throws {BadRequestError} for a `Host` header that this gateway does not answer to. */
export type HostCheck = (host: string | undefined) => void;

const FOREIGN_HOST =
  'Listening on this machine alone, this gateway answers to localhost, 127.0.0.1 and [::1] only. A proxy on it must ask by one of these.';

/**
 * Whether a `Host` header is one of the names that always mean this machine. A web page can have a name of its own resolve
 * to a loopback address, but then the browser sends that name.
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
