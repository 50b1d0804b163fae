import type { Bounds } from '../domain/bounds.ts';
import type { CancelSignal } from '../domain/cancel.ts';
import type { Waiters } from '../domain/requester.ts';
import type { AnswerBody } from './answer-body.ts';

/**
 * What has to be known of one endpoint of the vendor's API. They share method, signature and envelope; adding one is a
 * file with one of these and a method on the client.
 */
export interface Endpoint<Query, Result> {
  /** Name in the log. */
  readonly name: string;
  /** Appended to the base URL; starts with a slash. */
  readonly path: string;
  /** Whether the same call may be sent twice without harm. Only then is it repeated after a lost answer. */
  readonly isRepeatable: boolean;
  /** The JSON body. The vendor does not sign it. */
  encode(query: Query): string;
  /**
   * Reads the envelope's `data`.
   * @throws {UpstreamBadResponseError} naming the place, never the value.
   */
  decode(data: unknown, query: Query): Result;
  /** Where answers often come again as they are. */
  readonly repeats?: RepeatedAnswers<Query, Result>;
  /** The app that a query is about: a fault of one app is no fault of the others. */
  appIdOf(query: Query): string;
  /** What the log may show of a query. Never a secret. */
  describe(query: Query): object;
}

/** What was read in answers before, for those that come again byte for byte: it is not read again. */
export interface RepeatedAnswers<Query, Result> {
  find(body: AnswerBody, query: Query): Result | undefined;
  /** Takes note of a successful answer and of what it was read as. */
  add(body: AnswerBody, query: Query, result: Result): void;
}

/** What bounds a call, and who waits for it. */
export interface CallOptions extends Bounds {
  readonly waiters: Waiters;
}

/** What the gate and the breaker have to know of a call. */
export interface PendingCall extends CallOptions {
  readonly appId: string;
}

/** One call on its way through the layers of the client. */
export class VendorCall<Query, Result> implements PendingCall {
  readonly endpoint: Endpoint<Query, Result>;
  readonly query: Query;
  readonly body: Buffer;
  readonly appId: string;
  readonly signal: CancelSignal | undefined;
  readonly deadlineAt: number;
  readonly waiters: Waiters;
  /** How long it has waited for its last attempt, in milliseconds: for a free place, or for the vendor's rate limit. */
  waitedMs = 0;
  /** Attempts that were let out to the vendor so far. */
  attemptCount = 0;

  constructor(endpoint: Endpoint<Query, Result>, query: Query, options: CallOptions) {
    this.endpoint = endpoint;
    this.query = query;
    this.body = Buffer.from(endpoint.encode(query));
    this.appId = endpoint.appIdOf(query);
    this.signal = options.signal;
    this.deadlineAt = options.deadlineAt;
    this.waiters = options.waiters;
  }
}

/** A layer of the client: does its part of a call, and hands the call to the next one. */
export type Layer = <Query, Result>(call: VendorCall<Query, Result>) => Promise<Result>;

/** Shortest time, in milliseconds, in which an attempt is still worth starting. */
export const MIN_ATTEMPT_MS = 300;

/** Upper end, in milliseconds, of the random wait that keeps calls from being sent again all together; the lower end is 0. */
export const MAX_JITTER_MS = 100;

/** Waits, in milliseconds. Rejects with the signal's reason as soon as that aborts. */
export type Sleep = (ms: number, signal: CancelSignal | undefined) => Promise<void>;
