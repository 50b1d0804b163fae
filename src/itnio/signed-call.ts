import type { Clock } from '../domain/clock.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { UpstreamUnavailableError } from '../errors/upstream-errors.ts';
import { AnswerBody } from './answer-body.ts';
import type { Layer, VendorCall } from './call.ts';
import { createEnvelopeDecoder } from './envelope.ts';
import type { VendorObserver } from './events.ts';
import { readVendorStatus, STALE_SOCKET, SUCCESS, TIMESTAMP_EXPIRED } from './faults.ts';
import type { Signer } from './signature.ts';
import type { Exchange, VendorAnswer } from './transport/exchange.ts';
import type { ClockReading, VendorClock } from './vendor-clock.ts';

/** How one attempt ended: with its result, or with a timestamp that the vendor's clock refuses. */
type Outcome<Result> =
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'expired'; readonly reading: ClockReading; readonly answer: VendorAnswer };

/**
 * The innermost layer: signs, sends, reads the envelope. It asks again in two cases only, and neither is a retry: once
 * with a corrected clock after a timestamp was refused, and once on a new connection when a kept one turns out dead.
 */
export function createSignedCall(dependencies: {
  readonly exchange: Exchange;
  readonly signer: Signer;
  readonly vendorClock: VendorClock;
  readonly clock: Pick<Clock, 'monotonicNow'>;
  readonly observer: Pick<VendorObserver, 'onAttempt'>;
}): Layer {
  const { exchange, signer, vendorClock, clock, observer } = dependencies;
  const envelopes = createEnvelopeDecoder();

  /** One exchange, freshly signed. */
  async function attempt<Query, Result>(call: VendorCall<Query, Result>): Promise<Outcome<Result>> {
    const { endpoint, query } = call;
    const startedAt = clock.monotonicNow();
    let outcome = 'FAILED';
    try {
      const reading = vendorClock.read();
      const answer = await exchange.send(endpoint.path, signer.sign(reading.epochSeconds), call.body, call);
      const body = new AnswerBody(answer.body, envelopes);
      const known = endpoint.repeats?.find(body, query);
      if (known !== undefined) {
        outcome = 'OK';
        return { kind: 'result', result: known };
      }
      const { status, data } = body.envelope;
      if (status === TIMESTAMP_EXPIRED) {
        outcome = 'TIMESTAMP_EXPIRED';
        return { kind: 'expired', reading, answer };
      }
      if (status !== SUCCESS) throw readVendorStatus(status);
      const result = endpoint.decode(data, query);
      endpoint.repeats?.add(body, query, result);
      outcome = 'OK';
      return { kind: 'result', result };
    } catch (error) {
      if (call.signal?.aborted) outcome = 'ABORTED';
      else if (error instanceof GatewayError) outcome = error.code;
      throw error;
    } finally {
      observer.onAttempt({
        endpoint: endpoint.name,
        query: endpoint.describe(query),
        outcome,
        durationMs: clock.monotonicNow() - startedAt,
        waitedMs: call.waitedMs,
        requestId: call.waiters.starter.requestId,
      });
    }
  }

  async function attemptOnLiveSocket<Query, Result>(
    call: VendorCall<Query, Result>,
  ): Promise<Outcome<Result>> {
    try {
      return await attempt(call);
    } catch (error) {
      if (!call.endpoint.isRepeatable || !isStaleSocket(error)) throw error;
      // Its idle neighbours are as old, and probably as dead.
      exchange.closeIdle();
      return attempt(call);
    }
  }

  return async function signAndSend(call) {
    const first = await attemptOnLiveSocket(call);
    if (first.kind === 'result') return first.result;
    vendorClock.correct(first.reading, first.answer);
    const second = await attemptOnLiveSocket(call);
    if (second.kind === 'result') return second.result;
    throw readVendorStatus(TIMESTAMP_EXPIRED);
  };
}

function isStaleSocket(error: unknown): boolean {
  return error instanceof UpstreamUnavailableError && error.fault === STALE_SOCKET;
}
