import type { IncomingMessage } from 'node:http';
import { ForeignOriginError } from '../errors/request-errors.ts';

/** Headers as Node takes them fastest: name, value, name, value … */
export type RawHeaders = readonly string[];

/** Lets pages of listed origins read answers; without a list, no page of another origin can. */
export interface Cors {
  /** Headers for the answer to this request, by which a page of a listed origin may read it. */
  headersFor(request: IncomingMessage): RawHeaders;
  /**
   * Headers for the answer to a preflight; undefined for any other request.
   * @throws {ForeignOriginError} for an origin that is not listed.
   */
  allowPreflight(request: IncomingMessage): RawHeaders | undefined;
}

/** How long a browser may remember the answer, in seconds. */
const PREFLIGHT_MAX_AGE_SECONDS = 600;

const NONE: RawHeaders = [];
const VARY: RawHeaders = ['vary', 'Origin'];

export function createCors(origins: readonly string[]): Cors {
  const allowed = new Map<string, RawHeaders>(
    origins.map((origin) => [
      origin,
      [
        ...VARY,
        'access-control-allow-origin',
        origin,
        'access-control-expose-headers',
        'x-request-id, retry-after',
      ],
    ]),
  );

  return {
    headersFor({ headers: { origin } }) {
      if (allowed.size === 0) return NONE;
      return (origin !== undefined && allowed.get(origin)) || VARY;
    },
    allowPreflight({ method, headers }) {
      const {
        origin,
        'access-control-request-method': requestedMethod,
        'access-control-request-headers': requestedHeaders,
      } = headers;
      if (method !== 'OPTIONS' || requestedMethod === undefined || origin === undefined) return undefined;
      if (!allowed.has(origin)) throw new ForeignOriginError(origin);
      return [
        'vary',
        'Origin, Access-Control-Request-Headers',
        'access-control-allow-origin',
        origin,
        'access-control-allow-methods',
        'GET, POST',
        'access-control-max-age',
        String(PREFLIGHT_MAX_AGE_SECONDS),
        // Named one by one: a star does not cover "authorization".
        ...(requestedHeaders === undefined ? [] : ['access-control-allow-headers', requestedHeaders]),
      ];
    },
  };
}
