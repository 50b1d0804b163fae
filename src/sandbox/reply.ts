import { type Answer, createEnvelope } from './answer.ts';
import { BROKEN_DELIVERIES, type BrokenDelivery, type Fault, type MalformedBody } from './failure.ts';
import { createMalformedBody } from './malformed-body.ts';
import type { Quirks } from './quirks.ts';

/** How a reply travels: whole with its length, whole in chunks, or not whole. */
export type Delivery = 'whole' | 'chunked' | BrokenDelivery;

/** An HTTP response before it is sent. */
export interface Reply {
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string | Buffer;
  readonly delivery: Delivery;
}

const HTML_TYPE = 'text/html;charset=UTF-8';

/** Writes an answer down, spoiled by the fault if there is one. Business failures are HTTP 200, like the vendor's. */
export function createReply(answer: Answer, fault: Fault | undefined, quirks: Quirks): Reply {
  if (fault === undefined) return createJsonReply(answer, quirks);
  switch (fault.fault) {
    case 'status':
      return createJsonReply({ status: fault.status }, quirks);
    case 'http':
      return createHttpFailure(fault.httpStatus, fault.retryAfter);
    case 'redirect':
      return createText(307, '', { Location: fault.location });
    case 'total':
      return createJsonReply(shiftTotal(answer, fault.by), quirks);
    default:
      return isBrokenDelivery(fault.fault)
        ? { ...createJsonReply(answer, quirks), delivery: fault.fault }
        : createMalformedReply(answer, fault.fault, quirks);
  }
}

/** A plain HTTP response with a text. */
export function createText(httpStatus: number, body: string, headers: Reply['headers'] = {}): Reply {
  return { httpStatus, headers, body, delivery: 'whole' };
}

/** A failure as a proxy in front of the vendor would answer it. */
export function createHttpFailure(httpStatus: number, retryAfter?: number | string): Reply {
  const body = `<html><head><title>${httpStatus}</title></head><body><h1>${httpStatus}</h1></body></html>`;
  return createText(httpStatus, body, {
    'Content-Type': HTML_TYPE,
    ...(retryAfter === undefined ? {} : { 'Retry-After': retryAfter }),
  });
}

function createJsonReply(answer: Answer, quirks: Quirks): Reply {
  const text = JSON.stringify(createEnvelope(answer, quirks));
  return createText(200, quirks.byteOrderMark ? `\ufeff${text}` : text, { 'Content-Type': getType(quirks) });
}

function createMalformedReply(answer: Answer, fault: MalformedBody, quirks: Quirks): Reply {
  if (answer.page === undefined) return createJsonReply(answer, quirks);
  return {
    httpStatus: 200,
    headers: {
      'Content-Type': fault === 'html' ? HTML_TYPE : getType(quirks),
      ...(fault === 'tooLargeCompressed' ? { 'Content-Encoding': 'gzip' } : {}),
    },
    body: createMalformedBody(fault, createEnvelope(answer, quirks), answer.page),
    // A length would give the size away before the first byte of the body.
    delivery: fault === 'tooLarge' ? 'chunked' : 'whole',
  };
}

function getType({ plainText }: Quirks): string {
  return plainText ? 'text/plain;charset=UTF-8' : 'application/json;charset=UTF-8';
}

function shiftTotal(answer: Answer, by: number): Answer {
  const { page } = answer;
  return page === undefined
    ? answer
    : { status: answer.status, page: { ...page, total: Math.max(0, page.total + by) } };
}

function isBrokenDelivery(fault: MalformedBody | BrokenDelivery): fault is BrokenDelivery {
  return BROKEN_DELIVERIES.some((delivery) => delivery === fault);
}
