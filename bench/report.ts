import { type Bar, isKept } from './bars.ts';
import { compareThroughput, type Result } from './result.ts';
import { formatTable } from './table.ts';

/** The table: figures of one run, and what they are beside the peers of the same task. */
export function presentResults(results: readonly Result[]): string {
  return formatTable(
    results.map((result) => {
      const find = (name: string) => results.find(({ task, peer }) => task === result.task && peer === name);
      const divide = (other: Result | undefined) =>
        other === undefined ? '' : (result.quietCpuMicros / other.quietCpuMicros).toFixed(2);
      const proxy = find('signing-proxy');
      return {
        task: result.task,
        server: result.peer,
        'CPU µs': result.cpuMicros.toFixed(0),
        quiet: result.quietCpuMicros.toFixed(0),
        '÷ by-the-book': divide(find('by-the-book')),
        '÷ mercurius': divide(find('mercurius')),
        'requests/s ÷ proxy': proxy === undefined ? '' : compareThroughput(result, proxy).toFixed(2),
        'p50 ms': result.p50Ms.toFixed(1),
        'p99 ms': result.p99Ms.toFixed(1),
        'upstream calls': result.upstreamCalls.toFixed(2),
        'RSS MB': (result.rssBytes / 1e6).toFixed(0),
      };
    }),
  );
}

export function presentBars(bars: readonly Bar[]): string {
  return formatTable(
    bars.map((bar) => ({
      promise: bar.promise,
      measured: bar.measured.toFixed(2),
      'at most': bar.limit,
      aim: bar.aim,
      kept: isKept(bar) ? 'yes' : 'no',
    })),
  );
}
