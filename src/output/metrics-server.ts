import { createServer, type ServerResponse } from 'node:http';
import type { Metrics } from './metrics.ts';

export interface MetricsServer {
  /** Resolves with the address of the page. Rejects when the port is taken. */
  listen(port: number, host: string): Promise<string>;
  close(): void;
}

/** Serves `/metrics` on a port of its own, which a load balancer need not show to anyone. */
export function createMetricsServer(metrics: Pick<Metrics, 'print' | 'contentType'>): MetricsServer {
  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 5_000, keepAliveTimeout: 65_000, maxHeaderSize: 8 * 1024 },
    (request, response) => {
      const [path] = (request.url ?? '').split('?', 1);
      if (path !== '/metrics') return send(response, 404, 'text/plain', 'The metrics are at /metrics.\n');
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return send(response, 405, 'text/plain', 'Metrics are read by GET.\n');
      metrics.print().then(
        (text) => send(response, 200, metrics.contentType, text),
        () => send(response, 500, 'text/plain', 'The metrics cannot be collected.\n'),
      );
    },
  );
  server.maxConnections = 50;

  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          const address = server.address();
          const actualPort = typeof address === 'object' && address !== null ? address.port : port;
          resolve(`http://${host.includes(':') ? `[${host}]` : host}:${actualPort}/metrics`);
        });
      }),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
