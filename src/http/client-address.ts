import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { createSubnetCheck, type Subnet } from '../domain/subnet.ts';

/** Finds the address of the client that sent a request. Without a trusted proxy, that of its connection. */
export type FindClientAddress = (request: IncomingMessage) => string;

/**
 * Trusts proxies in these networks to name their client. Reads the header from the last hop back to the first address that is
 * in none of them: whatever stands before that, the client itself may have written.
 */
export function createClientAddressFinder(trusted: readonly Subnet[]): FindClientAddress {
  if (trusted.length === 0) return addressOfConnection;
  const isTrusted = createSubnetCheck(trusted);

  function follow(from: string, hops: readonly string[]): string {
    let address = from;
    for (let index = hops.length - 1; index >= 0 && isTrusted(address); index--) {
      const hop = readAddress(hops[index] ?? '');
      // A hop that hides itself hides all before it.
      if (hop === undefined) break;
      address = hop;
    }
    return address;
  }

  return (request) => {
    const from = addressOfConnection(request);
    const { 'x-forwarded-for': list, forwarded } = request.headers;
    if (list === undefined && forwarded === undefined) return from;
    const found = [
      ...(list === undefined ? [] : [follow(from, String(list).split(','))]),
      ...(forwarded === undefined ? [] : [follow(from, listForwarded(forwarded))]),
    ];
    // A proxy writes one of the two headers: where they differ, its client may have written the other.
    return new Set(found).size === 1 ? (found[0] ?? from) : from;
  };
}

/** A connection that has closed meanwhile does not tell. */
function addressOfConnection({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? 'unknown';
}

/** The client that each hop names, the first hop first; an empty text for a hop that names none. @see RFC 7239 section 4 */
function listForwarded(header: string): string[] {
  return header.split(',').map((hop) => /(?:^|;)\s*for="?([^";]*)"?/i.exec(hop)?.[1] ?? '');
}

/** Reads an address with or without brackets and port; undefined for a name. */
function readAddress(text: string): string | undefined {
  const trimmed = text.trim();
  const address =
    /^\[([^\]]*)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^([\d.]+):\d+$/.exec(trimmed)?.[1] ?? trimmed;
  return isIP(address) === 0 ? undefined : address;
}
