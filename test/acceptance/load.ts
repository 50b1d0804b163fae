import { Agent, request } from 'node:http';

/** How one request ended. */
export interface Outcome {
  /** Milliseconds since the load began. */
  readonly startedAt: number;
  readonly ms: number;
  /** The first error's code; 'OK' without one, 'CUT' without a whole answer. */
  readonly code: string;
}

export interface LoadOptions {
  readonly url: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** Connections at the most: further requests wait on this side and count from when they were due. */
  readonly connections?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The operation that is sent as the n-th. */
  readonly createBody: (index: number) => string;
}

/** Longest time that a client waits for an answer, in milliseconds. */
const PATIENCE_MS = 15_000;

/**
 * Sends so many requests a second, whether or not those before are answered. Resolves once each has ended.
 */
export function runLoad(options: LoadOptions): Promise<readonly Outcome[]> {
  const { url, perSecond, seconds, connections = 2_000, headers = {}, createBody } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const outcomes: Outcome[] = [];
  const startedAt = performance.now();
  const total = Math.round(perSecond * seconds);
  let sent = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * perSecond));
      for (; sent < due; sent++) sendOne(sent);
      if (sent >= total) clearInterval(timer);
    }, 5);

    function sendOne(index: number): void {
      const sentAt = performance.now();
      let isEnded = false;
      const patience = setTimeout(() => sending.destroy(), PATIENCE_MS);
      const end = (code: string) => {
        if (isEnded) return;
        isEnded = true;
        clearTimeout(patience);
        outcomes.push({ startedAt: sentAt - startedAt, ms: performance.now() - sentAt, code });
        if (outcomes.length < total) return;
        agent.destroy();
        resolve(outcomes);
      };
      const sending = request(
        url,
        {
          method: 'POST',
          agent,
          headers: { 'content-type': 'application/json', ...headers },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('end', () => end(findCode(text)));
          response.on('error', () => end('CUT'));
        },
      );
      sending.on('error', () => end('CUT'));
      sending.end(createBody(index));
    }
  });
}

function findCode(text: string): string {
  if (!text.includes('"errors"')) return text.includes('"data"') ? 'OK' : 'CUT';
  return /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? 'CUT';
}

/** The value below which the share of the numbers lies; 0 without numbers. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** How often each code occurs, such as `OK 120, OVERLOADED 80`. */
export function countCodes(outcomes: readonly Outcome[]): string {
  const counts = new Map<string, number>();
  for (const { code } of outcomes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, count]) => `${code} ${count}`).join(', ');
}
