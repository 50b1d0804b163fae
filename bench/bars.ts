import type { Result } from './result.ts';

/** What a run of the benchmark found, beside its table. */
export interface Findings {
  readonly results: readonly Result[];
  readonly startMs: number;
  readonly keptHeapBytes: number;
}

/** A promise with a number. */
export interface Bar {
  readonly promise: string;
  readonly measured: number;
  /** The most that it may be. */
  readonly limit: number;
}

/** The promises of docs/performance.md. Where a limit is a ratio, both sides are of one run. */
export function listBars({ results, startMs, keptHeapBytes }: Findings): readonly Bar[] {
  const get = (task: string, peer: string): Result => {
    const result = results.find((candidate) => candidate.task === task && candidate.peer === peer);
    if (result === undefined) throw new RangeError(`There is no ${task} by ${peer}.`);
    return result;
  };
  const cpuRatio = (task: string) => get(task, 'gateway').cpuMicros / get(task, 'by the book').cpuMicros;
  return [
    { promise: 'page of 20: CPU, by the book = 1', measured: cpuRatio('page of 20'), limit: 1 },
    { promise: 'page of 100: CPU, by the book = 1', measured: cpuRatio('page of 100'), limit: 1 },
    { promise: 'same again: CPU, by the book = 1', measured: cpuRatio('same again'), limit: 0.5 },
    {
      promise: 'page of 20: upstream calls',
      measured: get('page of 20', 'gateway').upstreamCalls,
      // Calls in flight while the counter is read.
      limit: 1.01,
    },
    {
      promise: 'same again: upstream calls',
      measured: get('same again', 'gateway').upstreamCalls,
      limit: 0.01,
    },
    { promise: 'start to ready, seconds', measured: startMs / 1000, limit: 2 },
    { promise: '10,000 phones kept, MB of heap', measured: keptHeapBytes / 1e6, limit: 6 },
  ];
}
