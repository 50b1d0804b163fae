import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Arrival } from '../context.ts';
import { BadRequestError } from '../errors/bad-request-error.ts';
import type { Gateway } from '../gateway.ts';
import type { Answer } from '../plugins/answer.ts';
import { parseOperationParams } from '../plugins/operation-params.ts';
import { isJson } from '../plugins/use-request-syntax.ts';
import { readJsonBody } from './body.ts';

/** Answers one request for `/graphql`. Never rejects. */
export type GraphQLRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  arrival: Arrival,
) => Promise<void>;

/** POST with JSON takes the gateway's short door, everything else Yoga's. */
export function createGraphQLRoute(gateway: Gateway, maxBodyBytes: number): GraphQLRoute {
  async function answerPost(request: IncomingMessage, arrival: Arrival): Promise<Answer> {
    try {
      const params = parseOperationParams(await readJsonBody(request, maxBodyBytes));
      return await gateway.answer(params, arrival);
    } catch (error) {
      return gateway.refuse(error, arrival);
    }
  }

  async function answerOther({ method, url, headers }: IncomingMessage, arrival: Arrival): Promise<Answer> {
    if (method !== 'GET' && method !== 'POST')
      return gateway.refuse(new BadRequestError('GraphQL is asked by GET or POST.', 405), arrival);
    const response = await gateway.fetch(
      new Request(`http://gateway${url}`, { method, headers: flattenHeaders(headers) }),
      arrival,
    );
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  }

  return async (request, response, arrival) => {
    const isShort = request.method === 'POST' && isJson(request.headers['content-type']);
    const answer = await (isShort ? answerPost(request, arrival) : answerOther(request, arrival));
    sendAnswer(response, answer, { hasUnreadBody: !request.complete });
  };
}

function flattenHeaders(headers: IncomingMessage['headers']): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as [string, string]],
  );
}

function sendAnswer(
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
  response.end(body);
}
