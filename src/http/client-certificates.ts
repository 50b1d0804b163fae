import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { UnauthenticatedError } from '../errors/access-errors.ts';

/** Lets in requests whose connection has shown a certificate of one of the authorities. */
export interface ClientCertificates {
  /** Notes what the client of a new connection has shown. */
  note(socket: TLSSocket): void;
  /** @throws {UnauthenticatedError} unless the request may be answered. */
  assert(request: IncomingMessage, path: string): void;
}

/** Asked for by probes, which have no certificate. */
const PROBES: ReadonlySet<string> = new Set(['/live', '/ready']);

export function createClientCertificates(): ClientCertificates {
  const shown = new WeakSet<Socket>();

  return {
    note(socket) {
      // A session of TLS 1.3 that is resumed counts as authorized though it was begun without a certificate.
      if (socket.authorized && socket.getPeerX509Certificate() !== undefined) shown.add(socket);
    },
    assert({ socket, method }, path) {
      // Browsers send no certificate with a preflight, whose answer tells nothing.
      if (shown.has(socket) || PROBES.has(path) || method === 'OPTIONS') return;
      throw new UnauthenticatedError(
        'This gateway needs a client certificate of an authority that it trusts, and one that is in force.',
      );
    },
  };
}
