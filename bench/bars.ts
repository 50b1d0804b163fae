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
  /** What a busy machine may add before `--check` fails, as a share of the limit. A promise is kept or not without it. */
  readonly noise: number;
}

/**
 * Ratios of quiet rounds of one build differ by some 0.04 from run to run on a machine with other work to do; a check that
 * runs unattended is given more than three times that.
 */
const CPU_NOISE = 0.15;

/** The promises of docs/performance.md. */
export function listBars({ results, startMs, keptHeapBytes }: Findings): readonly Bar[] {
  const get = (task: string, peer: string): Result => {
    const result = results.find((candidate) => candidate.task === task && candidate.peer === peer);
    if (result === undefined) throw new RangeError(`There is no ${task} by ${peer}.`);
    return result;
  };
  const cpuBar = (task: string, limit: number): Bar => ({
    promise: `${task}: CPU, by the book = 1`,
    measured: get(task, 'gateway').quietCpuMicros / get(task, 'by the book').quietCpuMicros,
    limit,
    noise: CPU_NOISE,
  });
  const callsBar = (task: string, limit: number): Bar => ({
    promise: `${task}: upstream calls`,
    measured: get(task, 'gateway').upstreamCalls,
    limit,
    noise: 0.01,
  });
  return [
    cpuBar('page of 20', 1),
    cpuBar('page of 100', 1),
    cpuBar('same again', 0.5),
    callsBar('page of 20', 1),
    callsBar('page of 100', 1),
    callsBar('same again', 0),
    { promise: 'start to ready, seconds', measured: startMs / 1000, limit: 2, noise: 0.5 },
    { promise: '10,000 phones kept, MB of heap', measured: keptHeapBytes / 1e6, limit: 6, noise: 0 },
  ];
}

export function isKept({ measured, limit }: Bar): boolean {
  return measured <= limit;
}

/** Whether it is missed by more than a busy machine can have added. */
export function isBroken({ measured, limit, noise }: Bar): boolean {
  return measured > limit * (1 + noise);
}
