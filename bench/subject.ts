import { withDeadline } from './deadline.ts';
import { openLoad } from './load.ts';
import type { ServerProcess } from './server-process.ts';

/** One server under one kind of request. */
export interface Subject {
  /** What is asked, such as "page of 20". */
  readonly task: string;
  /** Who is asked. */
  readonly peer: string;
  readonly server: ServerProcess;
  /** Whether errors are what is asked for. */
  readonly isWrong: boolean;
  /** Clients at a time. */
  readonly clients: number;
  /** The next request to send: all of them in turn, so that with many none is under way twice. */
  next(): Buffer;
}

/** What one round of load showed of a subject. */
export interface Round {
  readonly cpuMicrosPerRequest: number;
  readonly requestsPerSecond: number;
  readonly upstreamCallsPerRequest: number;
  readonly latenciesMs: readonly number[];
  readonly rssBytes: number;
}

/** Load before each round that is not counted, in milliseconds: a server that was idle has lost the processor's caches to others. */
const SETTLE_MS = 50;
/** What a round may take beyond its time: answers to requests under way, of a slow peer on a busy machine. */
const ROUND_GRACE_MS = 20_000;

export function createSubject(
  { task, peer, server, isWrong, clients }: Omit<Subject, 'next'>,
  requests: readonly Buffer[],
): Subject {
  let sent = 0;
  return {
    task,
    peer,
    server,
    isWrong,
    clients,
    next() {
      const request = requests[sent++ % requests.length];
      if (request === undefined) throw new RangeError(`${task}, ${peer}: there are no requests.`);
      return request;
    },
  };
}

/** @throws {Error} naming the subject, when it gets stuck. */
export async function measureRound(
  subject: Subject,
  readCalls: () => Promise<number>,
  durationMs: number,
): Promise<Round> {
  const { task, peer, server, next, isWrong, clients } = subject;
  const name = `${task}, ${peer}`;
  // Opened for each round: between two, a server may close what is idle.
  const load = await openLoad(server.port, next, { clients, isWrong });
  try {
    await withDeadline(name, SETTLE_MS + ROUND_GRACE_MS, load.run(SETTLE_MS));
    const callsBefore = await withDeadline(name, ROUND_GRACE_MS, readCalls());
    const before = await withDeadline(name, ROUND_GRACE_MS, server.readUsage());
    const running = load.run(durationMs);
    const { requests, seconds, latenciesMs } = await withDeadline(name, durationMs + ROUND_GRACE_MS, running);
    const after = await withDeadline(name, ROUND_GRACE_MS, server.readUsage());
    const calls = (await withDeadline(name, ROUND_GRACE_MS, readCalls())) - callsBefore;
    return {
      cpuMicrosPerRequest: (after.cpuMicros - before.cpuMicros) / requests,
      requestsPerSecond: requests / seconds,
      upstreamCallsPerRequest: calls / requests,
      latenciesMs,
      rssBytes: after.rssBytes,
    };
  } finally {
    load.close();
  }
}
