import type * as PromClient from 'prom-client';
import { ANONYMOUS } from '../domain/caller.ts';
import type { Cost } from '../domain/cost.ts';
import type { VendorChange, VendorObserver } from '../itnio/events.ts';
import type { VendorLoad } from '../itnio/sip-page.ts';
import type { AuditSink } from './audit-sink.ts';
import { createSeries } from './metric-series.ts';

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
  /** Counts a complete reading of a list. */
  noteCensus(outcome: CensusOutcome): void;
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
  readonly cost: Cost | undefined;
}

export interface MetricsOptions {
  readonly version: string;
  /** Those that clients may see. */
  readonly errorCodes: readonly string[];
  /** The names of all who are configured. */
  readonly callers: () => ReadonlySet<string>;
  readonly droppedLogLines: () => number;
}

/** `refused`: the list is too long; `given-up`: it could not be proved. */
type CensusOutcome = 'proved' | 'refused' | 'given-up';

const CENSUS_OUTCOMES: readonly CensusOutcome[] = ['proved', 'refused', 'given-up'];

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

  const series = createSeries(prom, registers);
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
  for (const code of options.errorCodes) series.errors.inc({ code }, 0);
  for (const change of Object.keys(CHANGES)) series.changes.inc({ change }, 0);
  for (const outcome of CENSUS_OUTCOMES) series.censuses.inc({ outcome }, 0);
  for (const caller of [...options.callers(), ANONYMOUS])
    for (const outcome of OUTCOMES) series.passwords.inc({ caller, outcome }, 0);
  series.vendorUp.set(1);
  series.configValid.set(1);
  series.build.set({ version: options.version, node: process.version }, 1);
  for (const scope of ['all', 'app']) series.breakers.set({ scope }, 0);

  /** A caller who is not configured has shown a token of an identity provider. */
  function labelOf(caller: string): string {
    return caller === ANONYMOUS || options.callers().has(caller) ? caller : 'jwt';
  }

  function noteChange(change: VendorChange): void {
    series.changes.inc({ change: change.kind });
    switch (change.kind) {
      case 'refused':
      case 'unreachable':
        series.vendorUp.set(0);
        break;
      case 'answering':
        series.vendorUp.set(1);
        break;
      case 'breaker-opened':
        series.breakers.inc({ scope: change.appId === undefined ? 'all' : 'app' });
        break;
      case 'breaker-closed':
        series.breakers.dec({ scope: change.appId === undefined ? 'all' : 'app' });
        break;
      case 'clock-corrected':
        series.clockOffset.set(change.offsetMs / 1000);
        break;
    }
  }

  return {
    vendor: {
      onAttempt({ endpoint, outcome, durationMs, waitedMs }) {
        series.attempts.observe({ endpoint, outcome }, durationMs / 1000);
        series.waits.observe(waitedMs / 1000);
      },
      onChange: noteChange,
    },
    watchVendor(read) {
      readGauge(
        'vendor_calls_under_way',
        'Vendor calls that are sent and not answered.',
        () => read().underWay,
      );
      readGauge(
        'vendor_calls_limit',
        'Vendor calls that may be under way at a time: less than 20 where fewer bring as many answers.',
        () => read().limit,
      );
      readGauge('vendor_calls_waiting', 'Vendor calls that wait for their turn.', () => read().waiting);
    },
    watchAdmission(read) {
      readGauge('admission_in_flight', 'Weight of the requests that are let in.', () => read().inFlight);
      readGauge('admission_waiting', 'Requests that wait to be let in.', () => read().waiting);
    },
    beginRequest(method = '', route) {
      const startedAt = performance.now();
      series.active.inc();
      return (status) => {
        series.active.dec();
        series.requests.observe(
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
      for (const code of codes) series.errors.inc({ code });
      if (cost === undefined) return;
      series.calls.inc(cost.calls);
      series.shared.inc(cost.shared);
      series.rowsRead.inc(cost.rowsRead);
      series.rowsUsed.inc(cost.rowsUsed);
      series.rowsCached.inc(cost.rowsKept);
      series.repairs.inc(cost.driftRepairs);
    },
    countAudit: (sink) => ({
      async write(records, deadlineAt) {
        try {
          await sink.write(records, deadlineAt);
        } catch (error) {
          series.auditFailures.inc();
          throw error;
        }
        for (const record of records) {
          const caller = labelOf(record.caller);
          for (const outcome of OUTCOMES)
            if (record[outcome].length > 0) series.passwords.inc({ caller, outcome }, record[outcome].length);
        }
      },
    }),
    noteCensus: (outcome) => series.censuses.inc({ outcome }),
    noteConfig: (isValid) => series.configValid.set(isValid ? 1 : 0),
    print: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
