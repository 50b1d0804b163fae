import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config/config.ts';
import type { Settings } from '../config/settings.ts';
import { systemClock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import { isLoopbackAddress } from '../domain/loopback.ts';
import type { Gateway } from '../gateway.ts';
import type { Metrics } from '../output/metrics.ts';
import { createAdmission } from './admission.ts';
import { boundByPace } from './admission-bounds.ts';
import { createBodyReader } from './body.ts';
import { createClientAddressFinder } from './client-address.ts';
import { createClientCertificates } from './client-certificates.ts';
import { createConnections } from './connections.ts';
import { createCors } from './cors.ts';
import { createGraphQLRoute } from './graphql-route.ts';
import { createHostCheck } from './host.ts';
import { BROWSE_PAGE } from './pages/browse-page.ts';
import { createGraphiQLPage } from './pages/graphiql.ts';
import { createStaticPage } from './pages/static-page.ts';
import { createParseFaultHandler } from './parse-faults.ts';
import { createReply } from './reply.ts';
import { createDescribeRequest, describeUnread } from './request-info.ts';
import { createRequestTurns } from './request-turns.ts';
import { createRoutes } from './routes.ts';
import { createSecureServer, createTlsOptions } from './secure-server.ts';
import { createUnsentAnswers } from './unsent-answers.ts';

export interface GatewayServerOptions {
  /** What is listened on, and which pages there are, is as it was at the start; the rest follows its replacement. */
  readonly settings: Settings;
  readonly gateway: Gateway;
  readonly randomId: () => string;
  readonly log: Log;
  /** Undefined where nothing is counted. */
  readonly metrics?: Pick<Metrics, 'beginRequest' | 'watchAdmission'> | undefined;
}

export interface GatewayServer {
  /** Resolves with the address, such as `http://127.0.0.1:4000`, with `https` where there is a certificate. Rejects when the port is taken. */
  listen(port: number, host: string): Promise<string>;
  /** Has new connections get the certificate of the settings; nothing where plain HTTP is spoken. */
  renewCertificate(): void;
  /**
   * Says no at `/ready`, goes on answering for the grace, then closes the listener and waits until everything in
   * flight is answered. Calling it again changes nothing.
   */
  drain(): Promise<void>;
}

/** Time limits in milliseconds, and sizes. */
const HTTP_LIMITS = {
  handshakeTimeoutMs: 5_000,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  keepAliveTimeoutMs: 65_000,
  headerBytes: 16 * 1024,
  /** Bodies that are still on their way, all together. */
  arrivingBytes: 32 * 1024 * 1024,
  /** Requests that wait for others to be done: how many, and how long. */
  waitingForPlace: 100,
  placeWaitMs: 500,
  connections: 4_000,
  /** Connections that wait to be accepted. Over it clients try again after a second; the operating system may have a lower bound. */
  backlog: 4_096,
  /** Connections that have not shown yet that they speak TLS, at most, beside those. */
  handshakes: 1_000,
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

export function createGatewayServer(options: GatewayServerOptions): GatewayServer {
  const { settings, gateway, randomId, log } = options;
  const { graphiql, browsePage } = settings.current;
  const now = systemClock.monotonicNow;
  const unsent = createUnsentAnswers(
    { bytes: HTTP_LIMITS.unsentBytes, stallMs: HTTP_LIMITS.stallMs, answerMs: HTTP_LIMITS.answerMs },
    { monotonicNow: now, log },
  );
  const cors = settings.derive(({ corsOrigins }) => createCors(corsOrigins));
  const bodies = createBodyReader(HTTP_LIMITS.arrivingBytes);
  const reply = createReply({ cors, bodies, unsent });
  const findLimits = () =>
    boundByPace(
      { inFlight: settings.current.maxInFlight, waiting: HTTP_LIMITS.waitingForPlace },
      gateway.vendorPace,
    );
  const admission = createAdmission(
    {
      get inFlight() {
        return findLimits().inFlight;
      },
      get waiting() {
        return findLimits().waiting;
      },
      waitMs: HTTP_LIMITS.placeWaitMs,
      hasKnownCallers: () => settings.current.callers.length > 0 || settings.current.jwt !== undefined,
    },
    systemClock,
  );
  options.metrics?.watchAdmission(() => admission.load);
  const findClientAddress = settings.derive(({ trustedProxies }) =>
    createClientAddressFinder(trustedProxies),
  );
  const describeRequest = createDescribeRequest({
    randomId,
    now,
    clientAddress: (request) => findClientAddress()(request),
  });
  const turns = createRequestTurns(systemClock);
  let listensToThisMachineOnly = false;
  const answerGraphQL = createGraphQLRoute({
    gateway,
    turns,
    admission,
    bodies,
    cors,
    reply,
    hostCheck: createHostCheck(() => listensToThisMachineOnly && servesAnonymousCallers(settings.current)),
    serveGraphiQL: graphiql ? createStaticPage(createGraphiQLPage(settings.current), unsent) : undefined,
    corsOrigins: () => settings.current.corsOrigins,
  });
  const { tls } = settings.current;
  const clientCertificates = tls?.clientAuthorities === undefined ? undefined : createClientCertificates();
  let drained: Promise<void> | undefined;
  const connections = createConnections(
    HTTP_LIMITS,
    now,
    createRoutes({
      gateway,
      reply,
      answerGraphQL,
      describeRequest,
      serveBrowsePage: browsePage ? createStaticPage(BROWSE_PAGE, unsent) : undefined,
      isDraining: () => drained !== undefined,
      clientCertificates,
      metrics: options.metrics,
    }),
  );

  const limits = {
    headersTimeout: HTTP_LIMITS.headersTimeoutMs,
    requestTimeout: HTTP_LIMITS.requestTimeoutMs,
    keepAliveTimeout: HTTP_LIMITS.keepAliveTimeoutMs,
    maxHeaderSize: HTTP_LIMITS.headerBytes,
    connectionsCheckingInterval: 1_000,
    // It is asked for here, in the form of all other answers.
    requireHostHeader: false,
  };
  const secure = tls && createSecureServer({ ...limits, ...createTlsOptions(tls) }, HTTP_LIMITS, log);
  const server = secure ?? createServer(limits);
  server.on('connection', turns.noteAccepted);
  server.on('request', connections.take);
  if (clientCertificates !== undefined) secure?.on('secureConnection', clientCertificates.note);
  server.on(secure ? 'secureConnection' : 'connection', connections.add);
  // Whether a body is wanted is known only once its headers were looked at.
  server.on('checkContinue', connections.take);
  server.on('checkExpectation', connections.take);
  server.on(
    'clientError',
    createParseFaultHandler({
      connections,
      bodies,
      headerBytes: HTTP_LIMITS.headerBytes,
      refuse: (error, clientAddress) =>
        gateway.refuse(error, describeUnread(clientAddress, { randomId, now })),
    }),
  );

  function letGo(): void {
    server.closeIdleConnections();
    // Node does not count those as idle that a browser has opened in advance.
    connections.closeUnused();
  }

  async function drain(): Promise<void> {
    const cut = setTimeout(() => server.closeAllConnections(), HTTP_LIMITS.drainMs);
    await delay(settings.current.shutdownGraceMs);
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
        server.listen({ port, host, backlog: HTTP_LIMITS.backlog }, () => {
          server.off('error', reject);
          const address = server.address();
          listensToThisMachineOnly =
            typeof address === 'object' && address !== null && isLoopbackAddress(address.address);
          const actualPort = typeof address === 'object' && address !== null ? address.port : port;
          resolve(`${secure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${actualPort}`);
        });
      }),
    renewCertificate() {
      const { tls: renewed } = settings.current;
      if (renewed !== undefined) secure?.setSecureContext(createTlsOptions(renewed));
    },
    drain: () => (drained ??= drain()),
  };
}

/** Whether someone without a token gets anything of a vendor account. */
function servesAnonymousCallers({ upstream, anonymousScopes }: Config): boolean {
  return upstream !== undefined && anonymousScopes !== undefined;
}
