import type { Log } from '../domain/log.ts';

const ANOMALIES = {
  'anchor-moved': 'the row of a cursor has moved without a change of the total',
  'seam-moved': 'rows have moved between two pages without a change of the total',
  disorder: 'rows that stayed have changed places: the list cannot be paged',
  'total-untrue': 'the total does not agree with the rows, twice in a row',
} as const;

/** What was seen of a list whose order is not stable, or whose total is not true. */
export type Anomaly = keyof typeof ANOMALIES;

/** How long an app's anomalies are gathered before they are logged again, in milliseconds. */
const LOG_EVERY_MS = 60_000;
/** How long it is known of an app that its order is not stable, in milliseconds. */
const DISORDER_LIFETIME_MS = 10 * 60_000;

/** The anomalies of one app's list. */
export class Anomalies {
  readonly #appId: string;
  readonly #log: Log;
  readonly #now: () => number;
  #counts: Partial<Record<Anomaly, number>> = {};
  #loggedAt = Number.NEGATIVE_INFINITY;
  #disorderedUntil = Number.NEGATIVE_INFINITY;

  constructor(appId: string, log: Log, now: () => number) {
    this.#appId = appId;
    this.#log = log;
    this.#now = now;
  }

  /** Counts an anomaly. The first in a minute is logged, with all counts since the start. */
  notice(anomaly: Anomaly): void {
    if (anomaly === 'disorder') this.#disorderedUntil = this.#now() + DISORDER_LIFETIME_MS;
    this.#counts[anomaly] = (this.#counts[anomaly] ?? 0) + 1;
    if (this.#now() - this.#loggedAt < LOG_EVERY_MS) return;
    this.#loggedAt = this.#now();
    this.#log.warn({ appId: this.#appId, anomaly, anomalies: { ...this.#counts } }, ANOMALIES[anomaly]);
  }

  /** Whether rows have changed places in the last 10 minutes. */
  isDisordered(): boolean {
    return this.#now() < this.#disorderedUntil;
  }
}
