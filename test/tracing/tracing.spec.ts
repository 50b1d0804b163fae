import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { killProgram, type Program, startProgram } from '../support/program.ts';
import { type RecordingRelay, startRelay } from '../support/recording-relay.ts';

jest.setTimeout(60_000);

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT_ID = '00f067aa0ba902b7';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
}

/** What takes spans by OTLP, as a collector does. */
async function startCollector() {
  const spans: Span[] = [];
  const server = createServer(async (request, response) => {
    const { resourceSpans } = Object(await json(request));
    for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, spans };
}

describe('examples/tracing', () => {
  let sandbox: Sandbox;
  let relay: RecordingRelay;
  let program: Program;
  let collector: { readonly server: Server; readonly spans: readonly Span[] };
  beforeEach(async () => {
    sandbox = createSandbox();
    await sandbox.listen();
    relay = await startRelay(sandbox.baseUrl);
    collector = await startCollector();
    const address = Object(collector.server.address());
    program = startProgram('node', {
      ITNIO_BASE_URL: relay.baseUrl,
      ITNIO_API_KEY: sandbox.credentials.apiKey,
      ITNIO_API_SECRET: sandbox.credentials.apiSecret,
      ITNIO_APPS: '4luaKsL2',
      NODE_OPTIONS: '--import ./examples/tracing/tracing.js',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${address.port}`,
    });
  });
  afterEach(async () => {
    killProgram(program);
    collector.server.close();
    relay.close();
    await sandbox.close();
  });

  it("joins the client's trace: a span of the request, of its plan and of each attempt", async () => {
    const origin = await program.origin;
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${TRACE_ID}-${PARENT_ID}-01` },
      body: JSON.stringify({
        query: 'query Some { app(appId: "4luaKsL2") { phones(first: 5) { totalCount nodes { account } } } }',
      }),
    });
    await response.text();
    program.process.kill('SIGTERM');
    expect(await program.exit).toEqual({ code: 0, signal: null });

    const request = collector.spans.find(({ kind }) => kind === 2);
    expect(request).toMatchObject({ name: 'query Some', traceId: TRACE_ID, parentSpanId: PARENT_ID });
    const children = collector.spans.filter(({ parentSpanId }) => parentSpanId === request?.spanId);
    expect(children.map(({ name, traceId }) => [name, traceId]).sort()).toEqual([
      ['plan', TRACE_ID],
      ['sipQuery', TRACE_ID],
    ]);
    expect(program.stdout()).toContain(`"trace_id":"${TRACE_ID}"`);
    expect(sandbox.calls.total).toBe(1);
    expect(relay.headers).toHaveLength(sandbox.calls.total);
    for (const headers of relay.headers) expect(headers).not.toHaveProperty('traceparent');
  });
});
