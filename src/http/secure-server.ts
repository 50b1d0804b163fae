import { createServer, type Server, type ServerOptions } from 'node:https';
import type { TlsConfig } from '../config/config.ts';
import { findErrorCode } from '../domain/error-code.ts';
import type { Log } from '../domain/log.ts';

export interface HandshakeLimits {
  readonly handshakeTimeoutMs: number;
  /** Connections at a time. */
  readonly connections: number;
  /** Connections beside those that have not shown yet that they speak TLS. */
  readonly handshakes: number;
}

/** A server that speaks HTTP over TLS, and nothing else. */
export function createSecureServer(options: ServerOptions, limits: HandshakeLimits, log: Log): Server {
  const server = createServer({ ...options, handshakeTimeout: limits.handshakeTimeoutMs });
  server.maxConnections = limits.connections + limits.handshakes;
  // Before the handler of what is not HTTP, since here is no way to answer. A scanner, or a client that speaks plain HTTP.
  server.prependListener('tlsClientError', (error, socket) => {
    socket.destroy();
    log.debug({ fault: findErrorCode(error) ?? 'unknown' }, 'A TLS handshake has failed.');
  });
  return server;
}

/** What a server shows, and whose certificates it asks for: at its start, and when they are renewed. */
export function createTlsOptions({ certificate, key, clientAuthorities }: TlsConfig) {
  const shown = { cert: certificate, key: key.reveal(), minVersion: 'TLSv1.2' } as const;
  if (clientAuthorities === undefined) return shown;
  // Requests are refused, not connections: probes have no certificate, and whoever lacks one is told so.
  return { ...shown, ca: clientAuthorities, requestCert: true, rejectUnauthorized: false };
}
