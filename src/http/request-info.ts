import type { IncomingMessage } from 'node:http';
import type { RequestInfo } from '../context.ts';
import { Secret } from '../domain/secret.ts';

/** Notes what is known of a request before it is read. @param signal aborts when its client is gone. */
export function createRequestInfo(
  { headers }: IncomingMessage,
  signal: AbortSignal,
  { randomId, now }: { readonly randomId: () => string; readonly now: () => number },
): RequestInfo {
  return {
    requestId: findRequestId(headers['x-request-id']) ?? randomId(),
    authorization: headers.authorization === undefined ? undefined : new Secret(headers.authorization),
    accept: headers.accept,
    wantsLedger: headers['x-itnio-ledger'] === '1',
    signal,
    arrivedAt: now(),
  };
}

/** Takes over the id that a proxy gave, unless it could be mistaken for something else in a log. */
function findRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:-]{1,64}$/.test(header) ? header : undefined;
}
