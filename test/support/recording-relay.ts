import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';

/** Stands before an upstream, remembers the headers of all that is sent to it, and passes it on. */
export interface RecordingRelay {
  readonly baseUrl: string;
  readonly headers: readonly IncomingHttpHeaders[];
  /** How many requests ended before they were answered. */
  readonly abandoned: number;
  /** Passes nothing on any more. @returns passes on what has come, and what comes. */
  hold(): () => void;
  close(): void;
}

/** @param upstream the address of an API, such as `http://127.0.0.1:4100/voice`. */
export async function startRelay(upstream: string): Promise<RecordingRelay> {
  const { origin, pathname } = new URL(upstream);
  const headers: IncomingHttpHeaders[] = [];
  let abandoned = 0;
  let held: Promise<void> | undefined;
  const server = createServer(async (incoming, outgoing) => {
    headers.push(incoming.headers);
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) abandoned++;
    });
    await held;
    const onward = request(`${origin}${incoming.url}`, {
      method: incoming.method,
      headers: incoming.headers,
    });
    onward.on('response', (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    });
    incoming.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}${pathname}`,
    headers,
    get abandoned() {
      return abandoned;
    },
    hold() {
      let release = () => {};
      held = new Promise((resolve) => {
        release = resolve;
      });
      return () => release();
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
