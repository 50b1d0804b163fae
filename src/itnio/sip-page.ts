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

/** A well-formed answer without its passwords, which may not outlive a request. */
export type PhonePage = Omit<SipPage, 'passwords'>;

/** A well-formed answer. The caller compares it with what was asked. */
export interface SipPage {
  /** Rows in the whole list, as the vendor counted them. */
  readonly total: number;
  /** The page number that the answer echoes. */
  readonly current: number;
  /** The page size that the answer echoes. */
  readonly size: number;
  /** Frozen, and each row too, where it is the array of an earlier answer, the same byte for byte: what is made of it can be kept with it. */
  readonly phones: readonly Phone[];
  /** `passwords[i]` belongs to `phones[i]`; null when the vendor sent none. Never kept beyond the request that asked. */
  readonly passwords: readonly (Secret | null)[];
}

/** The password of one of its phones, by index; null when the vendor sent none. */
export function passwordAt({ passwords }: Pick<SipPage, 'passwords'>, index: number): Secret | null {
  const password = passwords[index];
  if (password === undefined) throw new RangeError('A page has no place for the password of a phone.');
  return password;
}

export interface VendorLoad {
  /** Calls that have been sent and not answered. */
  readonly underWay: number;
  /** Calls that wait for their turn. */
  readonly waiting: number;
  /** Calls that may be under way at a time, at the moment. */
  readonly limit: number;
}

/** How much the vendor can serve. */
export interface VendorPace {
  /** Calls under way at a time; more bring no more answers. */
  readonly callsAtATime: number;
  readonly callsPerSecond: number;
  /** Requests that may wait for their first call; one more is OVERLOADED. */
  readonly mostWaiting: number;
}

/** The endpoints of the vendor's voice API that the gateway uses: a method and a file for each. */
export interface ItnioClient {
  /**
   * Reads one page of an app's SIP phones.
   * @throws {GatewayError} one of the UPSTREAM_* errors, or DeadlineExceededError.
   */
  sipQuery(query: SipQuery, options: CallOptions): Promise<SipPage>;
  /** Calls sent over the wire so far, retries and re-signed ones included. */
  readonly callCount: number;
  readonly load: VendorLoad;
  /** The vendor's best pace; undefined unless calls had to wait in the last seconds. */
  readonly pace: VendorPace | undefined;
  /** Closes idle sockets. Calls in flight are not touched. */
  close(): void;
}
