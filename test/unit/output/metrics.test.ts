import { describe, expect, it } from '@jest/globals';
import * as prom from 'prom-client';
import type { AuditRecord } from '../../../src/output/audit-sink.ts';
import { createMetrics } from '../../../src/output/metrics.ts';
import { parseMetrics } from '../../support/read-metrics.ts';

function setUp() {
  let dropped = 0;
  const metrics = createMetrics(prom, {
    version: '1.2.3',
    errorCodes: ['FORBIDDEN', 'OVERLOADED'],
    callers: () => new Set(['dashboard']),
    droppedLogLines: () => dropped,
  });
  return {
    metrics,
    drop: (lines: number) => {
      dropped += lines;
    },
    read: async () => parseMetrics(await metrics.print()),
  };
}

function record(caller: string, outcomes: Partial<AuditRecord>): AuditRecord {
  return {
    time: '',
    requestId: '',
    clientRequestId: undefined,
    trace_id: undefined,
    clientAddress: '',
    caller,
    token: undefined,
    appId: 'secret-app',
    accounts: [],
    read: [],
    failed: [],
    refused: [],
    ...outcomes,
  };
}

const done = { write: async () => undefined };

describe('createMetrics', () => {
  it('counts requests by method, route and status, and those under way', async () => {
    const { metrics, read } = setUp();
    const end = metrics.beginRequest('POST', '/graphql');
    metrics.beginRequest('BREW', 'other')(404);
    expect((await read())['http_server_active_requests']).toBe(1);
    end(200);
    const series = await read();
    expect(series['http_server_active_requests']).toBe(0);
    expect(
      Object.entries(series).filter(([name]) =>
        name.startsWith('http_server_request_duration_seconds_count'),
      ),
    ).toEqual([
      [
        'http_server_request_duration_seconds_count{http_request_method="_OTHER",http_route="other",http_response_status_code="404"}',
        1,
      ],
      [
        'http_server_request_duration_seconds_count{http_request_method="POST",http_route="/graphql",http_response_status_code="200"}',
        1,
      ],
    ]);
  });

  it('counts attempts at the vendor by outcome', async () => {
    const { metrics, read } = setUp();
    for (const outcome of ['OK', 'OK', 'UPSTREAM_TIMEOUT'])
      metrics.vendor.onAttempt({
        endpoint: 'sipQuery',
        outcome,
        durationMs: 20,
        waitedMs: 0,
        query: {},
        requestId: 'r',
      });
    const series = await read();
    const count = 'http_client_request_duration_seconds_count';
    expect(series[`${count}{endpoint="sipQuery",outcome="OK"}`]).toBe(2);
    expect(series[`${count}{endpoint="sipQuery",outcome="UPSTREAM_TIMEOUT"}`]).toBe(1);
  });

  it('counts errors by code, and what answers cost', async () => {
    const { metrics, read } = setUp();
    const cost = { calls: 3, shared: 1, rowsRead: 300, rowsUsed: 20, rowsKept: 5, driftRepairs: 2 };
    metrics.recordAnswer({ codes: ['FORBIDDEN', 'FORBIDDEN'], cost });
    metrics.recordAnswer({ codes: [], cost: undefined });
    expect(await read()).toMatchObject({
      'itnio_gateway_errors_total{code="FORBIDDEN"}': 2,
      itnio_gateway_vendor_calls_total: 3,
      itnio_gateway_shared_calls_total: 1,
      itnio_gateway_rows_read_total: 300,
      itnio_gateway_rows_used_total: 20,
      itnio_gateway_rows_cached_total: 5,
      itnio_gateway_repairs_total: 2,
    });
  });

  it('counts complete readings of lists by how they ended', async () => {
    const { metrics, read } = setUp();
    for (const outcome of ['proved', 'proved', 'given-up'] as const) metrics.noteCensus(outcome);
    expect(await read()).toMatchObject({
      'itnio_gateway_censuses_total{outcome="proved"}': 2,
      'itnio_gateway_censuses_total{outcome="refused"}': 0,
      'itnio_gateway_censuses_total{outcome="given-up"}': 1,
    });
  });

  it('begins with 0, so that the first event is an increase', async () => {
    expect(await setUp().read()).toMatchObject({
      'itnio_gateway_errors_total{code="OVERLOADED"}': 0,
      'itnio_gateway_password_reads_total{caller="dashboard",outcome="refused"}': 0,
      itnio_gateway_audit_failures_total: 0,
    });
  });

  it('counts passwords by caller, who is named where configured only', async () => {
    const { metrics, read } = setUp();
    const sink = metrics.countAudit(done);
    await sink.write([record('dashboard', { read: ['1', '2'], refused: ['3'] })], 0);
    await sink.write(
      [record('anonymous', { refused: ['1'] }), record('jane@example.com', { failed: ['1'] })],
      0,
    );
    const reads = Object.entries(await read()).filter(
      ([name, count]) => name.includes('password_reads') && count > 0,
    );
    expect(reads).toEqual([
      ['itnio_gateway_password_reads_total{caller="dashboard",outcome="read"}', 2],
      ['itnio_gateway_password_reads_total{caller="dashboard",outcome="refused"}', 1],
      ['itnio_gateway_password_reads_total{caller="anonymous",outcome="refused"}', 1],
      ['itnio_gateway_password_reads_total{caller="jwt",outcome="failed"}', 1],
    ]);
  });

  it('counts audit records that could not be written, and no password of theirs', async () => {
    const { metrics, read } = setUp();
    const sink = metrics.countAudit({ write: () => Promise.reject(new Error('full')) });
    await expect(sink.write([record('dashboard', { read: ['1'] })], 0)).rejects.toThrow('full');
    const series = await read();
    expect(series['itnio_gateway_audit_failures_total']).toBe(1);
    expect(series['itnio_gateway_password_reads_total{caller="dashboard",outcome="read"}']).toBe(0);
  });

  it("tells the vendor's state, the breakers and the clock", async () => {
    const { metrics, read } = setUp();
    const { onChange } = metrics.vendor;
    onChange({ kind: 'refused', fault: 'key' });
    onChange({ kind: 'breaker-opened', cause: 'HTTP 503', appId: undefined });
    onChange({ kind: 'breaker-opened', cause: 'HTTP 503', appId: 'a' });
    onChange({ kind: 'breaker-opened', cause: 'HTTP 503', appId: 'b' });
    onChange({ kind: 'breaker-closed', appId: 'a' });
    onChange({ kind: 'clock-corrected', offsetMs: -90_000 });
    expect(await read()).toMatchObject({
      itnio_gateway_vendor_up: 0,
      'itnio_gateway_breaker_open{scope="all"}': 1,
      'itnio_gateway_breaker_open{scope="app"}': 1,
      itnio_gateway_vendor_clock_offset_seconds: -90,
      'itnio_gateway_vendor_changes_total{change="breaker-opened"}': 3,
    });
    onChange({ kind: 'answering' });
    expect(await read()).toMatchObject({ itnio_gateway_vendor_up: 1 });
  });

  it("reads the load of the vendor's queue when it is asked for", async () => {
    const { metrics, read } = setUp();
    let waiting = 0;
    metrics.watchVendor(() => ({ underWay: 20, waiting, limit: 20 }));
    waiting = 7;
    expect(await read()).toMatchObject({
      itnio_gateway_vendor_calls_under_way: 20,
      itnio_gateway_vendor_calls_waiting: 7,
      itnio_gateway_vendor_calls_limit: 20,
    });
  });

  it('reads who is let in and who waits when it is asked for', async () => {
    const { metrics, read } = setUp();
    metrics.watchAdmission(() => ({ inFlight: 60, waiting: 3 }));
    expect(await read()).toMatchObject({
      itnio_gateway_admission_in_flight: 60,
      itnio_gateway_admission_waiting: 3,
    });
  });

  it('tells the configuration, the build and the lines of the log that were dropped', async () => {
    const { metrics, read, drop } = setUp();
    drop(5);
    expect(await read()).toMatchObject({
      itnio_gateway_config_valid: 1,
      [`itnio_gateway_build_info{version="1.2.3",node="${process.version}"}`]: 1,
      itnio_gateway_log_lines_dropped_total: 5,
    });
    metrics.noteConfig(false);
    drop(2);
    expect(await read()).toMatchObject({
      itnio_gateway_config_valid: 0,
      itnio_gateway_log_lines_dropped_total: 7,
    });
  });

  it('has no app and no account in any series', async () => {
    const { metrics } = setUp();
    await metrics.countAudit(done).write([record('dashboard', { read: ['secret-account'] })], 0);
    metrics.vendor.onChange({ kind: 'breaker-opened', cause: 'HTTP 503', appId: 'secret-app' });
    expect(await metrics.print()).not.toContain('secret');
  });
});
