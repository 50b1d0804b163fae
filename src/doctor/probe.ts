import type { Clock } from '../domain/clock.ts';
import { parseHttpDate } from '../domain/http-date.ts';
import type { Secret } from '../domain/secret.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { createEnvelopeDecoder } from '../itnio/envelope.ts';
import { createSigner } from '../itnio/signature.ts';
import type { SipPage, SipQuery } from '../itnio/sip-page.ts';
import { sipQueryEndpoint } from '../itnio/sip-query.ts';
import { createExchange } from '../itnio/transport/exchange.ts';

/** What one call came to. Unlike the client of the gateway, a probe neither retries nor corrects the clock. */
export type ProbeResult =
  | {
      readonly kind: 'page';
      readonly page: SipPage;
      readonly vendorTime: VendorTime;
      readonly tookMs: number;
    }
  | { readonly kind: 'status'; readonly status: string; readonly vendorTime: VendorTime }
  | { readonly kind: 'failure'; readonly error: GatewayError };

/** How far the vendor's clock is ahead of ours, in milliseconds; undefined where its answer does not say. */
export type VendorTime = number | undefined;

/** @param offsetMs what is added to our clock for the signature. */
export type Probe = (query: SipQuery, offsetMs?: number) => Promise<ProbeResult>;

/** Longest time for one call, in milliseconds. */
const CALL_MS = 5_000;

export function createProbe(
  account: {
    readonly baseUrl: string;
    readonly apiKey: Secret;
    readonly apiSecret: Secret;
    readonly proxyUrl?: Secret | undefined;
  },
  clock: Clock,
): { readonly probe: Probe; close(): void } {
  const exchange = createExchange({
    baseUrl: account.baseUrl,
    proxyUrl: account.proxyUrl,
    attemptTimeoutMs: CALL_MS,
    clock,
  });
  const signer = createSigner(account.apiKey, account.apiSecret);
  const envelopes = createEnvelopeDecoder();

  async function probe(query: SipQuery, offsetMs = 0): Promise<ProbeResult> {
    const sentAt = clock.monotonicNow();
    try {
      const headers = signer.sign(Math.floor((clock.epochNow() + offsetMs) / 1000));
      const body = Buffer.from(sipQueryEndpoint.encode(query));
      const answer = await exchange.send(sipQueryEndpoint.path, headers, body, {
        deadlineAt: sentAt + 2 * CALL_MS,
      });
      const tookMs = clock.monotonicNow() - sentAt;
      const now = clock.epochNow();
      // A date that a cache has kept tells nothing of the vendor's clock.
      const date = answer.isKept ? undefined : parseHttpDate(answer.date, now);
      const vendorTime = date === undefined ? undefined : date - now;
      const { status, data } = envelopes.decode(answer.body);
      if (status !== '0') return { kind: 'status', status, vendorTime };
      return { kind: 'page', page: sipQueryEndpoint.decode(data, query), vendorTime, tookMs };
    } catch (error) {
      if (error instanceof GatewayError) return { kind: 'failure', error };
      throw error;
    }
  }
  return { probe, close: exchange.closeIdle };
}
