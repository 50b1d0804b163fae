import type { GraphQLParams } from 'graphql-yoga';
import type { RequestInfo } from '../context.ts';
import { BadRequestError, CsrfPreventedError, RequestTooLargeError } from '../errors/request-errors.ts';
import {
  decodeJson,
  type OperationParams,
  parseOperationParams,
  parseQueryParams,
} from './operation-params.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/** The headers that say how a body is to be read. */
export interface BodyHeaders {
  readonly contentType: string | null | undefined;
  readonly contentEncoding: string | null | undefined;
}

/**
 * Says what an HTTP request must look like: POST with JSON, or GET with a header that a foreign page cannot make a
 * browser send unasked. Broken JSON is the client's fault, wherever it stands.
 */
export function useRequestSyntax(findBodyLimit: (info: RequestInfo) => number): PipelinePlugin {
  return {
    onRequestParse({ request: { method, headers }, serverContext, url, setRequestParser }) {
      assertMethod(method);
      if (method === 'POST') {
        assertJsonBody({
          contentType: headers.get('content-type'),
          contentEncoding: headers.get('content-encoding'),
        });
        return setRequestParser(async (request) => {
          const body = new Uint8Array(await request.arrayBuffer());
          const limit = findBodyLimit(serverContext);
          if (body.length > limit) throw new RequestTooLargeError(limit);
          return toYogaParams(parseOperationParams(decodeJson(body)));
        });
      }
      if (!headers.has('graphql-require-preflight') && !headers.has('apollo-require-preflight'))
        throw new CsrfPreventedError();
      return setRequestParser(() => toYogaParams(parseQueryParams(url.searchParams)));
    },
  };
}

/** Yoga takes a parameter that is not there as one that is not mentioned. */
function toYogaParams({ query, operationName, variables, extensions }: OperationParams): GraphQLParams {
  return {
    query,
    ...(operationName === undefined ? {} : { operationName }),
    ...(variables === undefined ? {} : { variables }),
    ...(extensions === undefined ? {} : { extensions }),
  };
}

/** @throws {BadRequestError} 405 for a method that GraphQL is not asked by. */
export function assertMethod(method: string | undefined): void {
  if (method !== 'GET' && method !== 'POST')
    throw new BadRequestError('GraphQL is asked by GET or POST.', 405);
}

/** @throws {BadRequestError} 415 for a body that is not plain JSON. */
export function assertJsonBody({ contentType, contentEncoding }: BodyHeaders): void {
  if (!isJson(contentType))
    throw new BadRequestError('A POST request must carry "content-type: application/json", in UTF-8.', 415);
  if (contentEncoding != null && contentEncoding.toLowerCase() !== 'identity')
    throw new BadRequestError('A request body must come without "content-encoding".', 415);
}

const JSON_TYPES: ReadonlySet<string> = new Set(['application/json', 'application/graphql+json']);

/** Whether a `Content-Type` header says JSON, in UTF-8 or without a word about it. */
function isJson(contentType: string | null | undefined): boolean {
  if (contentType == null) return false;
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  return JSON_TYPES.has(type) && parameters.every((parameter) => !saysOtherCharset(parameter));
}

function saysOtherCharset(parameter: string): boolean {
  const [name = '', value = ''] = parameter.split('=');
  return name.trim() === 'charset' && !/^"?utf-?8"?$/.test(value.trim());
}
