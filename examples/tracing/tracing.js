/**
 * Makes OpenTelemetry spans of what the gateway tells by `node:diagnostics_channel`, and sends them by OTLP over HTTP:
 *
 *   node --import ./tracing.js dist/main.js start
 *
 * The gateway itself needs none of these packages. Intentionally without instrumentation of HTTP: it would send the
 * client's `traceparent` on to the vendor. OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES and
 * OTEL_TRACES_SAMPLER mean what they always do.
 */
import { subscribe } from 'node:diagnostics_channel';
import { defaultTextMapGetter, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

/** Requests under way of which a span is kept; one that never ends does not stay for ever. */
const MAX_REQUESTS = 10_000;
/** How long spans wait for others to leave with, in milliseconds. */
const SEND_DELAY_MS = 1_000;

const provider = new NodeTracerProvider({
  resource: defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'itnio-graphql-gateway' }))
    .merge(detectResources({ detectors: [envDetector] })),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter(), { scheduledDelayMillis: SEND_DELAY_MS })],
});
const tracer = provider.getTracer('itnio-graphql-gateway');
const propagator = new W3CTraceContextPropagator();

/** By request id: the oldest first. */
const requests = new Map();

subscribe('itnio-gateway:request:start', (start) => {
  // What joins the trace of whoever has asked.
  const parent = propagator.extract(ROOT_CONTEXT, start, defaultTextMapGetter);
  const span = tracer.startSpan(
    `${start.method} /graphql`,
    {
      kind: SpanKind.SERVER,
      startTime: start.startedAt,
      attributes: {
        'http.request.method': start.method,
        'http.route': '/graphql',
        'itnio.request_id': start.requestId,
      },
    },
    parent,
  );
  start.traceId = span.spanContext().traceId;
  requests.set(start.requestId, span);
  if (requests.size > MAX_REQUESTS) {
    const [[requestId, oldest]] = requests;
    oldest.end();
    requests.delete(requestId);
  }
});

subscribe('itnio-gateway:request:end', ({ requestId, status, operation, caller, codes }) => {
  const span = requests.get(requestId);
  if (span === undefined) return;
  requests.delete(requestId);
  if (operation !== undefined) span.updateName(`query ${operation}`);
  span.setAttributes({
    'http.response.status_code': status,
    'graphql.operation.name': operation,
    'enduser.id': caller,
    'itnio.error_codes': [...new Set(codes)],
  });
  if (status >= 500 || codes.length > 0) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
});

subscribe('itnio-gateway:plan', ({ requestId, startedAt, durationMs, appId, calls }) => {
  addSpan(requestId, 'plan', {
    startedAt,
    durationMs,
    kind: SpanKind.INTERNAL,
    attributes: { 'itnio.app_id': appId, 'itnio.calls': calls },
  });
});

subscribe('itnio-gateway:attempt', ({ requestId, startedAt, durationMs, endpoint, outcome, waitedMs }) => {
  addSpan(requestId, endpoint, {
    startedAt,
    durationMs,
    kind: SpanKind.CLIENT,
    hasFailed: outcome !== 'OK',
    attributes: { 'itnio.endpoint': endpoint, 'itnio.outcome': outcome, 'itnio.waited_ms': waitedMs },
  });
});

/** What the gateway does by itself, such as to probe the vendor, is no part of a request. */
function addSpan(requestId, name, { startedAt, durationMs, kind, attributes, hasFailed = false }) {
  const request = requests.get(requestId);
  if (request === undefined) return;
  const parent = trace.setSpan(ROOT_CONTEXT, request);
  const span = tracer.startSpan(name, { kind, startTime: startedAt, attributes }, parent);
  if (hasFailed) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(startedAt + durationMs);
}

// The gateway ends by itself once it has drained: until then, what is left is sent at once.
for (const signal of ['SIGTERM', 'SIGINT'])
  process.once(signal, () => setInterval(() => provider.forceFlush().catch(() => undefined), 100).unref());
