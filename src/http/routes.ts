import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CancelSignal } from '../domain/cancel.ts';
import { BadRequestError } from '../errors/request-errors.ts';
import type { Gateway } from '../gateway.ts';
import type { Metrics } from '../output/metrics.ts';
import type { Answer } from '../pipeline/answer.ts';
import type { ClientCertificates } from './client-certificates.ts';
import type { HandleRequest } from './connections.ts';
import type { GraphQLRoute } from './graphql-route.ts';
import type { ServePage } from './pages/static-page.ts';
import type { Reply } from './reply.ts';
import { assertWellFormedHead } from './request-head.ts';
import type { DescribeRequest } from './request-info.ts';

export interface RoutesOptions {
  readonly gateway: Pick<Gateway, 'refuse'>;
  readonly reply: Reply;
  readonly answerGraphQL: GraphQLRoute;
  readonly describeRequest: DescribeRequest;
  /** The page at `/`; undefined where it is off. */
  readonly serveBrowsePage: ServePage | undefined;
  readonly isDraining: () => boolean;
  /** Undefined where clients need no certificate. */
  readonly clientCertificates: Pick<ClientCertificates, 'assert'> | undefined;
  /** Undefined where nothing is counted. */
  readonly metrics: Pick<Metrics, 'beginRequest'> | undefined;
}

const NOTHING_HERE = 'There is nothing here; GraphQL is at /graphql.';

const LIVE = createPlainAnswer(200, { live: true });
const READY = createPlainAnswer(200, { ready: true });
const NOT_READY = createPlainAnswer(503, { ready: false });

/** Answers a request by its path. */
export function createRoutes(options: RoutesOptions): HandleRequest {
  const { gateway, reply, answerGraphQL, describeRequest, serveBrowsePage, isDraining, metrics } = options;
  const { clientCertificates } = options;

  function route(request: IncomingMessage, response: ServerResponse, path: string, gone: CancelSignal): void {
    assertWellFormedHead(request);
    clientCertificates?.assert(request, path);
    switch (path) {
      case '/graphql':
        void answerGraphQL(request, response, describeRequest(request, gone));
        return;
      case '/live':
        reply.answer(request, response, LIVE);
        return;
      case '/ready':
        reply.answer(request, response, isDraining() ? NOT_READY : READY);
        return;
      case '/':
        if (serveBrowsePage !== undefined && (request.method === 'GET' || request.method === 'HEAD')) {
          void serveBrowsePage(request, response);
          return;
        }
    }
    throw new BadRequestError(NOTHING_HERE, 404);
  }

  return (request, response, gone) => {
    if (isDraining()) response.setHeader('connection', 'close');
    const target = readTarget(request.url);
    request.url = target;
    const [path = ''] = target.split('?', 1);
    if (metrics !== undefined) count(metrics, request, response, path);
    try {
      route(request, response, path, gone);
    } catch (error) {
      reply.answer(request, response, gateway.refuse(error, describeRequest(request, gone)));
    }
  };
}

function createPlainAnswer(status: number, content: object): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(content),
  };
}

/** The path and the query of a request target, which a client of a proxy sends as a whole address. */
function readTarget(target = '/'): string {
  if (target.startsWith('/') || !URL.canParse(target)) return target;
  const { pathname, search } = new URL(target);
  return pathname + search;
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
