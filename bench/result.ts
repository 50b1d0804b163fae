import type { Round, Subject } from './subject.ts';

/** What all rounds of a subject come to: medians, but for latencies, which are of all requests together. */
export interface Result {
  readonly task: string;
  readonly peer: string;
  readonly cpuMicros: number;
  readonly requestsPerSecond: number;
  readonly upstreamCalls: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly rssBytes: number;
}

export function summarize({ task, peer }: Pick<Subject, 'task' | 'peer'>, rounds: readonly Round[]): Result {
  const latenciesMs = rounds.flatMap((round) => round.latenciesMs);
  return {
    task,
    peer,
    cpuMicros: quantile(
      rounds.map((round) => round.cpuMicrosPerRequest),
      0.5,
    ),
    requestsPerSecond: quantile(
      rounds.map((round) => round.requestsPerSecond),
      0.5,
    ),
    upstreamCalls: quantile(
      rounds.map((round) => round.upstreamCallsPerRequest),
      0.5,
    ),
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    rssBytes: Math.max(...rounds.map((round) => round.rssBytes)),
  };
}

/** The value below which a share of all values lies. 0 when there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
