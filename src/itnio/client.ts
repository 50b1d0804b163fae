import type { Log } from '../domain/log.ts';
import type { Secret } from '../domain/secret.ts';
import { MAX_SOCKETS } from './agent.ts';
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
import { createSlottedCall } from './slotted-call.ts';
import { type StartTimer, startTimer as startNodeTimer } from './timer.ts';

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
  /** Milliseconds on the clock of the deadlines. Defaults to `performance.now`. */
  readonly monotonicNow?: () => number;
  /** From 0 to below 1. Defaults to `Math.random`. */
  readonly random?: () => number;
  /** Waits between calls. Defaults to a timer. */
  readonly sleep?: Sleep;
  /** Ends what takes too long. Defaults to a timer. */
  readonly startTimer?: StartTimer;
}

/** Creates the client of one vendor account. Read from the bottom up, it is the way of a call. */
export function createItnioClient(options: ItnioClientOptions): ItnioClient {
  const { baseUrl, apiKey, apiSecret, log, attemptTimeoutMs = 3_000 } = options;
  const { random = Math.random, sleep = sleepOnTimer, startTimer = startNodeTimer } = options;
  const { now: epochNow = Date.now, monotonicNow: now = () => performance.now() } = options;
  const exchange = createExchange({ baseUrl, attemptTimeoutMs, now, startTimer });
  const clock = createVendorClock({ now: epochNow, log });
  const signer = createSigner(apiKey, apiSecret);
  const signedCall = createSignedCall({ exchange, signer, clock, log });
  const heldCall = createHoldingCall(signedCall, { now, random, sleep });
  const slottedCall = createSlottedCall(heldCall, { slotCount: MAX_SOCKETS, now, startTimer });
  const call = createRetryingCall(slottedCall, { budget: createRetryBudget(), now, random, sleep });

  return {
    sipQuery: (query, bounds) => call(sipQueryEndpoint, query, bounds),
    get callCount() {
      return exchange.sentCount;
    },
    close: exchange.closeIdle,
  };
}
