import { GatewayError } from './gateway-error.ts';

type BadRequestStatus = 400 | 404 | 405 | 408 | 415 | 417 | 421 | 431;

/** An HTTP request that is no GraphQL request: its path, method, host, media type or body. Nothing was executed. */
export class BadRequestError extends GatewayError {
  readonly code = 'BAD_REQUEST';
  readonly status: BadRequestStatus;

  /** @param message a sentence for the client; never a piece of what it sent, which may hold a secret. */
  constructor(message: string, status: BadRequestStatus = 400) {
    super(message);
    this.status = status;
  }
}

/** A GET that a page of another origin may have caused. Nothing was executed. */
export class CsrfPreventedError extends GatewayError {
  readonly code = 'CSRF_PREVENTED';

  constructor() {
    super(
      'A web page of another origin may have caused this GET. Send the header "graphql-require-preflight" or "apollo-require-preflight", or ask by POST; pages of origins in CORS_ORIGINS need neither.',
    );
  }
}

/** A browser asks whether a page of another origin may send a request, and that origin is not listed. */
export class ForeignOriginError extends GatewayError {
  readonly code = 'CSRF_PREVENTED';
  /** The origin, for the log. */
  readonly fault: string;

  constructor(origin: string) {
    super(
      'Web pages of this origin may not ask this gateway: its operator has not listed it in CORS_ORIGINS.',
    );
    this.fault = `origin ${origin.slice(0, 128)}: not in CORS_ORIGINS`;
  }
}

/** A request body over the limit. The rest of it is not read, so the connection ends with the answer. */
export class RequestTooLargeError extends GatewayError {
  readonly code = 'REQUEST_ENTITY_TOO_LARGE';

  constructor(maxBodyBytes: number) {
    super(`A request body may have up to ${maxBodyBytes} bytes.`);
  }
}

/** A document that is not on the list of trusted ones, where nothing else is executed. */
export class UntrustedDocumentError extends GatewayError {
  readonly code = 'QUERY_NOT_IN_SAFELIST';

  constructor() {
    super('This gateway executes the documents of its list only, and this is none of them.');
  }
}

/** The id of a document that is not on the list of trusted ones, or there is no list. */
export class UnknownDocumentError extends GatewayError {
  readonly code = 'PERSISTED_QUERY_NOT_IN_LIST';

  constructor() {
    super('No document of this id is known here. Send the "query" itself, or have it put on the list.');
  }
}

/** The hash of a document that is not stored (any more). Clients know the message, and send the text with the hash. */
export class PersistedQueryNotFoundError extends GatewayError {
  readonly code = 'PERSISTED_QUERY_NOT_FOUND';

  constructor() {
    super('PersistedQueryNotFound');
  }
}

/** The hash of a document where none is stored. Clients know the message, and send texts from then on. */
export class PersistedQueryNotSupportedError extends GatewayError {
  readonly code = 'PERSISTED_QUERY_NOT_SUPPORTED';

  constructor() {
    super('PersistedQueryNotSupported');
  }
}

/** The document does not hold exactly one operation that can be meant. */
export class OperationResolutionError extends GatewayError {
  readonly code = 'OPERATION_RESOLUTION_FAILURE';

  constructor() {
    super(
      'Which operation to run is not clear: name one of the document in "operationName", or send only one.',
    );
  }
}

/** Someone who is not a known caller asks for the schema where it is shown to known callers only. */
export class IntrospectionDisabledError extends GatewayError {
  readonly code = 'GRAPHQL_VALIDATION_FAILED';

  constructor() {
    super('This gateway shows its schema to known callers only; it is also published as a file.');
  }
}

/** A document whose fields would take too long to compare with each other. Thrown before anything is executed. */
export class ValidationAbortedError extends GatewayError {
  readonly code = 'QUERY_TOO_COMPLEX';

  constructor() {
    super('The document repeats fields too often to be checked in time.');
  }
}

/** A document that is larger, in one respect, than this gateway answers. Found before anything is executed. */
export class QueryLimitError extends GatewayError {
  readonly code: QueryLimitCode;

  /** @param excess what there is too much of, as the start of a sentence: "The operation is nested 12 levels deep". */
  constructor(code: QueryLimitCode, excess: string, limit: number) {
    super(`${excess}; up to ${limit} are allowed.`);
    this.code = code;
  }
}

