import type { ExecutionResult } from 'graphql';
import type { RequestState } from '../context.ts';
import type { Caller } from '../domain/caller.ts';
import type { Log } from '../domain/log.ts';
import { type ErrorEntry, type PresentedError, presentError } from '../errors/present.ts';
import { AnswerTooLargeError } from '../errors/request-errors.ts';
import { MAX_ANSWER_BYTES, writeAnswer } from './answer-bytes.ts';
import { readCost } from './cost.ts';
import type { RequestLog } from './request-log.ts';

/** An HTTP response, before any server's classes. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Makes the response of every request that gets one, errors and all, and logs the request. */
export interface Answers {
  present(result: ExecutionResult, state: RequestState): Answer;
  /** The same for a request that failed before it had a result. */
  presentFailure(thrown: unknown, state: RequestState): Answer;
}

/** Errors in an answer to a request that was not executed; those of an execution are never cut. */
export const MAX_REQUEST_ERRORS = 5;

const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';

export interface AnswersOptions {
  readonly requestLog: RequestLog;
  readonly log: Log;
  /** Whether every answer says what it cost, and not only those for whom it was asked. */
  readonly showsCosts: boolean;
  /** Whether a caller may ask what an answer cost. */
  readonly maySeeCosts: (caller: Caller) => boolean;
  /** Whether a caller sees the schema, and what messages tell of it. */
  readonly mayIntrospect: (caller: Caller) => boolean;
}

export function createAnswers(options: AnswersOptions): Answers {
  const { requestLog, log, showsCosts, maySeeCosts, mayIntrospect } = options;

  /** An operation that was not executed has no cost. */
  function extend(
    extensions: ExecutionResult['extensions'],
    { caller, phones, wantsCost }: RequestState,
    isExecuted: boolean,
  ) {
    if (!isExecuted || phones === undefined) return extensions;
    if (!showsCosts && !(wantsCost && caller !== undefined && maySeeCosts(caller))) return extensions;
    return { ...extensions, itnio: readCost(phones.cost) };
  }

  function present(result: ExecutionResult, state: RequestState): Answer {
    const { data, errors } = result;
    const extensions = extend(result.extensions, state, data !== undefined);
    if (errors !== undefined && errors.length > 0) return presentErrors(errors, { data, extensions }, state);
    const body = writeAnswer({ data, extensions });
    if (body === undefined) return presentTooLarge(state);
    requestLog.record(state, 200, []);
    return { status: 200, headers: headersOf(state), body };
  }

  function presentErrors(
    thrown: readonly unknown[],
    rest: { readonly data?: unknown; readonly extensions?: unknown },
    state: RequestState,
  ): Answer {
    const headers = headersOf(state);
    const { data, extensions } = rest;
    const isExecuted = data !== undefined;
    const hidesSchema = state.caller === undefined || !mayIntrospect(state.caller);
    const requestErrorStatus = headers['content-type'].startsWith(GRAPHQL_TYPE) ? 400 : 200;
    const shown = isExecuted ? thrown.length : Math.min(thrown.length, MAX_REQUEST_ERRORS);
    const presented: PresentedError[] = [];
    const errors: ErrorEntry[] = [];
    let worstStatus = 0;
    let retryAfterMs: number | undefined;
    let isTooLarge = false;
    for (let index = 0; index < shown; index++) {
      const each = presentError(thrown[index], state.requestId, hidesSchema);
      const { error, cause, status } = each;
      presented.push(each);
      errors.push(error);
      worstStatus = Math.max(worstStatus, status === 'request' ? requestErrorStatus : status);
      retryAfterMs ??= cause?.retryAfterMs;
      isTooLarge ||= cause instanceof AnswerTooLargeError;
    }
    // `data: null` counts as data: something was executed.
    const status = isExecuted ? 200 : worstStatus;
    const body = writeAnswer({ errors, data, extensions });
    if (body === undefined) return presentTooLarge(state);
    if (isTooLarge)
      log.warn({ requestId: state.requestId, operation: state.operationName }, 'An answer was too large.');
    if (status === 401) headers['www-authenticate'] = 'Bearer';
    if ((status === 429 || status === 503) && retryAfterMs !== undefined)
      headers['retry-after'] = String(Math.ceil(retryAfterMs / 1000));
    if (status === 405) headers.allow = 'GET, POST';
    requestLog.record(state, status, presented);
    return { status, headers, body };
  }

  function presentTooLarge(state: RequestState): Answer {
    return presentErrors([new AnswerTooLargeError(MAX_ANSWER_BYTES, 'bytes')], {}, state);
  }

  return { present, presentFailure: (thrown, state) => presentErrors([thrown], {}, state) };
}

interface AnswerHeaders {
  'content-type': string;
  'cache-control': string;
  'x-request-id': string;
  'www-authenticate'?: string;
  'retry-after'?: string;
  allow?: string;
  [name: string]: string;
}

/** A client that names the type of the specification can read it; any other gets plain JSON, whatever it accepts. */
function headersOf({ accept, requestId }: RequestState): AnswerHeaders {
  const type = accept?.includes(GRAPHQL_TYPE) ? GRAPHQL_TYPE : JSON_TYPE;
  return { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store', 'x-request-id': requestId };
}
