import { sleep as sleepOnClock } from '../domain/bounds.ts';
import { type BackgroundClock, systemClock } from '../domain/clock.ts';
import type { Secret } from '../domain/secret.ts';
import { MAX_SOCKETS } from './agent.ts';
import { type Layer, type Sleep, VendorCall } from './call.ts';
import type { VendorObserver } from './events.ts';
import { createExchange, type Exchange } from './exchange.ts';
import { createGate, type Gate } from './gate.ts';
import { createRetry } from './retry.ts';
import { createSigner } from './signature.ts';
import { createSignedCall } from './signed-call.ts';
import type { ItnioClient } from './sip-page.ts';
import { sipQueryEndpoint } from './sip-query.ts';
import { createVendorClock } from './vendor-clock.ts';

export interface ItnioClientOptions {
  /** Such as `https://api.itniotech.com/voice`; the endpoints' paths are appended. */
  readonly baseUrl: string;
  readonly apiKey: Secret;
  readonly apiSecret: Secret;
  readonly observer: VendorObserver;
  /** Longest time for one attempt, the answer's last byte included, in milliseconds. Defaults to 3000. */
  readonly attemptTimeoutMs?: number;
  /** Defaults to the clock of this machine. */
  readonly clock?: BackgroundClock;
  /** From 0 to below 1. Defaults to `Math.random`. */
  readonly random?: () => number;
  /** Waits between calls. Defaults to a timer of the clock. */
  readonly sleep?: Sleep;
}

/** Creates the client of one vendor account. */
export function createItnioClient(options: ItnioClientOptions): ItnioClient {
  const { layer, gate, exchange } = createLayers(options);
  return {
    sipQuery: (query, callOptions) => layer(new VendorCall(sipQueryEndpoint, query, callOptions)),
    get callCount() {
      return exchange.sentCount;
    },
    get load() {
      return gate.load;
    },
    close: exchange.closeIdle,
  };
}

/** What a call of any endpoint goes through. Read from the bottom up, it is the way of a call. */
export function createLayers(options: ItnioClientOptions): {
  readonly layer: Layer;
  readonly gate: Pick<Gate, 'load'>;
  readonly exchange: Exchange;
} {
  const { baseUrl, apiKey, apiSecret, observer, attemptTimeoutMs = 3_000 } = options;
  const { clock = systemClock, random = Math.random } = options;
  const { sleep = (ms, signal) => sleepOnClock(clock, ms, signal) } = options;
  const exchange = createExchange({ baseUrl, attemptTimeoutMs, clock });
  const vendorClock = createVendorClock({ clock, observer });
  const signer = createSigner(apiKey, apiSecret);
  const signAndSend = createSignedCall({ exchange, signer, vendorClock, clock, observer });
  const findRefusal = () => undefined;
  const gate = createGate(signAndSend, {
    slotCount: MAX_SOCKETS,
    clock,
    random,
    sleep,
    observer,
    findRefusal,
  });
  return { layer: createRetry(gate.layer, { clock, random, sleep }), gate, exchange };
}
