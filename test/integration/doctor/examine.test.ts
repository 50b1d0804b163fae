import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { examine } from '../../../src/doctor/examine.ts';
import { WHO } from '../../../src/doctor/finding.ts';
import { createProbe } from '../../../src/doctor/probe.ts';
import { systemClock } from '../../../src/domain/clock.ts';
import { Secret } from '../../../src/domain/secret.ts';
import type { Failure } from '../../../src/sandbox/failure.ts';
import type { Quirks } from '../../../src/sandbox/quirks.ts';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { createConnectProxy } from '../../support/connect-proxy.ts';
import { createUntrustedServer } from '../../support/untrusted-server.ts';

describe('examine', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = createSandbox();
    await sandbox.listen();
  });
  afterEach(() => sandbox.close());

  async function find(options: {
    readonly baseUrl?: string;
    readonly secret?: string;
    readonly appIds?: readonly string[];
    readonly proxy?: string;
    readonly proxyUrl?: string;
    readonly readsOrder?: boolean;
  }) {
    const {
      baseUrl = sandbox.baseUrl,
      secret = sandbox.credentials.apiSecret,
      appIds = ['4luaKsL2'],
    } = options;
    const apiKey = new Secret(sandbox.credentials.apiKey);
    const proxyUrl = options.proxyUrl === undefined ? undefined : new Secret(options.proxyUrl);
    const { probe, close } = createProbe(
      { baseUrl, apiKey, apiSecret: new Secret(secret), proxyUrl },
      systemClock,
    );
    const { proxy, readsOrder = false } = options;
    const findings = await examine({ probe, baseUrl, appIds, proxy, readsOrder });
    close();
    return findings;
  }

  it('finds nothing wrong where nothing is, at one call an app', async () => {
    expect(await find({ appIds: ['4luaKsL2', 'Single01'] })).toEqual([
      { severity: 'ok', cause: "The clock of this machine agrees with the vendor's." },
      { severity: 'ok', cause: expect.stringMatching(/^App 4luaKsL2: 437 phones, answered in \d+ ms\.$/) },
      { severity: 'ok', cause: expect.stringMatching(/^App Single01: 1 phones/) },
    ]);
    expect(sandbox.calls.total).toBe(2);
  });

  it('finds a wrong secret, and does not go on with it', async () => {
    const findings = await find({ secret: 'canary', appIds: ['4luaKsL2', 'Single01'] });
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([
      {
        severity: 'error',
        cause: 'The vendor does not know this key and secret together (status -1).',
        remedy: expect.stringContaining('ITNIO_API_SECRET'),
        who: WHO.OPERATOR,
      },
    ]);
    expect(JSON.stringify(findings)).not.toContain('canary');
    expect(sandbox.calls.total).toBe(1);
  });

  it.each<[string, number, string]>([
    ['behind', 2700, '45 minutes behind'],
    ['ahead', -2700, '45 minutes ahead of'],
  ])(
    'finds a clock that is %s, and what else there is by the right time',
    async (_, clockSkewSeconds, said) => {
      sandbox.control.setQuirks({ clockSkewSeconds });
      const [clock, app, ...others] = await find({});
      expect(clock).toMatchObject({
        severity: 'error',
        cause: expect.stringContaining(said),
        who: WHO.OPERATOR,
      });
      expect(clock?.remedy).toContain('NTP');
      expect(app).toMatchObject({ severity: 'ok', cause: expect.stringContaining('437 phones') });
      expect(others).toEqual([]);
    },
  );

  it('warns of a clock that is a little off', async () => {
    sandbox.control.setQuirks({ clockSkewSeconds: 600 });
    expect((await find({}))[0]).toMatchObject({
      severity: 'warning',
      cause: "The clock of this machine is 10 minutes behind the vendor's; at 30 minutes it refuses.",
    });
  });

  it.each<[Failure, string, string]>([
    [{ fault: 'status', status: -2 }, "this machine's address", WHO.ACCOUNT],
    [{ fault: 'status', status: -31 }, "this machine's address", WHO.ACCOUNT],
    [{ fault: 'status', status: -30 }, 'locked', WHO.ACCOUNT],
    [{ fault: 'status', status: -22 }, 'refuses the app id "4luaKsL2"', WHO.OPERATOR],
    [{ fault: 'status', status: -32 }, 'may not use the app "4luaKsL2"', WHO.ACCOUNT],
    [{ fault: 'status', status: -18 }, 'a fault of its own', WHO.VENDOR],
    [{ fault: 'status', status: -99 }, 'status -99', WHO.VENDOR],
    [{ fault: 'http', httpStatus: 407 }, 'proxy in between asks for credentials', WHO.NETWORK],
    [{ fault: 'http', httpStatus: 403 }, 'before the API sees it', WHO.NETWORK],
    [{ fault: 'http', httpStatus: 404 }, 'no API at the base URL', WHO.OPERATOR],
    [{ fault: 'http', httpStatus: 429 }, 'asked too often', WHO.SERVER],
    [{ fault: 'http', httpStatus: 503 }, 'a fault of its own (HTTP 503)', WHO.SERVER],
    [{ fault: 'redirect', location: 'https://login.example/' }, 'leads elsewhere', WHO.OPERATOR],
    [{ fault: 'html' }, 'not the API', WHO.SERVER],
    [{ fault: 'recordWithoutAccount' }, 'not the API', WHO.SERVER],
    [{ fault: 'resetBeforeHeaders' }, 'no connection', WHO.NETWORK],
    [{ fault: 'hang' }, 'did not answer within 5 seconds', WHO.NETWORK],
  ])('names %j', async (failure, cause, who) => {
    sandbox.control.fail(failure);
    const findings = await find({});
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([
      { severity: 'error', cause: expect.stringContaining(cause), remedy: expect.any(String), who },
    ]);
  });

  it('names an app that the vendor does not know as such only where it says so', async () => {
    expect((await find({ appIds: ['Unknown0'] })).at(-1)).toMatchObject({
      severity: 'warning',
      cause: 'App Unknown0 has no phones, or the vendor does not know it: its answer is the same.',
    });
    sandbox.control.setQuirks({ unknownApp: 'reject' });
    const findings = await find({ appIds: ['Unknown0', '4luaKsL2'] });
    expect(findings.map(({ severity }) => severity)).toEqual(['ok', 'error', 'ok']);
  });

  describe('where nobody answers', () => {
    let closed: string;
    beforeEach(async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      closed = `http://127.0.0.1:${(server.address() as AddressInfo).port}/voice`;
      await new Promise((resolve) => server.close(resolve));
    });

    it('names the firewall', async () => {
      const [finding] = await find({ baseUrl: closed });
      expect(finding).toMatchObject({ severity: 'error', who: WHO.NETWORK });
      expect(finding?.cause).toContain('(ECONNREFUSED)');
      expect(finding?.remedy).toContain('firewall');
    });

    it('names the proxy that is set', async () => {
      const [finding] = await find({ baseUrl: closed, proxy: 'HTTPS_PROXY' });
      expect(finding?.remedy).toContain('HTTPS_PROXY is set');
    });

    it('names a name that nobody knows', async () => {
      const [finding] = await find({ baseUrl: 'http://nobody.invalid/voice' });
      expect(finding?.cause).toMatch(/^The name nobody\.invalid cannot be resolved \(E[A-Z_]+\)\.$/);
    });
  });

  it.each<[number, string, string, string]>([
    [407, 'asks for credentials', 'user and password into HTTPS_PROXY', WHO.OPERATOR],
    [403, 'does not let this machine through', 'allow this host and port', WHO.NETWORK],
    [400, 'does not let this machine through', 'allow this host and port', WHO.NETWORK],
    [502, 'does not reach', 'whether the proxy can resolve', WHO.NETWORK],
  ])('names a proxy that answers %d', async (status, cause, remedy, who) => {
    const proxy = await createConnectProxy();
    proxy.answer(status);
    const findings = await find({
      baseUrl: 'https://vendor.invalid/voice',
      proxy: 'HTTPS_PROXY',
      proxyUrl: proxy.url.replace('://', '://user:hunter2@'),
    });
    await proxy.close();
    expect(proxy.requests.map(({ target }) => target)).toEqual(['vendor.invalid:443']);
    expect(findings).toEqual([
      {
        severity: 'error',
        cause: expect.stringContaining(`HTTP ${status}`),
        remedy: expect.stringContaining(remedy),
        who,
      },
    ]);
    expect(findings[0]?.cause).toContain(cause);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  it('names a certificate that nobody vouches for', async () => {
    const server = await createUntrustedServer();
    const [finding] = await find({ baseUrl: server.url });
    await server.close();
    expect(finding).toMatchObject({ severity: 'error', who: WHO.OPERATOR });
    expect(finding?.cause).toContain('not vouched for');
    expect(finding?.remedy).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('names a server that does not speak TLS', async () => {
    const [finding] = await find({ baseUrl: sandbox.baseUrl.replace('http:', 'https:') });
    expect(finding?.cause).toContain('TLS');
    expect(finding?.remedy).toContain('port of ITNIO_BASE_URL');
  });

  describe('of the order', () => {
    const order = async (quirks: Partial<Quirks>, appIds = ['4luaKsL2']) => {
      sandbox.control.setQuirks(quirks);
      return (await find({ readsOrder: true, appIds })).at(-1);
    };

    it('says that it holds', async () => {
      expect(await order({})).toEqual({
        severity: 'ok',
        cause: 'App 4luaKsL2: its list keeps its order, as far as its first 300 phones tell.',
      });
      expect(sandbox.calls.total).toBe(1 + 3 + 10);
    });

    it('finds one that does not', async () => {
      const finding = await order({ ties: { batchSize: 30 } }, ['Large10k']);
      expect(finding).toMatchObject({ severity: 'error', who: WHO.VENDOR });
      expect(finding?.cause).toContain('another order');
    });

    it('says that it could not be read where pages come in another size', async () => {
      expect(await order({ sizeClamp: { max: 50, mode: 'echo' } })).toMatchObject({ severity: 'warning' });
    });

    it('does not ask about a list without phones', async () => {
      expect(await order({}, ['Empty000'])).toMatchObject({ cause: expect.stringContaining('no phones') });
      expect(sandbox.calls.total).toBe(1);
    });
  });
});
