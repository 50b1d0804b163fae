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

const PREFLIGHT = { origin: 'https://a.example', 'access-control-request-method': 'POST' };
const BODY = '{"query":"{ apps { appId } }"}';

function createPair(): TlsConfig {
  const { cert, key } = createSelfSignedCertificate();
  return { certificate: cert, key: new Secret(key), clientAuthorities: undefined };
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

describe('a gateway that asks for client certificates', () => {
  const server = createPair();
  const client = createSelfSignedCertificate();
  const stranger = createSelfSignedCertificate();
  let gateway: ServedGateway;
  beforeEach(async () => {
    gateway = await serveGateway({
      variables: { CORS_ORIGINS: PREFLIGHT.origin },
      config: { tls: { ...server, clientAuthorities: client.cert } },
    });
  });
  afterEach(() => gateway.close());

  it('answers who shows one of its authorities', async () => {
    expect(await ask(gateway.origin, server.certificate, client)).toContain('"appId"');
  });

  const expired = createSelfSignedCertificate('200102');
  it.each([
    ['none', {}],
    ['one of others', stranger],
    ['one that is over', expired],
  ])(
    'refuses who shows %s, whatever is asked but a probe or a preflight, and asks nobody',
    async (_, shown) => {
      if (shown === expired) gateway.reconfigure({}, { tls: { ...server, clientAuthorities: expired.cert } });
      const refused = expect.stringMatching(/"This gateway needs a client certificate .*"UNAUTHENTICATED"/);
      const paths = ['/graphql', '/', '/other'].flatMap((path) => [
        { path, method: 'POST', ...shown },
        { path, method: 'GET', ...shown },
      ]);
      for (const options of paths)
        expect([options, await ask(gateway.origin, server.certificate, options)]).toEqual([options, refused]);
      expect(gateway.sandbox.calls.total).toBe(0);
      expect(gateway.requests()).toHaveLength(paths.length);
      for (const [path, answer] of [
        ['/live', '{"live":true}'],
        ['/ready', '{"ready":true}'],
      ])
        expect(await ask(gateway.origin, server.certificate, { path, method: 'GET', ...shown })).toBe(answer);
      const preflight = { method: 'OPTIONS', headers: PREFLIGHT, ...shown };
      expect(await ask(gateway.origin, server.certificate, preflight)).toBe('');
    },
  );

  it.each([
    ['lets a session be resumed that was begun with one', client, 200],
    ['lets nobody in by resuming a session that was begun without', {}, 401],
  ])('%s', async (_, shown, status) => {
    const options = {
      port: Number(new URL(gateway.origin).port),
      host: '127.0.0.1',
      ca: server.certificate,
      servername: 'localhost',
      ...shown,
    };
    const asked = `GET /graphql?query={apps{appId}} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`;
    const first = connect(options);
    first.write(asked);
    const [[session]] = await Promise.all([once(first, 'session'), text(first)]);
    const resumed = connect({ ...options, session });
    await once(resumed, 'secureConnect');
    expect(resumed.isSessionReused()).toBe(true);
    resumed.write(asked);
    expect(await text(resumed)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('takes other authorities for new connections', async () => {
    gateway.reconfigure({}, { tls: { ...server, clientAuthorities: `${stranger.cert}${expired.cert}` } });
    expect(await ask(gateway.origin, server.certificate, stranger)).toContain('"appId"');
    expect(await ask(gateway.origin, server.certificate, client)).toContain('"UNAUTHENTICATED"');
  });
});
