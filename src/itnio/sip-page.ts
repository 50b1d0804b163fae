import type { Phone } from '../domain/phone.ts';
import type { Secret } from '../domain/secret.ts';
import type { CallOptions } from './call.ts';

/** One page as asked of `POST /sipQuery`. */
export interface SipQuery {
  readonly appId: string;
  /** Page number, from 1. */
  readonly current: number;
  /** Rows on a page, 1 to 100. */
  readonly size: number;
}

/** A well-formed answer. Whether it is an answer to what was asked is for the caller to compare. */
export interface SipPage {
  /** Rows in the whole list, as the vendor counted them. */
  readonly total: number;
  /** The page number that the answer echoes. */
  readonly current: number;
  /** The page size that the answer echoes. */
  readonly size: number;
  readonly phones: readonly Phone[];
  /** `passwords[i]` belongs to `phones[i]`; null when the vendor sent none. Never kept beyond the request that asked. */
  readonly passwords: readonly (Secret | null)[];
}

export interface VendorLoad {
  /** Calls that have been sent and not answered. */
  readonly underWay: number;
  /** Calls that wait for their turn. */
  readonly waiting: number;
  /** Calls that may be under way at a time, at the moment. */
  readonly limit: number;
}

/** What the vendor gives, whatever it is asked for. */
export interface VendorPace {
  /** Calls under way at a time; more bring no more answers. */
  readonly callsAtATime: number;
  readonly callsPerSecond: number;
  /** Requests that may wait for their first call; whoever comes on top of them is OVERLOADED. */
  readonly mostWaiting: number;
}

/** The vendor's voice API, as far as it is fronted. Further endpoints are further methods, each with a file of its own. */
export interface ItnioClient {
  /**
   * Reads one page of an app's SIP phones.
   * @throws {GatewayError} one of the UPSTREAM_* errors, or DeadlineExceededError.
   */
  sipQuery(query: SipQuery, options: CallOptions): Promise<SipPage>;
  /** Calls sent over the wire so far, retries and re-signed ones included. */
  readonly callCount: number;
  readonly load: VendorLoad;
  /** What the vendor gives at its best; undefined unless calls have had to wait of late. */
  readonly pace: VendorPace | undefined;
  /** Closes idle sockets. Calls in flight are not touched. */
  close(): void;
}
