import { type Bar, isBroken, isKept } from './bars.ts';
import { compareThroughput, type Result } from './result.ts';
import { formatTable } from './table.ts';

/** The table: figures of one run, and what they are beside the peers of the same task. */
export function presentResults(results: readonly Result[]): string {
  return formatTable(
    results.map((result) => {
      const peers = results.filter(({ task }) => task === result.task);
      const byTheBook = peers.find(({ peer }) => peer === 'by the book');
      const proxy = peers.find(({ peer }) => peer === 'signing proxy');
      return {
        task: result.task,
        server: result.peer,
        'CPU µs': result.cpuMicros.toFixed(0),
        quiet: result.quietCpuMicros.toFixed(0),
        '÷ by the book':
          byTheBook === undefined ? '' : (result.quietCpuMicros / byTheBook.quietCpuMicros).toFixed(2),
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
      kept: isKept(bar) ? 'yes' : presentMiss(bar),
    })),
  );
}

/** What is missed is missed, however closely: `no (1.06), within noise`. */
function presentMiss(bar: Bar): string {
  return `no (${bar.measured.toFixed(2)})${isBroken(bar) ? '' : ', within noise'}`;
}
