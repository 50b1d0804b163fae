import type { IncomingMessage } from 'node:http';
import type { RequestInfo } from '../context.ts';
import { Canceller, type CancelSignal } from '../domain/cancel.ts';
import { Secret } from '../domain/secret.ts';
import { TRACE, traceStart } from '../domain/trace.ts';
import type { FindClientAddress } from './client-address.ts';

export interface RequestInfoSources {
  readonly randomId: () => string;
  /** The clock of `performance.now()`. */
  readonly now: () => number;
}

/** Notes what is known of a request before it is read. @param signal aborts when its client is gone. */
export type DescribeRequest = (request: IncomingMessage, signal: CancelSignal) => RequestInfo;

export function createDescribeRequest({
  randomId,
  now,
  clientAddress,
}: RequestInfoSources & { readonly clientAddress: FindClientAddress }): DescribeRequest {
  return (request, signal) => {
    const { headers, method = '' } = request;
    const requestId = randomId();
    return {
      requestId,
      clientRequestId: findRequestId(headers['x-request-id']),
      traceId: TRACE.requestStart.hasSubscribers
        ? startTrace(requestId, method, headers)
        : findTraceId(headers['traceparent']),
      clientAddress: clientAddress(request),
      authorization: headers.authorization === undefined ? undefined : new Secret(headers.authorization),
      userToken: readHeader(headers['x-itnio-user-token']),
      accept: headers.accept,
      wantsCost: headers['x-itnio-ledger'] === '1',
      signal,
      arrivedAt: now(),
    };
  };
}

/** The same for a request that cannot be read at all. @param clientAddress who sent it, as the connection says. */
export function describeUnread(clientAddress: string, { randomId, now }: RequestInfoSources): RequestInfo {
  return {
    requestId: randomId(),
    clientRequestId: undefined,
    traceId: undefined,
    clientAddress,
    authorization: undefined,
    accept: undefined,
    wantsCost: false,
    signal: NEVER,
    arrivedAt: now(),
  };
}

const NEVER = new Canceller();

/** Of a header that came several times node makes one with commas, which is no token. */
function readHeader(header: string | string[] | undefined): Secret | undefined {
  return header === undefined ? undefined : new Secret(String(header));
}

/** Reads the request id that a client or proxy has sent; undefined unless it is one safe word. */
function findRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:-]{1,64}$/.test(header) ? header : undefined;
}

function startTrace(
  requestId: string,
  method: string,
  { traceparent, tracestate }: IncomingMessage['headers'],
): string | undefined {
  const text = (header: string | string[] | undefined) => (typeof header === 'string' ? header : undefined);
  const given = traceStart({
    requestId,
    traceparent: text(traceparent),
    tracestate: text(tracestate),
    method,
    startedAt: Date.now(),
  });
  return given ?? findTraceId(traceparent);
}

/** @see https://www.w3.org/TR/trace-context/#traceparent-header-field-values */
function findTraceId(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string') return undefined;
  const traceId = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/.exec(
    header,
  )?.[1];
  return traceId === '0'.repeat(32) ? undefined : traceId;
}
