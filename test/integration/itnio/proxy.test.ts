import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../../../src/domain/secret.ts';
import { PROXY_ENDED, ProxyAgent } from '../../../src/itnio/transport/proxy.ts';
import { type ConnectProxy, createConnectProxy } from '../../support/connect-proxy.ts';
import { samplePage } from '../../support/faulty-upstream.ts';
import { createUntrustedServer, type UntrustedServer } from '../../support/untrusted-server.ts';
import { useClients } from './client-fixture.ts';

const openClient = useClients();

let proxy: ConnectProxy;
let server: UntrustedServer;
beforeEach(async () => {
  proxy = await createConnectProxy();
  server = await createUntrustedServer(undefined, JSON.stringify(samplePage()));
});
afterEach(async () => {
  await server.close();
  await proxy.close();
});

describe.each(['node-fetch', 'undici'] as const)('an outbound proxy, with %s', (transport) => {
  const openProxied = (credentials = '') =>
    openClient({
      transport,
      baseUrl: server.url,
      proxyUrl: new Secret(proxy.url.replace('://', `://${credentials}`)),
    });

  it('is asked to connect to the vendor, and does not end the TLS: its certificate is verified', async () => {
    const { askInVain, client } = await openProxied();
    expect(await askInVain()).toMatchObject({
      code: 'UPSTREAM_MISCONFIGURED',
      fault: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'),
    });
    expect(proxy.requests).toEqual([{ target: new URL(server.url).host, credentials: undefined }]);
    expect(server.requestCount).toBe(0);
    expect(client.callCount).toBe(1);
  });

  it('gets user and password where they are configured', async () => {
    const { askInVain } = await openProxied('user:hunter2@');
    await askInVain();
    expect(proxy.requests[0]?.credentials).toBe(`Basic ${btoa('user:hunter2')}`);
  });

  it.each([
    [407, 'UPSTREAM_MISCONFIGURED', 'credentials', 1],
    [403, 'UPSTREAM_MISCONFIGURED', 'HTTP 403', 1],
    [400, 'UPSTREAM_MISCONFIGURED', 'HTTP 400', 1],
    [502, 'UPSTREAM_UNAVAILABLE', 'HTTP 502', 2],
  ])('that answers %d is %s, with its cause for the log', async (status, code, fault, calls) => {
    const { askInVain, client } = await openProxied('user:hunter2@');
    proxy.answer(status);
    const error = await askInVain();
    expect(error).toMatchObject({ code, fault: expect.stringMatching(`proxy.*${fault}`) });
    expect(JSON.stringify(error)).not.toContain('hunter2');
    expect(client.callCount).toBe(calls);
    expect(server.requestCount).toBe(0);
  });

  it('that is not there is UPSTREAM_UNAVAILABLE', async () => {
    await proxy.close();
    const { askInVain } = await openProxied();
    expect(await askInVain()).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('that closes the connection instead of an answer is UPSTREAM_UNAVAILABLE', async () => {
    proxy.answer('by closing');
    const { askInVain, client } = await openProxied();
    expect(await askInVain()).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', fault: PROXY_ENDED });
    expect(client.callCount).toBe(2);
  });

  it('that does not answer is UPSTREAM_TIMEOUT after the time for an attempt', async () => {
    proxy.answer('never');
    const proxyUrl = new Secret(proxy.url);
    const { askInVain, client } = await openClient({
      transport,
      baseUrl: server.url,
      proxyUrl,
      attemptTimeoutMs: 200,
    });
    expect(await askInVain()).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(client.callCount).toBe(2);
    expect(client.load).toMatchObject({ underWay: 0, waiting: 0 });
    expect(proxy.requests).toHaveLength(2);
  });

  /** Asks from a process of its own, since Node reads the authorities it trusts from the environment. */
  it('carries many calls through one tunnel', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'itnio-proxy-'));
    await writeFile(join(directory, 'ca.pem'), server.certificate);
    const source = new URL('../../../src/', import.meta.url);
    const script = `
      import { Waiters } from '${source}domain/requester.ts';
      import { Secret } from '${source}domain/secret.ts';
      import { createItnioClient } from '${source}itnio/client.ts';
      const client = createItnioClient({
        baseUrl: '${server.url.replace('127.0.0.1', 'localhost')}',
        apiKey: new Secret('bDqJFiq9'),
        apiSecret: new Secret('7bz1lzh9'),
        observer: { onAttempt() {}, onChange() {} },
        transport: '${transport}',
        proxyUrl: new Secret('${proxy.url}'),
      });
      const waiters = new Waiters({ share: '', mostOfSlots: 1, requestId: '', allowance: undefined, hasCalled: true });
      const query = { appId: '4luaKsL2', current: 1, size: 20 };
      const totals = [];
      for (let call = 0; call < 5; call += 1)
        totals.push((await client.sipQuery(query, { deadlineAt: performance.now() + 60_000, waiters })).total);
      client.close();
      console.log(totals.join());
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      {
        cwd: new URL('../../..', import.meta.url),
        env: { ...process.env, NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem') },
      },
    );
    await rm(directory, { recursive: true });
    expect(stdout.trim()).toBe('5,5,5,5,5');
    expect(proxy.requests).toHaveLength(1);
    expect(server.requestCount).toBe(5);
  }, 30_000);
});

it('A proxy that does not answer is given up after 10 s, and its connection is closed', async () => {
  proxy.answer('never');
  const timers: { onTime(): void; readonly ms: number }[] = [];
  const startTimer = (onTime: () => void, ms: number) => {
    timers.push({ onTime, ms });
    return () => undefined;
  };
  const agent = new ProxyAgent(new Secret(proxy.url), startTimer, {});
  const tunnel = agent.openTunnel({ host: 'vendor.example', port: 443 });
  while (proxy.requests.length === 0) await new Promise(setImmediate);
  expect(timers.map(({ ms }) => ms)).toEqual([10_000]);
  timers[0]?.onTime();
  await expect(tunnel).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  await proxy.untilUnused();
});
