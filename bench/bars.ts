import type { Result } from './result.ts';
import { GATEWAY, KEEPING_GATEWAY, TASKS, type Task, UNDICI_GATEWAY } from './subjects.ts';

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
  readonly aim: number;
}

/** The promises of docs/performance.md: those of which everything was measured. */
export function listBars({ results, startMs, keptHeapBytes }: Findings): readonly Bar[] {
  const find = (task: Task, peer: string) =>
    results.find((result) => result.task === TASKS[task] && result.peer === peer);
  const bars: Bar[] = [];
  const compare = (task: Task, [own, other]: readonly [string, string], limit: number, aim: number) => {
    const [mine, yardstick] = [find(task, own), find(task, other)];
    if (mine === undefined || yardstick === undefined) return;
    const measured = mine.quietCpuMicros / yardstick.quietCpuMicros;
    bars.push({ promise: `${TASKS[task]}: CPU, ${own} ÷ ${other}`, measured, limit, aim });
  };
  const findBest = (task: Task) =>
    results
      .filter((result) => result.task === TASKS[task] && !result.peer.startsWith(GATEWAY))
      .sort((a, b) => a.quietCpuMicros - b.quietCpuMicros)[0]?.peer ?? '';

  compare('page20', [GATEWAY, 'by-the-book'], 0.7, 0.55);
  compare('page100', [GATEWAY, 'by-the-book'], 0.7, 0.55);
  compare('page20', [UNDICI_GATEWAY, 'mercurius'], 2.2, 1.3);
  compare('page100', [UNDICI_GATEWAY, 'mercurius'], 2.2, 1.3);
  compare('again', [KEEPING_GATEWAY, 'mercurius'], 0.8, 0.4);
  for (const task of ['windows', 'entities'] as const)
    for (const own of [KEEPING_GATEWAY, GATEWAY]) compare(task, [own, findBest(task)], 0.5, 0.25);
  const page = find('page20', GATEWAY);
  if (page !== undefined)
    bars.push({ promise: 'page of 20: upstream calls', measured: page.upstreamCalls, limit: 1, aim: 1 });
  const rss = Math.max(
    ...results.filter(({ peer }) => peer.startsWith(GATEWAY)).map(({ rssBytes }) => rssBytes),
  );
  bars.push(
    { promise: 'memory under load, MB', measured: rss / 1e6, limit: 160, aim: 120 },
    { promise: 'start to ready, seconds', measured: startMs / 1000, limit: 0.6, aim: 0.4 },
    { promise: '10,000 phones kept, MB of heap', measured: keptHeapBytes / 1e6, limit: 2.5, aim: 2.5 },
  );
  return bars;
}

export function isKept({ measured, limit }: Bar): boolean {
  return measured <= limit;
}
