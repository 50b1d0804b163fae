import fetch from 'node-fetch';
import { type Bounds, watchBounds } from '../domain/bounds.ts';
import type { Clock } from '../domain/clock.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { DeadlineExceededError } from '../errors/request-errors.ts';
import { UpstreamTimeoutError } from '../errors/upstream-errors.ts';
import { createKeepAlive } from './agent.ts';
import { drainBody, readBody } from './body.ts';
import { MIN_ATTEMPT_MS } from './call.ts';
import { parseRetryAfter, readHttpStatus, readNetworkError } from './faults.ts';
import type { SignedHeaders } from './signature.ts';

/** A whole answer with an HTTP status of 2xx. */
export interface HttpAnswer {
  readonly body: Uint8Array;
  /**
   * Its `Date` header; null when there is none. This and {@link isKept} are looked up when they are asked for, which is
   * hardly ever: each look at a header costs as much as decoding a row.
   */
  readonly date: string | null;
  /** Whether a cache in between has kept it, as its `Age` header says. */
  readonly isKept: boolean;
  /** From sending the request to receiving the answer's headers, in milliseconds. */
  readonly roundTripMs: number;
}

/** The only HTTP to the vendor. */
export interface Exchange {
  /**
   * Sends one request and reads its answer to the end. Nothing of it outlives the promise: no timer, no listener, and
   * the connection is either free for the next one or destroyed.
   * @throws {GatewayError} UPSTREAM_* or DEADLINE_EXCEEDED; the signal's reason when that aborts.
   */
  send(path: string, headers: SignedHeaders, body: Buffer, options: Bounds): Promise<HttpAnswer>;
  /** Requests sent so far. */
  readonly sentCount: number;
  /** Closes the connections that no request is using. */
  closeIdle(): void;
}

const STATIC_HEADERS = {
  'Content-Type': 'application/json;charset=UTF-8',
  Accept: 'application/json',
  'Accept-Encoding': 'gzip',
  'User-Agent': 'itnio-graphql-gateway',
};

export function createExchange(configuration: {
  readonly baseUrl: string;
  /** Longest time for one request, its answer's last byte included, in milliseconds. */
  readonly attemptTimeoutMs: number;
  readonly clock: Clock;
}): Exchange {
  const { attemptTimeoutMs, clock } = configuration;
  const baseUrl = configuration.baseUrl.replace(/\/+$/, '');
  const { agent, closeIdle } = createKeepAlive(new URL(baseUrl).protocol);
  let sentCount = 0;

  async function readAnswer(url: string, headers: SignedHeaders, body: Buffer, signal: AbortSignal) {
    const sentAt = clock.monotonicNow();
    sentCount += 1;
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...STATIC_HEADERS, ...headers },
      body,
      agent,
      signal,
      // Followed, a redirect would carry key and signature to any host, and two of them end the process.
      redirect: 'error',
    });
    const roundTripMs = clock.monotonicNow() - sentAt;
    const { headers: received } = response;
    if (!response.ok) {
      // What the status says stands, however the body ends and whether it does.
      await drainBody(response.body, clock.startTimer);
      throw readHttpStatus(
        response.status,
        parseRetryAfter(received.get('Retry-After'), received.get('Date'), clock.epochNow()),
      );
    }
    return {
      body: await readBody(response.body),
      get date() {
        return received.get('Date');
      },
      get isKept() {
        return received.has('Age');
      },
      roundTripMs,
    };
  }

  return {
    async send(path, headers, body, { signal, deadlineAt }) {
      signal?.throwIfAborted();
      const remainingMs = deadlineAt - clock.monotonicNow();
      if (remainingMs < MIN_ATTEMPT_MS) throw new DeadlineExceededError();
      const controller = new AbortController();
      const stopWatching = watchBounds(
        signal,
        Math.min(remainingMs, attemptTimeoutMs),
        clock.startTimer,
        (end) => {
          if (end === 'aborted') controller.abort(signal?.reason);
          else if (remainingMs < attemptTimeoutMs) controller.abort(new DeadlineExceededError());
          else controller.abort(new UpstreamTimeoutError());
        },
      );
      try {
        return await readAnswer(baseUrl + path, headers, body, controller.signal);
      } catch (error) {
        throw findCause(error, controller, signal);
      } finally {
        stopWatching();
      }
    },
    get sentCount() {
      return sentCount;
    },
    closeIdle,
  };
}

/** Says why a request failed, and destroys its connection unless the answer was read to its end. */
function findCause(error: unknown, controller: AbortController, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  const { aborted, reason } = controller.signal;
  controller.abort();
  if (error instanceof GatewayError) return error;
  // node-fetch throws the same AbortError whoever aborted; the reason knows.
  return aborted ? reason : readNetworkError(error);
}
