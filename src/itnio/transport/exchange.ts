import type { AgentOptions } from 'node:https';
import { type Bounds, watchBounds } from '../../domain/bounds.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Secret } from '../../domain/secret.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import { DeadlineExceededError } from '../../errors/request-errors.ts';
import { UpstreamTimeoutError } from '../../errors/upstream-errors.ts';
import { MIN_ATTEMPT_MS } from '../call.ts';
import { parseRetryAfter, readHttpStatus, readNetworkError } from '../faults.ts';
import type { SignedHeaders } from '../signature.ts';
import { createNodeFetchTransport } from './node-fetch.ts';
import { ProxyAgent } from './proxy.ts';
import type { HttpAnswer, Transport } from './transport.ts';
import { createUndiciTransport } from './undici.ts';

/** A whole answer with an HTTP status of 2xx. */
export interface VendorAnswer {
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
  send(path: string, headers: SignedHeaders, body: Buffer, bounds: Bounds): Promise<VendorAnswer>;
  /** Requests sent so far. */
  readonly sentCount: number;
  /** Closes the connections that no request is using. */
  closeIdle(): void;
}

export type TransportName = 'node-fetch' | 'undici';

interface ExchangeOptions {
  /** Such as `https://api.itniotech.com/voice`; the endpoints' paths are appended. */
  readonly baseUrl: string;
  /** What sends the requests. Defaults to node-fetch. */
  readonly transport?: TransportName | undefined;
  /** A proxy for an https address, with user and password where it asks for them. */
  readonly proxyUrl?: Secret | undefined;
  /** Longest time for one request, its answer's last byte included, in milliseconds. */
  readonly attemptTimeoutMs: number;
  readonly clock: Clock;
}

export function createExchange(options: ExchangeOptions): Exchange {
  const { attemptTimeoutMs, clock } = options;
  const transport = createTransport(options);
  let sentCount = 0;

  return {
    async send(path, headers, body, { signal, deadlineAt }) {
      signal?.throwIfAborted();
      const sentAt = clock.monotonicNow();
      const remainingMs = deadlineAt - sentAt;
      if (remainingMs < MIN_ATTEMPT_MS) throw new DeadlineExceededError();
      sentCount += 1;
      const sent = transport.post(path, headers, body);
      let isLate = false;
      const limitMs = Math.min(remainingMs, attemptTimeoutMs);
      const stopWatching = watchBounds(signal, limitMs, clock.startTimer, (end) => {
        isLate = end === 'late';
        sent.cancel();
      });
      try {
        const { status, header, body, receivedAt } = await sent.answer;
        if (status < 200 || status > 299)
          throw readHttpStatus(
            status,
            parseRetryAfter(header('retry-after'), header('date'), clock.epochNow()),
          );
        return new Received(body, header, receivedAt - sentAt);
      } catch (error) {
        sent.cancel();
        if (signal?.aborted) throw signal.reason;
        if (error instanceof GatewayError) throw error;
        // Whatever the transport says of a request that was cancelled.
        if (isLate)
          throw remainingMs < attemptTimeoutMs ? new DeadlineExceededError() : new UpstreamTimeoutError();
        throw readNetworkError(error);
      } finally {
        stopWatching();
      }
    },
    get sentCount() {
      return sentCount;
    },
    closeIdle: transport.closeIdle,
  };
}

class Received implements VendorAnswer {
  readonly body: Uint8Array;
  readonly roundTripMs: number;
  readonly #header: HttpAnswer['header'];

  constructor(body: Uint8Array, header: HttpAnswer['header'], roundTripMs: number) {
    this.body = body;
    this.#header = header;
    this.roundTripMs = roundTripMs;
  }

  get date(): string | null {
    return this.#header('date');
  }

  get isKept(): boolean {
    return this.#header('age') !== null;
  }
}

function createTransport({ baseUrl, transport = 'node-fetch', proxyUrl, clock }: ExchangeOptions): Transport {
  const base = baseUrl.replace(/\/+$/, '');
  const createProxyAgent =
    proxyUrl && ((agent: AgentOptions) => new ProxyAgent(proxyUrl, clock.startTimer, agent));
  switch (transport) {
    case 'node-fetch':
      return createNodeFetchTransport(base, clock, createProxyAgent);
    case 'undici':
      return createUndiciTransport(base, clock, createProxyAgent?.({}));
  }
}
