import { openLoad } from './load.ts';
import type { ServerProcess } from './server-process.ts';

/** One server under one kind of request. */
export interface Subject {
  /** What is asked, such as "page of 20". */
  readonly task: string;
  /** Who is asked. */
  readonly peer: string;
  readonly server: ServerProcess;
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

/** Clients at a time: fewer than the connections that any of the servers opens to its upstream. */
const CLIENTS = 16;

export function createSubject(
  task: string,
  peer: string,
  server: ServerProcess,
  requests: readonly Buffer[],
): Subject {
  let sent = 0;
  return {
    task,
    peer,
    server,
    next() {
      const request = requests[sent++ % requests.length];
      if (request === undefined) throw new RangeError(`${task}, ${peer}: there are no requests.`);
      return request;
    },
  };
}

export async function measureRound(
  { server, next }: Subject,
  readCalls: () => Promise<number>,
  durationMs: number,
): Promise<Round> {
  // Opened for each round: between two, a server may close what is idle.
  const load = await openLoad(server.port, next, CLIENTS);
  const callsBefore = await readCalls();
  const before = await server.readUsage();
  const { requests, seconds, latenciesMs } = await load.run(durationMs);
  const after = await server.readUsage();
  const calls = (await readCalls()) - callsBefore;
  load.close();
  return {
    cpuMicrosPerRequest: (after.cpuMicros - before.cpuMicros) / requests,
    requestsPerSecond: requests / seconds,
    upstreamCallsPerRequest: calls / requests,
    latenciesMs,
    rssBytes: after.rssBytes,
  };
}
