import type { Log } from '../domain/log.ts';
import type { Secret } from '../domain/secret.ts';
import { createVendorClock } from './clock.ts';
import { createExchange } from './exchange.ts';
import { createHoldingCall } from './holding-call.ts';
import { createRetryBudget } from './retry-budget.ts';
import { createRetryingCall } from './retrying-call.ts';
import { createSigner } from './signature.ts';
import { createSignedCall } from './signed-call.ts';
import type { ItnioClient } from './sip-page.ts';
import { sipQueryEndpoint } from './sip-query.ts';
import { type Sleep, sleep as sleepOnTimer } from './sleep.ts';

export interface ItnioClientOptions {
  /** Such as `https://api.itniotech.com/voice`; the endpoints' paths are appended. */
  readonly baseUrl: string;
  readonly apiKey: Secret;
  readonly apiSecret: Secret;
  readonly log: Log;
  /** Longest time for one attempt, the answer's last byte included, in milliseconds. Defaults to 3000. */
  readonly attemptTimeoutMs?: number;
  /** Milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: () => number;
  /** From 0 to below 1. Defaults to `Math.random`. */
  readonly random?: () => number;
  /** Defaults to a timer. */
  readonly sleep?: Sleep;
}

/** Creates the client of one vendor account. Read from the bottom up, it is the way of a call. */
export function createItnioClient(options: ItnioClientOptions): ItnioClient {
  const { baseUrl, apiKey, apiSecret, log, attemptTimeoutMs = 3_000 } = options;
  const { now = Date.now, random = Math.random, sleep = sleepOnTimer } = options;
  const exchange = createExchange({ baseUrl, attemptTimeoutMs });
  const clock = createVendorClock({ now, log });
  const signer = createSigner(apiKey, apiSecret);
  const signedCall = createSignedCall({ exchange, signer, clock, log });
  const heldCall = createHoldingCall(signedCall, { sleep });
  const call = createRetryingCall(heldCall, { budget: createRetryBudget(), random, sleep });

  return {
    sipQuery: (query, bounds) => call(sipQueryEndpoint, query, bounds),
    get callCount() {
      return exchange.sentCount;
    },
    close: exchange.closeIdle,
  };
}
