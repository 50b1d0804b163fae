import type { Round, Subject } from './subject.ts';

/** What all rounds of a subject come to: medians, unless said otherwise. */
export interface Result {
  readonly task: string;
  readonly peer: string;
  readonly rounds: readonly Round[];
  readonly cpuMicros: number;
  /**
   * Of the quieter rounds: three in four took more. What else a machine does can only add to the CPU that a request takes, so
   * this comes nearest to the truth; the very quietest round may merely be the one that met no garbage collection.
   */
  readonly quietCpuMicros: number;
  readonly upstreamCalls: number;
  /** Like the next, of all requests of all rounds together. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The most that was seen. */
  readonly rssBytes: number;
}

export function summarize({ task, peer }: Pick<Subject, 'task' | 'peer'>, rounds: readonly Round[]): Result {
  const latenciesMs = rounds.flatMap((round) => round.latenciesMs);
  return {
    task,
    peer,
    rounds,
    cpuMicros: median(rounds.map((round) => round.cpuMicrosPerRequest)),
    quietCpuMicros: quantile(
      rounds.map((round) => round.cpuMicrosPerRequest),
      0.25,
    ),
    upstreamCalls: median(rounds.map((round) => round.upstreamCallsPerRequest)),
    p50Ms: median(latenciesMs),
    p99Ms: quantile(latenciesMs, 0.99),
    rssBytes: Math.max(...rounds.map((round) => round.rssBytes)),
  };
}

/**
 * How many times as many requests a second one subject answers as another: the median over rounds, each compared with the
 * other's round of the same moment.
 */
export function compareThroughput(result: Result, other: Result): number {
  return median(
    result.rounds.map(
      (round, index) => round.requestsPerSecond / (other.rounds[index]?.requestsPerSecond ?? Number.NaN),
    ),
  );
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which a share of all values lies. 0 when there are none. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
