import type { IncomingMessage, ServerResponse } from 'node:http';

/** Lets pages of listed origins read answers; without a list, no page of another origin can. */
export interface Cors {
  /** Adds what a listed origin may read to a response. */
  apply(request: IncomingMessage, response: ServerResponse): void;
  /** Answers a browser that asks first; false when the request is none of that kind, or of no listed origin. */
  answerPreflight(request: IncomingMessage, response: ServerResponse): boolean;
}

/** How long a browser may remember the answer, in seconds. */
const PREFLIGHT_MAX_AGE_SECONDS = 600;

export function createCors(origins: readonly string[]): Cors {
  const listed = new Set(origins);

  function apply({ headers: { origin } }: IncomingMessage, response: ServerResponse): void {
    if (listed.size === 0) return;
    response.setHeader('vary', 'Origin');
    if (origin === undefined || !listed.has(origin)) return;
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', 'x-request-id');
  }

  return {
    apply,
    answerPreflight(request, response) {
      const { origin, 'access-control-request-method': method } = request.headers;
      if (request.method !== 'OPTIONS' || method === undefined) return false;
      if (origin === undefined || !listed.has(origin)) return false;
      apply(request, response);
      response.writeHead(204, {
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers':
          'authorization, content-type, x-request-id, x-itnio-ledger, graphql-require-preflight, apollo-require-preflight',
        'access-control-max-age': String(PREFLIGHT_MAX_AGE_SECONDS),
      });
      response.end();
      return true;
    },
  };
}
