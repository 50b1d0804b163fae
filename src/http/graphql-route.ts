import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestInfo } from '../context.ts';
import { BadRequestError } from '../errors/request-errors.ts';
import type { Gateway } from '../gateway.ts';
import type { Answer } from '../plugins/answer.ts';
import { parseOperationParams } from '../plugins/operation-params.ts';
import { assertJsonBody, assertMethod } from '../plugins/use-request-syntax.ts';
import { readJsonBody } from './body.ts';
import { isLoopbackHost } from './host.ts';
import type { UnsentAnswers } from './unsent-answers.ts';

/** Answers one request for `/graphql`. Never rejects. */
export type GraphQLRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  info: RequestInfo,
) => Promise<void>;

const FOREIGN_HOST =
  'Without callers this gateway answers to localhost, 127.0.0.1 and [::1] only. Configure callers, or ANONYMOUS_SCOPES, to ask it by another name.';

export interface GraphQLRouteOptions {
  readonly gateway: Gateway;
  readonly unsent: UnsentAnswers;
  /** Whether a request has to name this machine as its host. */
  readonly loopbackNamesOnly: () => boolean;
}

/** POST takes the gateway's short entry point, GET takes Yoga's. */
export function createGraphQLRoute(options: GraphQLRouteOptions): GraphQLRoute {
  const { gateway, unsent, loopbackNamesOnly } = options;

  async function answerPost(request: IncomingMessage, info: RequestInfo): Promise<Answer> {
    try {
      const maxBodyBytes = gateway.findBodyLimit(info);
      assertJsonBody({
        contentType: request.headers['content-type'],
        contentEncoding: request.headers['content-encoding'],
      });
      const params = parseOperationParams(await readJsonBody(request, maxBodyBytes));
      return await gateway.answer(params, info);
    } catch (error) {
      return gateway.refuse(error, info);
    }
  }

  async function answerGet({ method, url, headers }: IncomingMessage, info: RequestInfo): Promise<Answer> {
    try {
      assertMethod(method);
    } catch (error) {
      return gateway.refuse(error, info);
    }
    const request = new Request(`http://gateway${url}`, { headers: flattenHeaders(headers) });
    const response = await gateway.fetch(request, info);
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  }

  function answer(request: IncomingMessage, info: RequestInfo): Answer | Promise<Answer> {
    if (loopbackNamesOnly() && !isLoopbackHost(request.headers.host))
      return gateway.refuse(new BadRequestError(FOREIGN_HOST, 421), info);
    return request.method === 'POST' ? answerPost(request, info) : answerGet(request, info);
  }

  return async (request, response, info) => {
    const answered = await answer(request, info);
    writeHead(response, answered, { hasUnreadBody: !request.complete });
    unsent.send(response, answered.body);
  };
}

function flattenHeaders(headers: IncomingMessage['headers']): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as [string, string]],
  );
}

function writeHead(
  response: ServerResponse,
  { status, headers, body }: Answer,
  { hasUnreadBody }: { readonly hasUnreadBody: boolean },
): void {
  const length = { 'content-length': Buffer.byteLength(body) };
  // What is left of a body would be taken for the next request.
  response.writeHead(
    status,
    hasUnreadBody ? { ...headers, ...length, connection: 'close' } : { ...headers, ...length },
  );
}
