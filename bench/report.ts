import type { Bar } from './bars.ts';
import type { Result } from './result.ts';
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
        '÷ book': byTheBook === undefined ? '' : (result.cpuMicros / byTheBook.cpuMicros).toFixed(2),
        'req/s ÷ proxy':
          proxy === undefined ? '' : (result.requestsPerSecond / proxy.requestsPerSecond).toFixed(2),
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
    bars.map(({ promise, measured, limit }) => ({
      promise,
      measured: measured.toFixed(2),
      'at most': limit,
      kept: measured <= limit ? 'yes' : 'NO',
    })),
  );
}