/** An answer that has become too large, whatever its document let expect. Nothing of it leaves. */
export class AnswerTooLargeError extends GatewayError {
  readonly code = 'QUERY_TOO_COMPLEX';

  constructor(limit: number, unit: 'bytes' | 'objects') {
    super(`The answer would have more than ${limit} ${unit}. Ask for less at once.`);
  }
}

export type QueryLimitCode =
  | 'QUERY_TOO_DEEP'
  | 'QUERY_TOO_COMPLEX'
  | 'QUERY_TOO_MANY_ALIASES'
  | 'QUERY_TOO_MANY_ROOT_FIELDS';

/** An entity beyond those that one answer has room and calls for. Those before it are answered. */
export class TooManyEntitiesError extends GatewayError {
  readonly code = 'QUERY_TOO_MANY_ENTITIES';

  constructor() {
    super('One request may not bring so many entities. Ask for the rest in another.');
  }
}

/** What one request asks for would take more vendor calls than one request may make. Thrown before they start. */
export class QueryTooExpensiveError extends GatewayError {
  readonly code = 'QUERY_TOO_COMPLEX';

  constructor(callBudget: number) {
    super(
      `This request would need more than the ${callBudget} calls to the voice API that one request may make. Ask for less at once.`,
    );
  }
}

/** An app has more phones than one request may look through. What was looked at is remembered, so that the next try goes on. */
export class LookupUnfinishedError extends GatewayError {
  readonly code = 'QUERY_TOO_COMPLEX';
  override readonly retryable: boolean;

  /** @param reached where the next try goes on, 0 for the head of the list; undefined where it is too long to try. */
  constructor(total: number, reached?: number) {
    super(
      reached === undefined
        ? `This app has ${total} phones. That is too many to look for one by its account, unless it was read before.`
        : `This app has ${total} phones, more than one request may look through. ${describeNextTry(reached)}`,
    );
    this.retryable = reached !== undefined;
  }
}

function describeNextTry(from: number): string {
  return from === 0
    ? 'The next try begins at the head of the list.'
    : `It has come to number ${from}; the next try goes on from there.`;
}

/** A list that would have to be read whole, and is longer than this gateway reads. */
export class ListTooLongError extends GatewayError {
  readonly code = 'QUERY_TOO_COMPLEX';

  constructor(total: number, maxCalls: number) {
    super(
      `This app has ${total} phones. To filter, order, group or export them the whole list has to be read, which may take up to ${maxCalls} calls to the voice API. Page through it without "filter" and "orderBy", or ask the operator to raise LIST_MAX_CALLS.`,
    );
  }
}

/** A caller has used up what it may take of something for now. */
export class RateLimitedError extends GatewayError {
  readonly code = 'RATE_LIMITED';
  override readonly retryable = true;
  override readonly retryAfterMs: number;

  /** @param subject what there is a limit of, as the start of a sentence: "Calls to the voice API". */
  constructor(subject: string, retryAfterMs: number) {
    super(`${subject} are limited for this caller. Try again after the time in "retryAfterMs".`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** More is asked of this gateway at the moment than it can do in time. Nothing was executed. */
export class OverloadedError extends GatewayError {
  readonly code = 'OVERLOADED';
  override readonly retryable = true;
  override readonly retryAfterMs = 1_000;
  /** What this machine has run out of, for the log, such as `EMFILE`. */
  readonly fault: string | undefined;

  constructor(options?: { readonly fault?: string }) {
    super('The gateway has too much to do at the moment. Try again in a second.');
    this.fault = options?.fault;
  }
}

/** The time for one request is used up. */
export class DeadlineExceededError extends GatewayError {
  readonly code = 'DEADLINE_EXCEEDED';
  override readonly retryable = true;

  /** @param options `progress` says how far it has come, such as "40 of 114 pages"; that much is kept. */
  constructor(options?: ErrorOptions & { readonly progress?: string }) {
    const progress = options?.progress;
    super(
      progress === undefined
        ? 'The request took longer than its deadline allows. Trying again may get further.'
        : `The request took longer than its deadline allows: ${progress} of the list were read. Trying again goes on from there.`,
      options,
    );
  }
}

/** The client has left before its answer was there. Nobody reads this but the log. */
export class ClientGoneError extends GatewayError {
  readonly code = 'CLIENT_GONE';

  constructor() {
    super('The client is gone.');
  }
}
