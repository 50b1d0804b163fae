import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from '../pipeline/answer.ts';
import type { BodyReader } from './body.ts';
import type { Cors, RawHeaders } from './cors.ts';
import type { UnsentAnswers } from './unsent-answers.ts';

/** Sends answers: head and body in one write. */
export interface Reply {
  answer(
    request: IncomingMessage,
    response: ServerResponse,
    answer: Answer,
    options?: {
      /** Whether to keep the connection although the request's body has not come. Defaults to false. */
      readonly keepsConnection: boolean;
    },
  ): void;
  /** An answer without a body. */
  empty(request: IncomingMessage, response: ServerResponse, status: number, headers: RawHeaders): void;
}

export interface ReplyOptions {
  readonly cors: () => Cors;
  readonly bodies: Pick<BodyReader, 'hasUnread'>;
  readonly unsent: UnsentAnswers;
}

export function createReply({ cors, bodies, unsent }: ReplyOptions): Reply {
  return {
    answer(request, response, { status, headers, body }, { keepsConnection } = { keepsConnection: false }) {
      const head = [...cors().headersFor(request)];
      for (const name in headers) head.push(name, headers[name] ?? '');
      head.push('content-length', String(Buffer.byteLength(body)));
      // What is left of a body would be taken for the next request.
      if (!keepsConnection && bodies.hasUnread(request)) head.push('connection', 'close');
      response.writeHead(status, head);
      unsent.send(response, body);
    },
    empty(request, response, status, headers) {
      response.writeHead(
        status,
        bodies.hasUnread(request) ? [...headers, 'connection', 'close'] : [...headers],
      );
      unsent.send(response, '');
    },
  };
}
