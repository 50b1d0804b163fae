import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { killProgram, type Program, startProgram } from '../support/program.ts';
import { type RecordingRelay, startRelay } from '../support/recording-relay.ts';

// A process starts in a second, on a machine that does nothing else.
jest.setTimeout(60_000);

const QUERY = 'query First { app(appId: "4luaKsL2") { phones(first: 10) { nodes { account } } } }';
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('what tracers are told', () => {
  let sandbox: Sandbox;
  let relay: RecordingRelay;
  let program: Program;
  let origin: string;
  beforeEach(async () => {
    sandbox = createSandbox();
    await sandbox.listen();
    relay = await startRelay(sandbox.baseUrl);
    program = startProgram('node', {
      ITNIO_BASE_URL: relay.baseUrl,
      ITNIO_API_KEY: sandbox.credentials.apiKey,
      ITNIO_API_SECRET: sandbox.credentials.apiSecret,
      ITNIO_APPS: '4luaKsL2',
      PHONES_CACHE_TTL_MS: '0',
      NODE_OPTIONS: `--import ${new URL('../support/print-traces.js', import.meta.url).href}`,
    });
    origin = await program.origin;
  });
  afterEach(async () => {
    killProgram(program);
    relay.close();
    await sandbox.close();
  });

  async function ask(headers: Readonly<Record<string, string>>): Promise<string> {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: QUERY }),
    });
    await response.text();
    return response.headers.get('x-request-id') ?? '';
  }

  async function end() {
    program.process.kill('SIGTERM');
    await program.exit;
    const steps = [...program.stderr().matchAll(/^trace (.*)$/gm)].map(([, json = '']) => JSON.parse(json));
    const request = program
      .stdout()
      .split('\n')
      .find((line) => line.includes('"msg":"Request."'));
    return { steps, request: JSON.parse(request ?? '{}') };
  }

  it('is a request, its plan and each of its attempts; the vendor is told nothing', async () => {
    sandbox.control.fail({ fault: 'http', httpStatus: 503 });
    const requestId = await ask({ traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01`, tracestate: 'a=1' });
    const { steps, request } = await end();
    const attempt = { endpoint: 'sipQuery', waitedMs: expect.any(Number) };
    const step = { requestId, startedAt: expect.any(Number), durationMs: expect.any(Number) };
    expect(steps).toEqual([
      {
        name: 'request:start',
        requestId,
        traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01`,
        tracestate: 'a=1',
        method: 'POST',
        startedAt: expect.any(Number),
      },
      { name: 'attempt', ...step, ...attempt, outcome: 'UPSTREAM_UNAVAILABLE' },
      { name: 'attempt', ...step, ...attempt, outcome: 'OK' },
      { name: 'plan', ...step, appId: '4luaKsL2', calls: 1 },
      { name: 'request:end', requestId, status: 200, operation: 'First', caller: 'anonymous', codes: [] },
    ]);
    expect(request).toMatchObject({ requestId, trace_id: TRACE_ID });
    expect(relay.headers).toHaveLength(sandbox.calls.total);
    for (const headers of relay.headers) expect(headers).not.toHaveProperty('traceparent');
  });

  it('may name the trace, which then stands in the log', async () => {
    await ask({});
    const { request } = await end();
    expect(request).toMatchObject({ trace_id: 'f'.repeat(32) });
  });
});
