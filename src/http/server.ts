import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config/config.ts';
import type { Settings } from '../config/settings.ts';
import { systemClock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import { isLoopbackAddress } from '../domain/loopback.ts';
import { BadRequestError } from '../errors/request-errors.ts';
import type { Gateway } from '../gateway.ts';
import type { Metrics } from '../output/metrics.ts';
import { GRAPHIQL_PAGE } from '../plugins/graphiql.ts';
import { createAdmission } from './admission.ts';
import { createBodyReader } from './body.ts';
import { createConnections } from './connections.ts';
import { createCors } from './cors.ts';
import { createGraphQLRoute } from './graphql-route.ts';
import { createHostCheck } from './host.ts';
import { createParseFaultHandler } from './parse-faults.ts';
import { createReply } from './reply.ts';
import { assertWellFormedHead } from './request-head.ts';
import { createRequestInfo, createUnreadRequestInfo } from './request-info.ts';
import { createStaticPage } from './static-page.ts';
import { createUnsentAnswers } from './unsent-answers.ts';

export interface GatewayServerOptions {
  /** What is listened on, GraphiQL and the grace are as they were at the start; the rest follows its replacement. */
  readonly settings: Settings;
  readonly gateway: Gateway;
  readonly randomId: () => string;
  readonly log: Log;
  /** Undefined where nothing is counted. */
  readonly metrics?: Pick<Metrics, 'beginRequest' | 'watchAdmission'> | undefined;
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
  /** Bodies that are still on their way, all together. */
  arrivingBytes: 32 * 1024 * 1024,
  /** Requests that wait for others to be done: how many, and how long. */
  waitingForPlace: 100,
  placeWaitMs: 500,
  connections: 2_000,
  /** Requests that wait for those before them on their connection: of one connection, and of all. */
  waiting: 256,
  waitingInAll: 4_096,
  /** Answers that wait for their readers: all of them together, and how long a reader may do nothing, and take. */
  unsentBytes: 64 * 1024 * 1024,
  stallMs: 10_000,
  answerMs: 60_000,
  /** Measured from the first signal; whatever is still open then is cut. */
  drainMs: 9_500,
} as const;

const IDLE_CHECK_MS = 25;

const NOTHING_HERE = 'There is nothing here; GraphQL is at /graphql.';

export function createGatewayServer(options: GatewayServerOptions): GatewayServer {
  const { settings, gateway, randomId, log } = options;
  const { graphiql, shutdownGraceMs } = settings.current;
  const now = systemClock.monotonicNow;
  const unsent = createUnsentAnswers(
    { bytes: HTTP_LIMITS.unsentBytes, stallMs: HTTP_LIMITS.stallMs, answerMs: HTTP_LIMITS.answerMs },
    { monotonicNow: now, log },
  );
  const cors = settings.derive(({ corsOrigins }) => createCors(corsOrigins));
  const reply = createReply({ cors, unsent });
  const bodies = createBodyReader(HTTP_LIMITS.arrivingBytes);
  const admission = createAdmission(
    {
      get inFlight() {
        return settings.current.maxInFlight;
      },
      waiting: HTTP_LIMITS.waitingForPlace,
      waitMs: HTTP_LIMITS.placeWaitMs,
      hasKnownCallers: () => settings.current.callers.length > 0,
    },
    systemClock,
  );
  options.metrics?.watchAdmission(() => admission.load);
  let listensToThisMachineOnly = false;
  const answerGraphQL = createGraphQLRoute({
    gateway,
    admission,
    bodies,
    cors,
    reply,
    hostCheck: createHostCheck(() => listensToThisMachineOnly && servesStrangers(settings.current)),
    serveGraphiQL: graphiql ? createStaticPage(GRAPHIQL_PAGE, unsent) : undefined,
    corsOrigins: () => settings.current.corsOrigins,
  });
  const connections = createConnections(HTTP_LIMITS, now, handle);
  let drained: Promise<void> | undefined;

  function handle(request: IncomingMessage, response: ServerResponse, gone: AbortSignal): void {
    if (drained !== undefined) response.setHeader('connection', 'close');
    try {
      assertWellFormedHead(request);
    } catch (error) {
      refuse(request, response, error, gone);
      return;
    }
    const target = readTarget(request.url);
    request.url = target;
    const [path = ''] = target.split('?', 1);
    if (options.metrics !== undefined) count(options.metrics, request, response, path);
    switch (path) {
      case '/graphql':
        void answerGraphQL(request, response, createRequestInfo(request, gone, { randomId, now }));
        return;
      case '/live':
        answerPlainly(response, 200, { live: true });
        return;
      case '/ready':
        answerPlainly(response, drained === undefined ? 200 : 503, { ready: drained === undefined });
        return;
      case '/':
        if (graphiql && (request.method === 'GET' || request.method === 'HEAD')) {
          reply.empty(request, response, 302, ['location', '/graphql', 'content-length', '0']);
          return;
        }
    }
    refuse(request, response, new BadRequestError(NOTHING_HERE, 404), gone);
  }

  function refuse(
    request: IncomingMessage,
    response: ServerResponse,
    error: unknown,
    gone: AbortSignal,
  ): void {
    reply.answer(
      request,
      response,
      gateway.refuse(error, createRequestInfo(request, gone, { randomId, now })),
    );
  }

  function answerPlainly(response: ServerResponse, status: number, content: object): void {
    const body = JSON.stringify(content);
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
    });
    unsent.send(response, body);
  }

  const server = createServer(
    {
      headersTimeout: HTTP_LIMITS.headersTimeoutMs,
      requestTimeout: HTTP_LIMITS.requestTimeoutMs,
      keepAliveTimeout: HTTP_LIMITS.keepAliveTimeoutMs,
      maxHeaderSize: HTTP_LIMITS.headerBytes,
      connectionsCheckingInterval: 1_000,
      // It is asked for here, in the form of all other answers.
      requireHostHeader: false,
    },
    connections.take,
  );
  server.on('connection', connections.add);
  server.on(
    'clientError',
    createParseFaultHandler({
      connections,
      bodies,
      headerBytes: HTTP_LIMITS.headerBytes,
      refuse: (error, clientAddress) =>
        gateway.refuse(error, createUnreadRequestInfo(clientAddress, { randomId, now })),
    }),
  );

  function letGo(): void {
    server.closeIdleConnections();
    // Node does not count those as idle that a browser has opened in advance.
    connections.closeUnused();
  }

  async function drain(): Promise<void> {
    const cut = setTimeout(() => server.closeAllConnections(), HTTP_LIMITS.drainMs);
    await delay(shutdownGraceMs);
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
          listensToThisMachineOnly =
            typeof address === 'object' && address !== null && isLoopbackAddress(address.address);
          const actualPort = typeof address === 'object' && address !== null ? address.port : port;
          resolve(`http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`);
        });
      }),
    drain: () => (drained ??= drain()),
  };
}

/** Whether someone without a token gets anything of a vendor account. */
function servesStrangers({ upstream, anonymousScopes }: Config): boolean {
  return upstream !== undefined && anonymousScopes !== undefined;
}

/** Requests that are counted by their path; any other path is one that somebody has made up. */
const ROUTES: ReadonlySet<string> = new Set(['/', '/graphql', '/live', '/ready']);

/** What is counted for a client that has left before its answer began. */
const CLIENT_GONE = 499;

function count(
  metrics: Pick<Metrics, 'beginRequest'>,
  { method }: IncomingMessage,
  response: ServerResponse,
  path: string,
): void {
  const end = metrics.beginRequest(method, ROUTES.has(path) ? path : 'other');
  response.once('close', () => end(response.headersSent ? response.statusCode : CLIENT_GONE));
}

/** The path and the query of a request target, which a client of a proxy sends as a whole address. */
function readTarget(target = '/'): string {
  if (target.startsWith('/') || !URL.canParse(target)) return target;
  const { pathname, search } = new URL(target);
  return pathname + search;
}
