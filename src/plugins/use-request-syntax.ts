import { BadRequestError, CsrfPreventedError } from '../errors/request-errors.ts';
import { parseOperationParams } from './operation-params.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/**
 * Says what an HTTP request must look like: POST with JSON, or GET with a header that a foreign page cannot make a
 * browser send unasked. Broken JSON is the client's fault, wherever it stands.
 */
export function useRequestSyntax(): PipelinePlugin {
  return {
    onRequestParse({ request: { method, headers }, requestParser, setRequestParser }) {
      if (method !== 'GET' && method !== 'POST')
        throw new BadRequestError('GraphQL is asked by GET or POST.', 405);
      if (method === 'POST' && !isJson(headers.get('content-type')))
        throw new BadRequestError(
          'A POST request must carry "content-type: application/json", in UTF-8.',
          415,
        );
      if (
        method === 'GET' &&
        !headers.has('graphql-require-preflight') &&
        !headers.has('apollo-require-preflight')
      )
        throw new CsrfPreventedError();
      if (requestParser === undefined) return;
      setRequestParser(async (request) => {
        try {
          return await requestParser(request);
        } catch (error) {
          // Intentionally without its cause: the parser's message quotes the body.
          if (error instanceof SyntaxError) throw new BadRequestError('The request holds broken JSON.');
          throw error;
        }
      });
    },
    onParams({ params }) {
      parseOperationParams(params);
    },
  };
}

const JSON_TYPES: ReadonlySet<string> = new Set(['application/json', 'application/graphql+json']);

/** Whether a `Content-Type` header says JSON, in UTF-8 or without a word about it. */
export function isJson(contentType: string | null | undefined): boolean {
  if (contentType == null) return false;
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  return JSON_TYPES.has(type) && parameters.every((parameter) => !saysOtherCharset(parameter));
}

function saysOtherCharset(parameter: string): boolean {
  const [name = '', value = ''] = parameter.split('=');
  return name.trim() === 'charset' && !/^"?utf-?8"?$/.test(value.trim());
}
