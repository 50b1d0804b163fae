import { once } from 'node:events';
import { type RequestOptions, request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TlsConfig } from '../../../src/config/config.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';
import { createSelfSignedCertificate } from '../../support/untrusted-server.ts';

const BODY = '{"query":"{ apps { appId } }"}';

function createPair(): TlsConfig {
  const { cert, key } = createSelfSignedCertificate();
  return { certificate: cert, key: new Secret(key) };
}

/** Asks on a connection of its own, and takes none but this certificate. */
async function ask(origin: string, certificate: string, options: RequestOptions = {}): Promise<string> {
  const asked = request(`${origin}/graphql`, {
    method: 'POST',
    ca: certificate,
    servername: 'localhost',
    agent: false,
    headers: { 'content-type': 'application/json' },
    ...options,
  });
  asked.end(BODY);
  const [response] = await once(asked, 'response');
  return text(response);
}

describe('a gateway with a certificate', () => {
  const first = createPair();
  let gateway: ServedGateway;
  beforeEach(async () => {
    gateway = await serveGateway({ config: { tls: first } });
  });
  afterEach(() => gateway.close());

  it('answers by HTTPS, and notes the client', async () => {
    expect(gateway.origin).toMatch(/^https:/);
    expect(await ask(gateway.origin, first.certificate)).toContain('"appId"');
    expect(gateway.requests()).toMatchObject([{ clientAddress: '127.0.0.1' }]);
    expect(gateway.sandbox.calls.total).toBe(0);
  });

  it('gives new connections a new certificate, and leaves open ones as they are', async () => {
    const second = createPair();
    const { port } = new URL(gateway.origin);
    const open = connect({
      port: Number(port),
      host: '127.0.0.1',
      ca: first.certificate,
      servername: 'localhost',
    });
    await once(open, 'secureConnect');

    gateway.reconfigure({}, { tls: second });
    expect(await ask(gateway.origin, second.certificate)).toContain('"appId"');
    await expect(ask(gateway.origin, first.certificate)).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    open.write('GET /ready HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
    expect(await text(open)).toMatch(/^HTTP\/1\.1 200 /);
  });

  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  it.each(['before', 'after'])('refuses TLS 1.1, %s a renewal', async (when) => {
    if (when === 'after') gateway.reconfigure({}, { tls: first });
    // The alert is the gateway's.
    await expect(ask(gateway.origin, first.certificate, old)).rejects.toThrow('alert protocol version');
    const current = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
    expect(await ask(gateway.origin, first.certificate, current)).toContain('"appId"');
  });

  it('closes a connection that speaks plain HTTP, without a word and without a request in the log', async () => {
    const { port } = new URL(gateway.origin);
    const socket = connectPlain(Number(port), '127.0.0.1');
    socket.write('GET /ready HTTP/1.1\r\nhost: localhost\r\n\r\n');
    expect(await text(socket)).not.toContain('HTTP/1.1');
    expect(gateway.requests()).toEqual([]);
    expect(gateway.lines).toContainEqual({
      level: 'debug',
      evidence: { fault: 'ERR_SSL_HTTP_REQUEST' },
      message: 'A TLS handshake has failed.',
    });
  });

  it('answers what is not HTTP inside of TLS in the form of all other answers', async () => {
    const { port } = new URL(gateway.origin);
    const socket = connect({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false });
    socket.write('nonsense\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 [\s\S]*"BAD_REQUEST"/);
    expect(gateway.requests()).toMatchObject([{ clientAddress: '127.0.0.1' }]);
  });

  it('does not wait for a connection that a client has opened in advance when it drains', async () => {
    const { port } = new URL(gateway.origin);
    const socket = connect({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    socket.resume();
    const closed = once(socket, 'close');
    const begun = performance.now();
    await Promise.all([gateway.drain(), closed]);
    expect(performance.now() - begun).toBeLessThan(8_000);
  });
});
