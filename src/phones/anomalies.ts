import type { Log } from '../domain/log.ts';

/** How long an app's anomalies are gathered before they are logged again, in milliseconds. */
const LOG_EVERY_MS = 60_000;
/** Apps whose anomalies are remembered. */
const MAX_APPS = 1000;

const SIGNS = {
  'anchor-moved': 'the row of a cursor has moved without a change of the total',
  'seam-moved': 'rows have moved between two pages without a change of the total',
  disorder: 'rows that stayed have changed places: the list cannot be paged',
  'total-untrue': 'the total does not agree with the rows, twice in a row',
} as const;

/** What was seen of a list whose order does not hold, or whose total is not true. */
export type Anomaly = keyof typeof SIGNS;

/** Counts the anomalies; the first of an app in a minute is logged, with the counts. */
export interface Anomalies {
  notice(appId: string, sign: Anomaly): void;
}

export function createAnomalies(log: Log, now: () => number): Anomalies {
  const apps = new Map<string, { counts: Partial<Record<Anomaly, number>>; loggedAt: number }>();
  return {
    notice(appId, sign) {
      const seen = apps.get(appId) ?? { counts: {}, loggedAt: Number.NEGATIVE_INFINITY };
      if (apps.size >= MAX_APPS && !apps.has(appId)) apps.clear();
      apps.set(appId, seen);
      seen.counts[sign] = (seen.counts[sign] ?? 0) + 1;
      if (now() - seen.loggedAt < LOG_EVERY_MS) return;
      seen.loggedAt = now();
      log.warn({ appId, sign, signs: { ...seen.counts } }, SIGNS[sign]);
    },
  };
}
