import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestInfo } from '../context.ts';
import { shareOfAddress } from '../domain/requester.ts';
import { OverloadedError } from '../errors/request-errors.ts';
import type { Gateway } from '../gateway.ts';
import type { Answer } from '../pipeline/answer.ts';
import { decodeJson, parseOperationParams } from '../pipeline/operation-params.ts';
import { assertNoWebSocket, assertRequestSyntax } from '../pipeline/request-syntax.ts';
import type { Admission } from './admission.ts';
import { type BodyReader, declaredBytes, discardBody } from './body.ts';
import type { Cors } from './cors.ts';
import type { HostCheck } from './host.ts';
import type { ServePage } from './pages/static-page.ts';
import type { Reply } from './reply.ts';
import type { RequestTurns } from './request-turns.ts';

/** Answers one request for `/graphql`. Never rejects. */
export type GraphQLRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  info: RequestInfo,
) => Promise<void>;

export interface GraphQLRouteOptions {
  readonly gateway: Gateway;
  readonly turns: RequestTurns;
  readonly admission: Admission;
  readonly bodies: BodyReader;
  readonly cors: () => Cors;
  readonly hostCheck: HostCheck;
  readonly reply: Reply;
  /** Shows a browser GraphiQL; undefined where that is switched off. */
  readonly serveGraphiQL: ServePage | undefined;
  readonly corsOrigins: () => readonly string[];
}

/** Checks a request always in this order: host, preflight, page, caller, room, method, type, body. */
export function createGraphQLRoute(options: GraphQLRouteOptions): GraphQLRoute {
  const { gateway, turns, admission, bodies, cors, hostCheck, reply, serveGraphiQL, corsOrigins } = options;

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    info: RequestInfo,
  ): Promise<Answer> {
    const { method, headers } = request;
    const identified = gateway.identify(info);
    // Hardly ever a promise: await would cost a turn of the event loop for nothing.
    const caller = identified instanceof Promise ? await identified : identified;
    info.caller = caller;
    const visitor = { caller, address: shareOfAddress(info.clientAddress) };
    admission.assertRoom(visitor);
    assertRequestSyntax(method, (name) => headerOf(headers, name), corsOrigins());
    // A body that comes slowly takes no place from others.
    const body =
      method === 'POST' ? await bodies.read(request, response, gateway.findBodyLimit(caller)) : undefined;
    const entered = admission.enter(visitor, info.signal);
    const place = entered instanceof Promise ? await entered : entered;
    info.place = place;
    try {
      if (body === undefined) return await answerByYoga(request, info);
      return await gateway.answer(parseOperationParams(decodeJson(body)), info);
    } finally {
      place.leave();
    }
  }

  /** GET has no body, and Yoga reads its parameters. */
  async function answerByYoga({ url, headers }: IncomingMessage, info: RequestInfo): Promise<Answer> {
    const request = new Request(`http://gateway${url}`, { headers: flattenHeaders(headers) });
    const response = await gateway.fetch(request, info);
    // The length is said where an answer is written.
    response.headers.delete('content-length');
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  }

  return async (request, response, info) => {
    // A body that has come with its headers is here a moment after them. One in chunks does not wait for its turn: what has come
    // of it would lie in memory chunk by chunk.
    await (request.headers['transfer-encoding'] === undefined ? turns.take() : undefined);
    try {
      hostCheck(request.headers.host);
      const preflight = cors().allowPreflight(request);
      if (preflight !== undefined) return reply.empty(request, response, 204, preflight);
      if (serveGraphiQL !== undefined && isBrowsed(request)) return await serveGraphiQL(request, response);
      assertNoWebSocket((name) => headerOf(request.headers, name));
      reply.answer(request, response, await answer(request, response, info));
    } catch (error) {
      const { caller } = info;
      // A client that is told to try again keeps its connection.
      if (
        error instanceof OverloadedError &&
        caller !== undefined &&
        request.headers.expect === undefined &&
        declaredBytes(request) <= gateway.findBodyLimit(caller)
      ) {
        discardBody(request);
        reply.answer(request, response, gateway.refuse(error, info), { keepsConnection: true });
      } else reply.answer(request, response, gateway.refuse(error, info));
    }
  };
}

/** Whether a person wants to see a page, not a program an answer. */
function isBrowsed({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && headers.accept?.includes('text/html') === true;
}

function headerOf(headers: IncomingMessage['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

function flattenHeaders(headers: IncomingMessage['headers']): [string, string][] {
  return Object.keys(headers).map((name) => [name, headerOf(headers, name) ?? '']);
}
