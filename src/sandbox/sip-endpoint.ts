import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import { authenticate } from './authentication.ts';
import type { CallRecorder } from './call-log.ts';
import { deliver, hangsUp } from './delivery.ts';
import type { Drift } from './drift.ts';
import type { Fault } from './failure.ts';
import type { FailureQueue } from './failure-queue.ts';
import { parseSipQuery, type SipQuery } from './parameters.ts';
import type { Quirks } from './quirks.ts';
import { createHttpFailure, createReply, createText, type Reply } from './reply.ts';
import { readBody } from './request-body.ts';
import { createResponseHeaders } from './response-headers.ts';
import type { Schedule } from './schedule.ts';
import type { Credentials } from './signature.ts';
import type { SipList } from './sip-list.ts';
import { readSipPage } from './sip-page.ts';
import { PARAMETER_EXCEPTION, SUCCESS } from './vendor-status.ts';

/** What the endpoint works with; the quirks are read anew for each call. */
export interface SipEndpointParts {
  readonly credentials: Credentials;
  readonly lists: ReadonlyMap<string, SipList>;
  readonly getQuirks: () => Quirks;
  readonly failures: FailureQueue;
  readonly schedule: Schedule;
  readonly drift: Drift;
  readonly calls: CallRecorder;
  /** Milliseconds since the epoch, before the quirks' skew. */
  readonly now: () => number;
}

/** Answers one request. Rejects when the answer cannot be sent, such as for a `Trailer` among the extra headers. */
export type Endpoint = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** `POST /voice/sipQuery`. */
export function createSipEndpoint(parts: SipEndpointParts): Endpoint {
  const { credentials, lists, getQuirks, failures, schedule, drift, calls, now } = parts;

  function findAnswer(headers: IncomingHttpHeaders, query: SipQuery | undefined, quirks: Quirks): Answer {
    const status = authenticate(headers, credentials, now() / 1000 + quirks.clockSkewSeconds);
    if (status !== SUCCESS) return { status };
    if (query === undefined) return { status: PARAMETER_EXCEPTION };
    const list = lists.get(query.appId);
    if (list === undefined && quirks.unknownApp === 'reject') return { status: PARAMETER_EXCEPTION };
    const page = readSipPage(list?.rows ?? [], query, quirks);
    return page === undefined ? { status: PARAMETER_EXCEPTION } : { status: SUCCESS, page };
  }

  /** Decides the whole reply in one moment: a page is what the list was when the call came in, however long it travels. */
  function createCallReply(headers: IncomingHttpHeaders, bodyText: string): Reply {
    const query = parseSipQuery(bodyText);
    schedule.run(query);
    const quirks = getQuirks();
    const list = query === undefined ? undefined : lists.get(query.appId);
    if (list !== undefined) drift.run(list, quirks);
    const fault: Fault | undefined = failures.take(query?.appId);
    const answer = findAnswer(headers, query, quirks);
    calls.answered(query, fault?.fault === 'status' ? fault.status : answer.status, fault?.fault);
    return createReply(answer, fault, quirks);
  }

  function send(response: ServerResponse, reply: Reply): void {
    deliver(response, reply, createResponseHeaders(reply, getQuirks(), now()));
  }

  return async (request, response) => {
    const refusal = findRefusal(request);
    if (refusal !== undefined) return send(response, refusal);
    calls.started();
    let reply: Reply | undefined;
    response.once('close', () => {
      calls.ended(!response.writableFinished && !(reply !== undefined && hangsUp(reply)));
    });
    const bodyText = await readBody(request);
    if (bodyText === undefined) return send(response, createHttpFailure(413));
    reply = createCallReply(request.headers, bodyText);
    const { latencyMs } = getQuirks();
    if (latencyMs > 0) await elapse(latencyMs, response);
    send(response, reply);
  };
}

/** Waits so many milliseconds. Never settles when the client leaves before. */
function elapse(latencyMs: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, latencyMs);
    response.once('close', () => clearTimeout(timer));
  });
}

/** What a servlet container refuses before the vendor's code sees it. Its content type may have any parameters. */
function findRefusal({ method, headers }: IncomingMessage): Reply | undefined {
  if (method !== 'POST') return createText(405, '', { Allow: 'POST' });
  if (!/^application\/([\w.-]+\+)?json\b/i.test(headers['content-type'] ?? '')) return createHttpFailure(415);
  return undefined;
}
