import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy that opens tunnels, or refuses to. */
export interface ConnectProxy {
  readonly url: string;
  /** What it was asked to connect to, and with which credentials. */
  readonly requests: readonly { readonly target: string; readonly credentials: string | undefined }[];
  /** Answers so from now on; 200 opens the tunnel. */
  answer(status: number): void;
  close(): Promise<void>;
}

export async function createConnectProxy(): Promise<ConnectProxy> {
  const requests: { target: string; credentials: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  let status = 200;
  const server = createServer((_, response) => response.writeHead(500).end());
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', ({ url = '', headers }, socket: Socket) => {
    requests.push({ target: url, credentials: headers['proxy-authorization'] });
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
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
