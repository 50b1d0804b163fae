import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { killProgram, type Program, startProgram } from '../support/program.ts';
import { parseMetrics } from '../support/read-metrics.ts';

// A process starts in a second, on a machine that does nothing else.
jest.setTimeout(60_000);

describe('/metrics', () => {
  let sandbox: Sandbox;
  let program: Program | undefined;
  beforeEach(async () => {
    sandbox = createSandbox();
    await sandbox.listen();
  });
  afterEach(async () => {
    if (program !== undefined) killProgram(program);
    await sandbox.close();
  });

  async function start(variables: Readonly<Record<string, string>>) {
    program = startProgram('node', {
      ITNIO_BASE_URL: sandbox.baseUrl,
      ITNIO_API_KEY: sandbox.credentials.apiKey,
      ITNIO_API_SECRET: sandbox.credentials.apiSecret,
      ITNIO_APPS: '4luaKsL2,Large10k',
      PHONES_CACHE_TTL_MS: '0',
      ...variables,
    });
    const origin = await program.origin;
    const url = /"metrics":"([^"]+)"/.exec(program.stdout())?.[1];
    return { program, origin, url };
  }

  function ask(origin: string, query: string): Promise<Response> {
    return fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
  }

  it("has the sandbox's own count of calls, on a port of its own", async () => {
    const { origin, url = '' } = await start({ METRICS: 'on', METRICS_PORT: '0' });
    const queries = ['4luaKsL2', 'Large10k', 'Large10k'].map(
      (appId) => `{ app(appId: "${appId}") { phones(first: 50) { nodes { account } } } }`,
    );
    for (const query of queries) await (await ask(origin, query)).text();
    await ask(origin, '{ app(appId: "") { id } }');
    const reply = await fetch(url);
    expect(reply.headers.get('content-type')).toContain('text/plain');
    const series = parseMetrics(await reply.text());
    expect(sandbox.calls.total).toBe(3);
    expect(series).toMatchObject({
      'http_client_request_duration_seconds_count{endpoint="sipQuery",outcome="OK"}': 3,
      itnio_gateway_vendor_calls_total: 3,
      itnio_gateway_rows_used_total: 150,
      'itnio_gateway_errors_total{code="BAD_USER_INPUT"}': 1,
      'http_server_request_duration_seconds_count{http_request_method="POST",http_route="/graphql",http_response_status_code="200"}': 4,
    });
    expect((await fetch(`${origin}/metrics`)).status).toBe(404);
    expect((await fetch(new URL('/', url))).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  });

  it('counts one reading of a whole list, however many ask for it, and one of a list that is too long', async () => {
    const { origin, url = '' } = await start({ METRICS: 'on', METRICS_PORT: '0', LIST_MAX_CALLS: '20' });
    const groups = (appId: string) => `{ app(appId: "${appId}") { groups { name } } }`;
    const replies = await Promise.all([1, 2, 3].map(() => ask(origin, groups('4luaKsL2'))));
    for (const reply of replies) expect(await reply.json()).not.toHaveProperty('errors');
    await (await ask(origin, groups('Large10k'))).text();
    expect(parseMetrics(await (await fetch(url)).text())).toMatchObject({
      'itnio_gateway_censuses_total{outcome="proved"}': 1,
      'itnio_gateway_censuses_total{outcome="refused"}': 1,
      'itnio_gateway_censuses_total{outcome="given-up"}': 0,
    });
  });

  it('is nowhere when it is not switched on', async () => {
    const { url } = await start({});
    expect(url).toBeUndefined();
  });

  it('keeps no process from ending', async () => {
    const { program, url = '' } = await start({
      METRICS: 'on',
      METRICS_PORT: '0',
      REQUEST_TIMEOUT_MS: '1000',
    });
    expect(parseMetrics(await (await fetch(url)).text())['itnio_gateway_config_valid']).toBe(1);
    program.process.kill('SIGTERM');
    expect(await program.exit).toEqual({ code: 0, signal: null });
  });

  it.each([
    [{ METRICS_PORT: '9464' }, 'METRICS_PORT: has no effect without METRICS=on'],
    [{ METRICS: 'yes' }, 'METRICS: expected one of on, off'],
  ])('%j is refused', async (variables, mistake) => {
    program = startProgram('node', variables);
    expect(await program.exit).toEqual({ code: 1, signal: null });
    expect(program.stderr()).toContain(mistake);
  });
});
