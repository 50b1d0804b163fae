import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';

/** Stands before an upstream and remembers the headers of all that is sent to it. */
export interface RecordingRelay {
  readonly baseUrl: string;
  readonly headers: readonly IncomingHttpHeaders[];
  close(): void;
}

/** @param upstream the address of an API, such as `http://127.0.0.1:4100/voice`. */
export async function startRelay(upstream: string): Promise<RecordingRelay> {
  const { origin, pathname } = new URL(upstream);
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((incoming, outgoing) => {
    headers.push(incoming.headers);
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
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
