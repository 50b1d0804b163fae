import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Gateway } from '../gateway.ts';
import { createConnections } from './connections.ts';
import { createCors } from './cors.ts';
import { createGraphQLRoute } from './graphql-route.ts';
import { createRequestInfo } from './request-info.ts';

export interface GatewayServerOptions {
  readonly gateway: Gateway;
  readonly corsOrigins: readonly string[];
  /** Whether GraphQL is answered only where a request names this machine as its host. */
  readonly loopbackNamesOnly: boolean;
  /** Whether `/` leads to GraphiQL. */
  readonly graphiql: boolean;
  /** How long a draining server still accepts connections, in milliseconds. */
  readonly shutdownGraceMs: number;
  readonly randomId: () => string;
}

export interface GatewayServer {
  /** Resolves with the address, such as `http://127.0.0.1:4000`. Rejects when the port is taken. */
  listen(port: number, host: string): Promise<string>;
  /**
   * Says no at `/ready`, goes on answering for the grace, then closes the listener and waits until everything in
   * flight is answered. Calling it again changes nothing.
   */
  drain(): Promise<void>;
}

/** Where this server ends a client's patience or its own, in milliseconds or bytes. */
const HTTP_LIMITS = {
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  keepAliveTimeoutMs: 65_000,
  headerBytes: 16 * 1024,
  bodyBytes: 64 * 1024,
  /** Measured from the first signal; whatever is still open then is cut. */
  drainMs: 9_500,
} as const;

const IDLE_CHECK_MS = 25;

export function createGatewayServer(options: GatewayServerOptions): GatewayServer {
  const { gateway, randomId } = options;
  const cors = createCors(options.corsOrigins);
  const answerGraphQL = createGraphQLRoute({
    gateway,
    maxBodyBytes: HTTP_LIMITS.bodyBytes,
    loopbackNamesOnly: options.loopbackNamesOnly,
  });
  const connections = createConnections();
  const now = () => performance.now();
  let drained: Promise<void> | undefined;

  const server = createServer(
    {
      headersTimeout: HTTP_LIMITS.headersTimeoutMs,
      requestTimeout: HTTP_LIMITS.requestTimeoutMs,
      keepAliveTimeout: HTTP_LIMITS.keepAliveTimeoutMs,
      maxHeaderSize: HTTP_LIMITS.headerBytes,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => {
      if (drained !== undefined) response.setHeader('connection', 'close');
      const target = readTarget(request.url);
      request.url = target;
      const [path] = target.split('?', 1);
      switch (path) {
        case '/graphql':
          if (cors.answerPreflight(request, response)) return;
          cors.apply(request, response);
          void answerGraphQL(
            request,
            response,
            createRequestInfo(request, connections.goneSignal(request.socket), { randomId, now }),
          );
          return;
        case '/live':
          return answerPlainly(response, 200, { live: true });
        case '/ready':
          return answerPlainly(response, drained === undefined ? 200 : 503, { ready: drained === undefined });
        case '/':
          if (options.graphiql && (request.method === 'GET' || request.method === 'HEAD'))
            return redirect(response, '/graphql');
      }
      answerPlainly(response, 404, { error: 'There is nothing here; GraphQL is at /graphql.' });
    },
  );

  server.on('connection', connections.add);

  function letGo(): void {
    server.closeIdleConnections();
    // Node does not count those as idle that a browser has opened in advance.
    connections.closeUnused();
  }

  async function drain(): Promise<void> {
    const cut = setTimeout(() => server.closeAllConnections(), HTTP_LIMITS.drainMs);
    await delay(options.shutdownGraceMs);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    // A connection that was busy when the listener closed has to be let go once it is idle.
    const idle = setInterval(letGo, IDLE_CHECK_MS);
    await closed;
    clearInterval(idle);
    clearTimeout(cut);
  }

  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          const address = server.address();
          const actualPort = typeof address === 'object' && address !== null ? address.port : port;
          resolve(`http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`);
        });
      }),
    drain: () => (drained ??= drain()),
  };
}

/** The path and the query of a request target, which a client of a proxy sends as a whole address. */
function readTarget(target = '/'): string {
  if (target.startsWith('/') || !URL.canParse(target)) return target;
  const { pathname, search } = new URL(target);
  return pathname + search;
}

function answerPlainly(response: ServerResponse, status: number, content: object): void {
  const body = JSON.stringify(content);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location, 'content-length': 0 });
  response.end();
}
