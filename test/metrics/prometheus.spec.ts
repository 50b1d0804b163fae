import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { killProgram, type Program, startProgram } from '../support/program.ts';
import { DEPLOY, type Prometheus, promtool, startPrometheus } from './prometheus.ts';

jest.setTimeout(120_000);

const readText = (path: string) => readFile(new URL(path, DEPLOY), 'utf8');
const QUERY = '{ app(appId: "4luaKsL2") { phones(first: 10) { nodes { account } } } }';

describe('deploy/prometheus', () => {
  it('holds a configuration and rules that Prometheus takes', async () => {
    expect(await promtool('check', 'config', 'prometheus.yml')).toContain('SUCCESS');
    expect(await promtool('check', 'rules', 'alerts.yml')).toContain('SUCCESS');
  });

  it('holds rules that fire when they should, and not before', async () => {
    expect(await promtool('test', 'rules', 'alerts.test.yml')).toContain('SUCCESS');
  });
});

describe('a gateway that Prometheus asks', () => {
  let folder: string;
  let sandbox: Sandbox;
  let program: Program;
  let prometheus: Prometheus;
  let origin: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
    sandbox = createSandbox();
    await sandbox.listen();
    program = startProgram('node', {
      ITNIO_BASE_URL: sandbox.baseUrl,
      ITNIO_API_KEY: sandbox.credentials.apiKey,
      ITNIO_API_SECRET: sandbox.credentials.apiSecret,
      ITNIO_APPS: '4luaKsL2',
      PHONES_CACHE_TTL_MS: '0',
      METRICS: 'on',
      METRICS_PORT: '0',
    });
    origin = await program.origin;
    const target = new URL(/"metrics":"([^"]+)"/.exec(program.stdout())?.[1] ?? '');
    // Nobody waits for minutes here: what has to last so long has to last for 2 s.
    const rules = (await readText('prometheus/alerts.yml')).replace(/for: \d+m/g, 'for: 2s');
    prometheus = await startPrometheus(folder, rules, target.host);
  });
  afterAll(async () => {
    await prometheus.close();
    killProgram(program);
    await sandbox.close();
    await rm(folder, { recursive: true });
  });

  async function ask(times: number): Promise<void> {
    for (let request = 0; request < times; request++)
      await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: QUERY }),
      });
  }

  /** Asks again until something holds: Prometheus looks once a second. */
  async function until(holds: () => Promise<boolean>): Promise<void> {
    for (let left = 120; left > 0; left--) {
      if (await holds()) return;
      await delay(250);
    }
    throw new Error('That has not come about within 30 s.');
  }

  it("shows it the sandbox's own count of calls", async () => {
    await ask(20);
    await until(
      async () =>
        (await prometheus.query('sum(http_client_request_duration_seconds_count)'))[0] ===
        sandbox.calls.total,
    );
    expect(await prometheus.query('itnio_gateway_vendor_calls_total')).toEqual([20]);
    expect(await prometheus.query('itnio_gateway_rows_used_total')).toEqual([200]);
  });

  it('has every series that the dashboard and the rules name', async () => {
    const dashboard = JSON.parse(await readText('grafana/itnio-gateway.json'));
    const expressions: string[] = dashboard.panels.flatMap(
      ({ targets }: { readonly targets: readonly { readonly expr: string }[] }) =>
        targets.map(({ expr }) => expr.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '1m')),
    );
    // Prometheus refuses what it cannot parse.
    for (const expression of expressions) await prometheus.query(expression);
    const rules = await readText('prometheus/alerts.yml');
    const names = new Set(
      [...expressions, ...rules.split('\n').filter((line) => !line.includes('summary:'))].flatMap(
        (text) => text.match(/\b(?:itnio_gateway|http|nodejs|process)_[a-z0-9_]+/g) ?? [],
      ),
    );
    const known = ['http_response_status_code', 'http_route'];
    for (const name of names) {
      if (known.includes(name)) continue;
      expect([name, (await prometheus.query(`count(${name})`)).length]).toEqual([name, 1]);
    }
  });

  it('makes alerts fire while the vendor is away, and cease when it is back', async () => {
    expect(await prometheus.firing()).toEqual([]);
    sandbox.control.fail({ fault: 'resetBeforeHeaders', times: 10_000 });
    await until(async () => {
      await ask(3);
      return (await prometheus.firing()).includes('VendorFails');
    });
    await until(async () => (await prometheus.firing()).includes('VendorDown'));
    // No request is needed: the gateway looks by itself whether the vendor is back.
    sandbox.control.reset();
    await until(async () => !(await prometheus.firing()).includes('VendorDown'));
  });

  it('makes an alert fire when it has ended', async () => {
    program.process.kill('SIGTERM');
    expect(await program.exit).toEqual({ code: 0, signal: null });
    await until(async () => (await prometheus.firing()).includes('GatewayDown'));
  });
});
