import type { VisibleApps } from './domain/app.ts';
import type { Caller } from './domain/caller.ts';
import type { CancelSignal } from './domain/cancel.ts';
import type { Phone } from './domain/phone.ts';
import type { Secret } from './domain/secret.ts';
import type { Phones, RequestPhones } from './phones/phones.ts';

/** What one request carries to its resolvers. */
export interface GatewayContext {
  readonly caller: Caller;
  readonly apps: VisibleApps;
  readonly phones: Phones;
  readonly audit: PasswordAudit;
  readonly objects: ObjectBudget;
}

/** Counts what is brought into one answer, where it is brought. */
export interface ObjectBudget {
  /**
   * Takes so many objects from what the answer may hold.
   * @throws {AnswerTooLargeError} when that is used up.
   * @throws {DeadlineExceededError} when the request's time is used up.
   */
  spend(objects: number): void;
  /** How many of its representations an `_entities` may look up, by its name in the answer; the first ones. */
  countEntities(responseName: string): number;
}

/** How it went when the password of a phone was asked for, the worst first. */
export const PASSWORD_OUTCOMES = ['refused', 'failed', 'read'] as const;

export type PasswordOutcome = (typeof PASSWORD_OUTCOMES)[number];

/** Notes whose passwords a request asks for; the record is written before the answer leaves. */
export interface PasswordAudit {
  /** Notes how it went. Of a phone that is asked for more than once, the best outcome counts. */
  note(phone: Pick<Phone, 'appId' | 'account'>, outcome: PasswordOutcome): void;
  /**
   * Takes one password from those that the caller may read in an hour.
   * @returns gives it back.
   * @throws {RateLimitedError} when none is left.
   */
  takeOne(): () => void;
}

/** What a request holds of the gateway's capacity while it is treated. */
export interface AdmittedPlace {
  /**
   * Says how many objects the answer may bring: many take more room.
   * @returns a promise when that room has to be waited for.
   * @throws {OverloadedError} when there is none, also as a rejection.
   */
  weigh(objects: number): Promise<void> | undefined;
}

/** What is known of a request before it is read. */
export interface RequestInfo {
  /** The gateway's own. Comes back as the header `x-request-id` and in every error; stands in every line of the log. */
  readonly requestId: string;
  /** What the client, or a proxy before us, calls this request in its header `x-request-id`. */
  readonly clientRequestId: string | undefined;
  /** The trace that the client's header `traceparent` names: 32 hexadecimal digits. */
  readonly traceId: string | undefined;
  /** Who sent it, as the connection says. */
  readonly clientAddress: string;
  /** The header `authorization`, whole; undefined when there is none. */
  readonly authorization: Secret | undefined;
  /** The header `x-itnio-user-token`, whole; undefined when there is none. */
  readonly userToken?: Secret | undefined;
  /** The header `accept`, whole; undefined when there is none. */
  readonly accept: string | undefined;
  /** Whether the header `x-itnio-ledger: 1` asks for `extensions.itnio`: what the answer cost. */
  readonly wantsCost: boolean;
  /** Aborts when the client is gone, with a ClientGoneError. */
  readonly signal: CancelSignal;
  /** On the clock of `performance.now()`. */
  readonly arrivedAt: number;
  /** Who asks, where that has been found out already. */
  caller?: Caller | undefined;
  /** Undefined where nobody counts what is in flight. */
  place?: AdmittedPlace | undefined;
}

/** A request on its way through the pipeline, which fills in what is undefined at first. */
export interface RequestState extends RequestInfo {
  apps: VisibleApps | undefined;
  phones: RequestPhones | undefined;
  audit: PasswordAudit | undefined;
  objects: ObjectBudget | undefined;
  /** The operation's own name, or the 128 characters at its start, once the document is parsed. */
  operationName: string | undefined;
  /** Whether the operator vouches for the document. */
  isTrustedDocument: boolean;
  /** What the document is stored by once it has proved valid. */
  hashToStore: string | undefined;
}
