import type * as PromClient from 'prom-client';

/** In seconds: from what a kept row takes to what a request may take. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The series that are counted as things happen. */
export function createSeries(prom: typeof PromClient, registers: PromClient.Registry[]) {
  function counter<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) {
    return new prom.Counter({ name: `itnio_gateway_${name}_total`, help, labelNames, registers });
  }
  function gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) {
    return new prom.Gauge({ name: `itnio_gateway_${name}`, help, labelNames, registers });
  }
  const requests = new prom.Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP requests, until the last byte of their answer is handed over.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: BUCKETS,
    registers,
  });
  const active = new prom.Gauge({
    name: 'http_server_active_requests',
    help: 'HTTP requests under way.',
    registers,
  });
  const attempts = new prom.Histogram({
    name: 'http_client_request_duration_seconds',
    help: 'Duration of requests to the vendor, each attempt by itself, without the time that it waited for its turn.',
    labelNames: ['endpoint', 'outcome'],
    buckets: BUCKETS,
    registers,
  });
  const waits = new prom.Histogram({
    name: 'itnio_gateway_vendor_wait_seconds',
    help: 'How long requests to the vendor have waited for their turn.',
    buckets: BUCKETS,
    registers,
  });
  const errors = counter('errors', 'Errors that clients saw, by code.', ['code']);
  const calls = counter('vendor_calls', 'Vendor calls made for requests; shared ones count for each.');
  const shared = counter('shared_calls', 'Vendor calls of these that another request had started.');
  const rowsRead = counter('rows_read', 'Rows that the vendor sent.');
  const rowsUsed = counter('rows_used', 'Rows that answers hold.');
  const rowsCached = counter('rows_cached', 'Rows of answers that were still kept from earlier.');
  const repairs = counter('repairs', 'Anchors and seams of lists that had moved and were found again.');
  const censuses = counter('censuses', 'Whole lists that were read, by how that ended.', ['outcome']);
  const passwords = counter('password_reads', 'Passwords that were asked for, and how that went.', [
    'caller',
    'outcome',
  ]);
  const auditFailures = counter(
    'audit_failures',
    'Requests that failed because no audit record could be written.',
  );
  const changes = counter('vendor_changes', "Changes of the vendor's state.", ['change']);
  const vendorUp = gauge(
    'vendor_up',
    '1 while the vendor answers; 0 while it cannot be reached, or refuses the gateway.',
  );
  const breakers = gauge('breaker_open', 'Breakers that are open: for all calls, and for single apps.', [
    'scope',
  ]);
  const clockOffset = gauge(
    'vendor_clock_offset_seconds',
    "How far the vendor's clock is ahead, where that is corrected.",
  );
  const configValid = gauge('config_valid', '0 when a configuration that was read again is refused.');
  const build = gauge('build_info', 'Always 1.', ['version', 'node']);
  return {
    requests,
    active,
    attempts,
    waits,
    errors,
    calls,
    shared,
    rowsRead,
    rowsUsed,
    rowsCached,
    repairs,
    censuses,
    passwords,
    auditFailures,
    changes,
    vendorUp,
    breakers,
    clockOffset,
    configValid,
    build,
  };
}
