import type { Metrics } from '../output/metrics.ts';
import type { RequestLog } from './request-log.ts';

/** Counts each request that is logged. */
export function countAnswers(log: RequestLog, metrics: Pick<Metrics, 'recordAnswer'>): RequestLog {
  return {
    close: log.close,
    record(state, status, errors) {
      log.record(state, status, errors);
      metrics.recordAnswer({ codes: errors.map(({ code }) => code), cost: state.phones?.cost });
    },
  };
}
