import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestInfo } from '../context.ts';
import { BadRequestError } from '../errors/request-errors.ts';
import type { Gateway } from '../gateway.ts';
import type { Answer } from '../plugins/answer.ts';
import { parseOperationParams } from '../plugins/operation-params.ts';
import { isJson } from '../plugins/use-request-syntax.ts';
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
  readonly maxBodyBytes: number;
  /** Whether a request has to name this machine as its host. */
  readonly loopbackNamesOnly: () => boolean;
}

/** POST with JSON takes the gateway's short door, everything else Yoga's. */
export function createGraphQLRoute(options: GraphQLRouteOptions): GraphQLRoute {
  const { gateway, unsent, maxBodyBytes, loopbackNamesOnly } = options;

  async function answerPost(request: IncomingMessage, info: RequestInfo): Promise<Answer> {
    try {
      assertNotEncoded(request.headers['content-encoding']);
      const params = parseOperationParams(await readJsonBody(request, maxBodyBytes));
      return await gateway.answer(params, info);
    } catch (error) {
      return gateway.refuse(error, info);
    }
  }

  async function answerOther({ method, url, headers }: IncomingMessage, info: RequestInfo): Promise<Answer> {
    if (method !== 'GET' && method !== 'POST')
      return gateway.refuse(new BadRequestError('GraphQL is asked by GET or POST.', 405), info);
    const response = await gateway.fetch(
      new Request(`http://gateway${url}`, { method, headers: flattenHeaders(headers) }),
      info,
    );
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  }

  function answer(request: IncomingMessage, info: RequestInfo): Answer | Promise<Answer> {
    if (loopbackNamesOnly() && !isLoopbackHost(request.headers.host))
      return gateway.refuse(new BadRequestError(FOREIGN_HOST, 421), info);
    const isShort = request.method === 'POST' && isJson(request.headers['content-type']);
    return isShort ? answerPost(request, info) : answerOther(request, info);
  }

  return async (request, response, info) => {
    const answered = await answer(request, info);
    writeHead(response, answered, { hasUnreadBody: !request.complete });
    unsent.send(response, answered.body);
  };
}

function assertNotEncoded(encoding: string | undefined): void {
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw new BadRequestError('A request body must come without "content-encoding".', 415);
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
