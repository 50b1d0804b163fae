import type * as PromClient from 'prom-client';
import { ANONYMOUS } from '../domain/caller.ts';
import type { VendorChange, VendorObserver } from '../itnio/events.ts';
import type { VendorLoad } from '../itnio/sip-page.ts';
import type { AuditSink } from './audit-sink.ts';

/** What is counted. No series has an app id, an account or a request as a label, and no caller who is not configured. */
export interface Metrics {
  readonly vendor: VendorObserver;
  /** @param read how many calls are sent and wait, at the moment. */
  watchVendor(read: () => VendorLoad): void;
  /** @param read the weight of the requests that are let in, and how many wait, at the moment. */
  watchAdmission(read: () => AdmissionLoad): void;
  /** Counts an HTTP request that begins. @returns counts its end. */
  beginRequest(method: string | undefined, route: string): (status: number) => void;
  recordAnswer(answer: AnswerFigures): void;
  /** Counts what is written to a sink. */
  countAudit(sink: AuditSink): AuditSink;
  noteConfig(isValid: boolean): void;
  /** All series, in Prometheus' text format. */
  print(): Promise<string>;
  readonly contentType: string;
}

interface AdmissionLoad {
  readonly inFlight: number;
  readonly waiting: number;
}

/** What one answer tells. */
export interface AnswerFigures {
  /** A code for each error that the client sees. */
  readonly codes: readonly string[];
  readonly cost: CostFigures | undefined;
}

interface CostFigures {
  readonly calls: number;
  readonly rowsRead: number;
  readonly rowsUsed: number;
  readonly rowsKept: number;
  readonly shared: number;
  readonly driftRepairs: number;
}

export interface MetricsOptions {
  readonly version: string;
  /** Those that clients may see. */
  readonly errorCodes: readonly string[];
  /** The names of all who are configured. */
  readonly callers: () => ReadonlySet<string>;
  readonly droppedLogLines: () => number;
}

/** In seconds: from what a kept row takes to what a request may take. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const OUTCOMES = ['read', 'failed', 'refused'] as const;

const CHANGES: Readonly<Record<VendorChange['kind'], 0>> = {
  refused: 0,
  unreachable: 0,
  answering: 0,
  'breaker-opened': 0,
  'breaker-closed': 0,
  'clock-corrected': 0,
  'cool-down': 0,
};

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'HEAD', 'OPTIONS']);

/** @param prom the package, which is loaded only where something is to be counted. */
export function createMetrics(prom: typeof PromClient, options: MetricsOptions): Metrics {
  const registry = new prom.Registry();
  const registers = [registry];
  prom.collectDefaultMetrics({ register: registry });
  // Their names say that they are counters, which they are not.
  for (const kind of ['handles', 'requests', 'resources'])
    registry.removeSingleMetric(`nodejs_active_${kind}_total`);

  function counter<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) {
    return new prom.Counter({ name: `itnio_gateway_${name}_total`, help, labelNames, registers });
  }
  function gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) {
    return new prom.Gauge({ name: `itnio_gateway_${name}`, help, labelNames, registers });
  }
  /** One that is read when it is asked for. */
  function readGauge(name: string, help: string, read: () => number): void {
    new prom.Gauge({
      name: `itnio_gateway_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
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
  const dropped = new prom.Counter({
    name: 'itnio_gateway_log_lines_dropped_total',
    help: 'Lines of the log that were lost because they could not be written in time.',
    registers,
    collect() {
      this.reset();
      this.inc(options.droppedLogLines());
    },
  });
  dropped.inc(0);
  // A series that begins with its first event hides that event from whoever watches its increase.
  for (const code of options.errorCodes) errors.inc({ code }, 0);
  for (const change of Object.keys(CHANGES)) changes.inc({ change }, 0);
  for (const caller of [...options.callers(), ANONYMOUS])
    for (const outcome of OUTCOMES) passwords.inc({ caller, outcome }, 0);
  vendorUp.set(1);
  configValid.set(1);
  build.set({ version: options.version, node: process.version }, 1);
  for (const scope of ['all', 'app']) breakers.set({ scope }, 0);

  /** A caller who is not configured has shown a token of an identity provider. */
  function labelOf(caller: string): string {
    return caller === ANONYMOUS || options.callers().has(caller) ? caller : 'jwt';
  }

  function noteChange(change: VendorChange): void {
    changes.inc({ change: change.kind });
    switch (change.kind) {
      case 'refused':
      case 'unreachable':
        vendorUp.set(0);
        break;
      case 'answering':
        vendorUp.set(1);
        break;
      case 'breaker-opened':
        breakers.inc({ scope: change.appId === undefined ? 'all' : 'app' });
        break;
      case 'breaker-closed':
        breakers.dec({ scope: change.appId === undefined ? 'all' : 'app' });
        break;
      case 'clock-corrected':
        clockOffset.set(change.offsetMs / 1000);
        break;
    }
  }

  return {
    vendor: {
      onAttempt({ endpoint, outcome, durationMs, waitedMs }) {
        attempts.observe({ endpoint, outcome }, durationMs / 1000);
        waits.observe(waitedMs / 1000);
      },
      onChange: noteChange,
    },
    watchVendor(read) {
      readGauge(
        'vendor_calls_under_way',
        'Vendor calls that are sent and not answered.',
        () => read().underWay,
      );
      readGauge('vendor_calls_waiting', 'Vendor calls that wait for their turn.', () => read().waiting);
    },
    watchAdmission(read) {
      readGauge('admission_in_flight', 'Weight of the requests that are let in.', () => read().inFlight);
      readGauge('admission_waiting', 'Requests that wait to be let in.', () => read().waiting);
    },
    beginRequest(method = '', route) {
      const startedAt = performance.now();
      active.inc();
      return (status) => {
        active.dec();
        requests.observe(
          {
            http_request_method: METHODS.has(method) ? method : '_OTHER',
            http_route: route,
            http_response_status_code: status,
          },
          (performance.now() - startedAt) / 1000,
        );
      };
    },
    recordAnswer({ codes, cost }) {
      for (const code of codes) errors.inc({ code });
      if (cost === undefined) return;
      calls.inc(cost.calls);
      shared.inc(cost.shared);
      rowsRead.inc(cost.rowsRead);
      rowsUsed.inc(cost.rowsUsed);
      rowsCached.inc(cost.rowsKept);
      repairs.inc(cost.driftRepairs);
    },
    countAudit: (sink) => ({
      async write(records, deadlineAt) {
        try {
          await sink.write(records, deadlineAt);
        } catch (error) {
          auditFailures.inc();
          throw error;
        }
        for (const record of records) {
          const caller = labelOf(record.caller);
          for (const outcome of OUTCOMES)
            if (record[outcome].length > 0) passwords.inc({ caller, outcome }, record[outcome].length);
        }
      },
    }),
    noteConfig: (isValid) => configValid.set(isValid ? 1 : 0),
    print: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
