import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { askOn } from '../support/ask.ts';
import { killProgram, type Program, startProgram } from '../support/program.ts';
import { createSelfSignedCertificate } from '../support/untrusted-server.ts';

// A process starts in a second, on a machine that does nothing else.
jest.setTimeout(60_000);

const QUERY = '{ app(appId: "4luaKsL2") { phones { totalCount } } }';

describe('a process', () => {
  let program: Program | undefined;
  let agent: Agent;
  beforeEach(() => {
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
  });
  afterEach(() => {
    agent.destroy();
    if (program !== undefined) killProgram(program);
  });

  it('whose vendor asks for a certificate of its own says so at once, and that it is for the operator to fix', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vendor-'));
    const { key, cert } = createSelfSignedCertificate();
    writeFileSync(join(folder, 'ca.pem'), cert);
    let requests = 0;
    const vendor = createServer(
      { key, cert, ca: cert, requestCert: true, rejectUnauthorized: true },
      (_, response) => {
        requests += 1;
        response.end();
      },
    );
    await new Promise<void>((resolve) => vendor.listen(0, 'localhost', resolve));
    program = startProgram('node', {
      ITNIO_BASE_URL: `https://localhost:${(vendor.address() as AddressInfo).port}/voice`,
      ITNIO_API_KEY: 'key',
      ITNIO_API_SECRET: 'secret',
      ITNIO_APPS: '4luaKsL2',
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
    });
    const { stdout, origin } = program;
    expect(await askOn(agent, await origin, QUERY)).toMatchObject({
      errors: [{ extensions: { code: 'UPSTREAM_MISCONFIGURED', retryable: false } }],
    });
    while (!stdout().includes('"msg":"Request."')) await once(program.process.stdout ?? process, 'data');
    expect(stdout()).toContain('CERTIFICATE_REQUIRED');
    expect(requests).toBe(0);
    vendor.closeAllConnections();
    vendor.close();
    rmSync(folder, { recursive: true });
  });

  describe('that can open no more connections', () => {
    let vendor: Sandbox;
    const idle = new Set<Socket>();
    beforeEach(async () => {
      vendor = createSandbox();
      await vendor.listen();
    });
    afterEach(async () => {
      for (const socket of idle) socket.destroy();
      await vendor.close();
    });

    /** Opens connections until one is refused. */
    async function exhaust(origin: string): Promise<void> {
      const port = Number(new URL(origin).port);
      for (let isFull = false; !isFull; ) {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => undefined);
        idle.add(socket);
        socket.write('GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n');
        isFull = await new Promise<boolean>((resolve) => {
          socket.once('data', () => resolve(false));
          socket.once('close', () => resolve(true));
        });
      }
    }

    it('is overloaded, and does not take the vendor for unreachable', async () => {
      program = startProgram('few', {
        ITNIO_BASE_URL: vendor.baseUrl,
        ITNIO_API_KEY: vendor.credentials.apiKey,
        ITNIO_API_SECRET: vendor.credentials.apiSecret,
        ITNIO_APPS: '4luaKsL2',
        PHONES_CACHE_TTL_MS: '0',
      });
      const origin = await program.origin;
      // The connection that is kept is there before the others.
      const live = request(`${origin}/live`, { agent });
      live.end();
      const [response] = await once(live, 'response');
      response.resume();
      await once(response, 'end');
      await exhaust(origin);
      for (let index = 0; index < 30; index += 1)
        expect(await askOn(agent, origin, QUERY)).toMatchObject({
          errors: [{ extensions: { code: 'OVERLOADED' } }],
        });
      for (const socket of idle) socket.destroy();
      for (;;) {
        const answer = await askOn(agent, origin, QUERY);
        if (!JSON.stringify(answer).includes('OVERLOADED')) {
          expect(answer).toEqual({ data: { app: { phones: { totalCount: 437 } } } });
          break;
        }
      }
      program.process.kill('SIGTERM');
      expect(await program.exit).toEqual({ code: 0, signal: null });
      expect(program.stdout()).toContain('EMFILE');
      expect(program.stdout()).not.toMatch(/cannot be reached|left alone/);
    });
  });
});
