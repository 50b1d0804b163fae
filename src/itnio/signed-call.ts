import type { Bounds } from '../domain/bounds.ts';
import type { Log } from '../domain/log.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { UpstreamUnavailableError } from '../errors/upstream-errors.ts';
import { STALE_SOCKET } from './agent.ts';
import type { Call } from './call.ts';
import type { ClockReading, VendorClock } from './clock.ts';
import type { Endpoint } from './endpoint.ts';
import { createEnvelopeDecoder } from './envelope.ts';
import type { Answer, Exchange } from './exchange.ts';
import type { Signer } from './signature.ts';
import { createStatusError, SUCCESS, TIMESTAMP_EXPIRED } from './vendor-status.ts';

/** What one attempt came to: what was asked for, or a timestamp that the vendor's clock refuses. */
type Outcome<Result> =
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'expired'; readonly reading: ClockReading; readonly answer: Answer };

/**
 * The innermost call: signs, sends, reads the envelope. It asks again in two cases only, and neither is a retry: once
 * with a corrected clock after a timestamp was refused, and once on a new connection when a kept one turns out dead.
 */
export function createSignedCall(dependencies: {
  readonly exchange: Exchange;
  readonly signer: Signer;
  readonly clock: VendorClock;
  readonly log: Log;
}): Call {
  const { exchange, signer, clock, log } = dependencies;
  const envelopes = createEnvelopeDecoder();

  /** One exchange, freshly signed. */
  async function attempt<Request, Result>(
    endpoint: Endpoint<Request, Result>,
    request: Request,
    body: Buffer,
    options: Bounds,
  ): Promise<Outcome<Result>> {
    const startedAt = performance.now();
    let outcome = 'FAILED';
    try {
      const reading = clock.read();
      const answer = await exchange.send(endpoint.path, signer.sign(reading.epochSeconds), body, options);
      const { status, data } = envelopes.decode(answer.body);
      if (status === TIMESTAMP_EXPIRED) {
        outcome = 'TIMESTAMP_EXPIRED';
        return { kind: 'expired', reading, answer };
      }
      if (status !== SUCCESS) throw createStatusError(status);
      const result = endpoint.decode(data, request);
      outcome = 'OK';
      return { kind: 'result', result };
    } catch (error) {
      outcome = describeFailure(error, options);
      throw error;
    } finally {
      const durationMs = Math.round(performance.now() - startedAt);
      log.debug(
        { endpoint: endpoint.name, ...endpoint.describe(request), outcome, durationMs },
        'Vendor call.',
      );
    }
  }

  const attemptOnLiveSocket: typeof attempt = async (endpoint, request, body, options) => {
    try {
      return await attempt(endpoint, request, body, options);
    } catch (error) {
      if (!endpoint.isRepeatable || !isStaleSocket(error)) throw error;
      // Its idle neighbours are as old, and probably as dead.
      exchange.closeIdle();
      return attempt(endpoint, request, body, options);
    }
  };

  return async function call(endpoint, request, options) {
    const body = Buffer.from(endpoint.encode(request));
    const first = await attemptOnLiveSocket(endpoint, request, body, options);
    if (first.kind === 'result') return first.result;
    clock.correct(first.reading, first.answer);
    const second = await attemptOnLiveSocket(endpoint, request, body, options);
    if (second.kind === 'result') return second.result;
    throw createStatusError(TIMESTAMP_EXPIRED);
  };
}

function isStaleSocket(error: unknown): boolean {
  return error instanceof UpstreamUnavailableError && error.fault === STALE_SOCKET;
}

function describeFailure(error: unknown, { signal }: Bounds): string {
  if (signal?.aborted) return 'ABORTED';
  return error instanceof GatewayError ? error.code : 'FAILED';
}
