import { sleep as sleepOnClock } from '../domain/bounds.ts';
import { type BackgroundClock, systemClock } from '../domain/clock.ts';
import { type Requester, Waiters } from '../domain/requester.ts';
import type { Secret } from '../domain/secret.ts';
import { createBreaker } from './breaker/breaker.ts';
import { type Layer, type Sleep, VendorCall } from './call.ts';
import type { VendorObserver } from './events.ts';
import { ConcurrencyLimit } from './gate/concurrency.ts';
import { createGate, type Gate } from './gate/gate.ts';
import { createRepeatedPages } from './repeated-pages.ts';
import { createRetry } from './retry.ts';
import { createSigner } from './signature.ts';
import { createSignedCall } from './signed-call.ts';
import type { ItnioClient } from './sip-page.ts';
import { sipQueryEndpoint } from './sip-query.ts';
import { createExchange, type Exchange, type TransportName } from './transport/exchange.ts';
import { createVendorClock } from './vendor-clock.ts';

export interface ItnioClientOptions {
  /** Such as `https://api.itniotech.com/voice`; the endpoints' paths are appended. */
  readonly baseUrl: string;
  readonly apiKey: Secret;
  readonly apiSecret: Secret;
  readonly observer: VendorObserver;
  /** Longest time for one attempt, the answer's last byte included, in milliseconds. Defaults to 3000. */
  readonly attemptTimeoutMs?: number;
  /** What sends the requests. Defaults to node-fetch. */
  readonly transport?: TransportName | undefined;
  /** A proxy for https addresses, with user and password where it asks for them. */
  readonly proxyUrl?: Secret | undefined;
  /** Defaults to the clock of this machine. */
  readonly clock?: BackgroundClock;
  /** From 0 to below 1. Defaults to `Math.random`. */
  readonly random?: () => number;
  /** Waits between calls. Defaults to a timer of the clock. */
  readonly sleep?: Sleep;
}

/** Calls to the vendor under way at a time: what calls that wait may bring it down to, and what it is otherwise. */
const CONCURRENCY = { least: 3, most: 20 };

/** On whose behalf the gateway calls the vendor by itself. */
const PROBER: Requester = {
  share: '',
  mostOfSlots: 1,
  requestId: 'probe',
  allowance: undefined,
  hasCalled: true,
};

/** Creates the client of one vendor account. */
export function createItnioClient(options: ItnioClientOptions): ItnioClient {
  const { clock = systemClock } = options;
  const { layer, gate, exchange, close } = createLayers({ ...options, clock });
  const endpoint = { ...sipQueryEndpoint, repeats: createRepeatedPages(clock.monotonicNow) };
  return {
    sipQuery: (query, callOptions) => layer(new VendorCall(endpoint, query, callOptions)),
    get callCount() {
      return exchange.sentCount;
    },
    get load() {
      return gate.load;
    },
    get pace() {
      return gate.pace;
    },
    close,
  };
}

/** What a call of any endpoint goes through. Read from the bottom up, it is the way of a call. */
export function createLayers(options: ItnioClientOptions & { readonly clock: BackgroundClock }): {
  readonly layer: Layer;
  readonly gate: Pick<Gate, 'load' | 'pace'>;
  readonly exchange: Exchange;
  close(): void;
} {
  const { baseUrl, apiKey, apiSecret, observer, attemptTimeoutMs = 3_000 } = options;
  const { transport, proxyUrl, clock, random = Math.random } = options;
  const { sleep = (ms, signal) => sleepOnClock(clock, ms, signal) } = options;
  const exchange = createExchange({ baseUrl, transport, proxyUrl, attemptTimeoutMs, clock });
  const vendorClock = createVendorClock({ clock, observer });
  const signer = createSigner(apiKey, apiSecret);
  const signAndSend = createSignedCall({ exchange, signer, vendorClock, clock, observer });
  const breaker = createBreaker(signAndSend, {
    clock,
    observer,
    createProbe: (appId, bounds) =>
      new VendorCall(
        sipQueryEndpoint,
        { appId, current: 1, size: 1 },
        { ...bounds, waiters: new Waiters(PROBER) },
      ),
    onOpen: () => gate.recheck(),
  });
  const gate = createGate(breaker.layer, {
    concurrency: new ConcurrencyLimit(CONCURRENCY),
    clock,
    random,
    sleep,
    observer,
    findRefusal: breaker.findRefusal,
  });
  return {
    layer: createRetry(gate.layer, { clock, random, sleep }),
    gate,
    exchange,
    close() {
      breaker.close();
      exchange.closeIdle();
    },
  };
}
