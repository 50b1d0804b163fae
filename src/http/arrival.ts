import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Arrival } from '../context.ts';
import { Secret } from '../domain/secret.ts';
import { ClientGoneError } from '../errors/client-gone-error.ts';

/** Notes what is known of a request before it is read, and watches whether its client stays. */
export function createArrival(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { randomId, now }: { readonly randomId: () => string; readonly now: () => number },
): Arrival {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new ClientGoneError());
  });
  return {
    requestId: findRequestId(headers['x-request-id']) ?? randomId(),
    authorization: headers.authorization === undefined ? undefined : new Secret(headers.authorization),
    accept: headers.accept,
    wantsLedger: headers['x-itnio-ledger'] === '1',
    signal: gone.signal,
    arrivedAt: now(),
  };
}

/** Takes over the id that a proxy gave, unless it could be mistaken for something else in a log. */
function findRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:-]{1,64}$/.test(header) ? header : undefined;
}
