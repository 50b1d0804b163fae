import type { GraphQLParams } from 'graphql-yoga';
import type { Caller } from '../domain/caller.ts';
import { RequestTooLargeError } from '../errors/request-errors.ts';
import {
  decodeJson,
  type OperationParams,
  parseOperationParams,
  parseQueryParams,
} from './operation-params.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';
import { assertRequestSyntax } from './request-syntax.ts';

export interface RequestSyntaxOptions {
  /** Whose pages may cause a GET. */
  readonly corsOrigins: () => readonly string[];
  /** How many bytes the body of a request may have. */
  readonly findBodyLimit: (caller: Caller) => number;
}

/**
 * Says what an HTTP request must look like, to Yoga's own entry point as to the short one. Broken JSON is the client's
 * fault, wherever it stands.
 */
export function useRequestSyntax({ corsOrigins, findBodyLimit }: RequestSyntaxOptions): PipelinePlugin {
  return {
    onRequestParse({ request: { method, headers }, serverContext: { caller }, url, setRequestParser }) {
      if (caller === undefined) throw new TypeError('Nobody has been asked who it is.');
      assertRequestSyntax(method, (name) => headers.get(name), corsOrigins());
      if (method === 'GET') setRequestParser(() => toYogaParams(parseQueryParams(url.searchParams)));
      else
        setRequestParser(async (request) => {
          const body = new Uint8Array(await request.arrayBuffer());
          const limit = findBodyLimit(caller);
          if (body.length > limit) throw new RequestTooLargeError(limit);
          return toYogaParams(parseOperationParams(decodeJson(body)));
        });
    },
  };
}

/** Yoga takes a parameter that is not there as one that is not mentioned. */
function toYogaParams(params: OperationParams): GraphQLParams {
  const { query, documentId, operationName, variables, extensions } = params;
  return {
    query,
    ...(documentId === undefined ? {} : { documentId }),
    ...(operationName === undefined ? {} : { operationName }),
    ...(variables === undefined ? {} : { variables }),
    ...(extensions === undefined ? {} : { extensions }),
  };
}
