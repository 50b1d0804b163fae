import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy that opens tunnels, or refuses to. */
export interface ConnectProxy {
  readonly url: string;
  /** What it was asked to connect to, and with which credentials. */
  readonly requests: readonly { readonly target: string; readonly credentials: string | undefined }[];
  /** Answers so from now on; 200 opens the tunnel. */
  answer(how: number | 'never' | 'by closing'): void;
  /** Resolves when no client is connected. */
  untilUnused(): Promise<void>;
  close(): Promise<void>;
}

export async function createConnectProxy(): Promise<ConnectProxy> {
  const requests: { target: string; credentials: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  let status: number | 'never' | 'by closing' = 200;
  const clients = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(500).end());
  server.on('connection', (socket) => {
    sockets.add(socket);
    clients.add(socket);
    socket.once('close', () => clients.delete(socket));
  });
  server.on('connect', ({ url = '', headers }, socket: Socket) => {
    requests.push({ target: url, credentials: headers['proxy-authorization'] });
    socket.on('error', () => socket.destroy());
    // Read, or the end of the connection would not be seen.
    if (status === 'never') {
      socket.resume().once('end', () => socket.end());
      return;
    }
    if (status === 'by closing') {
      socket.end();
      return;
    }
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\nno`);
      return;
    }
    const { hostname, port } = new URL(`http://${url}`);
    const target = connect(Number(port || 443), hostname.replace(/^\[|\]$/g, ''), () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    for (const end of [socket, target]) end.on('error', () => socket.destroy());
    sockets.add(target);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer(next) {
      status = next;
    },
    async untilUnused() {
      while (clients.size > 0) await new Promise(setImmediate);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
