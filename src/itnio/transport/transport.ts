import type { SignedHeaders } from '../signature.ts';

/** A way to send HTTP requests to the vendor. It knows neither deadlines nor what an answer means. */
export interface Transport {
  /** Sends one POST. Redirects are not followed. */
  post(path: string, headers: SignedHeaders, body: Buffer): Sent;
  /** Closes the connections that no request is using. */
  closeIdle(): void;
}

/** A request on its way. */
export interface Sent {
  /**
   * Rejects with an error that has a code where the request fails below HTTP, and with UPSTREAM_BAD_RESPONSE for a body that
   * is too large.
   */
  readonly answer: Promise<HttpAnswer>;
  /** Gives the request up: its connection is destroyed, unless the answer was read to its end. */
  cancel(): void;
}

export interface HttpAnswer {
  readonly status: number;
  /** The whole body where the status is 2xx; empty with any other status. */
  readonly body: Uint8Array;
  /** When its headers came, on the clock of the deadlines. */
  readonly receivedAt: number;
  /** A header by its name in lower case; null when there is none. */
  header(name: string): string | null;
}

export const STATIC_HEADERS = {
  'Content-Type': 'application/json;charset=UTF-8',
  Accept: 'application/json',
  'Accept-Encoding': 'gzip',
  'User-Agent': 'itnio-graphql-gateway',
};

/** How long an unused connection is kept, in milliseconds: below the 20 s after which a Java servlet container closes it. */
export const IDLE_SOCKET_MS = 15_000;

/** Largest answer that is read, in bytes after decompression. A page of 100 phones is about 12,000. */
export const MAX_BODY_BYTES = 5 * 1024 * 1024;

/** Limits for reading an unused body before the connection is closed: bytes after decompression, and milliseconds. */
export const MAX_DRAIN_BYTES = 64 * 1024;
export const MAX_DRAIN_MS = 100;

/** The code of a request that was given up before it had a connection. */
export const CANCELLED = 'CANCELLED';

/** An error that says by its code alone what happened; see `faults.ts`. */
export function createCodedError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
