import { createHash } from 'node:crypto';
import type { Secret } from '../domain/secret.ts';

/** The headers that tell the vendor who asks. Only to be handed to a request: they are as good as a password for half an hour. */
export interface SignedHeaders extends Readonly<Record<string, string>> {
  readonly 'Api-Key': string;
  readonly Timestamp: string;
  readonly Sign: string;
}

/** Signs for one vendor account. */
export interface Signer {
  /** @param epochSeconds a whole number, on the vendor's clock. */
  sign(epochSeconds: number): SignedHeaders;
}

/**
 * The vendor's signature: `md5(apiKey + apiSecret + timestamp)` as 32 hex digits.
 * There is no nonce and the body is not signed, so all calls of one second share one.
 */
export function createSignature(apiKey: string, apiSecret: string, timestamp: string): string {
  return createHash('md5')
    .update(apiKey + apiSecret + timestamp)
    .digest('hex');
}

/** Creates a signer that computes at most one digest a second, as long as its clock does not jump. */
export function createSigner(apiKey: Secret, apiSecret: Secret): Signer {
  let signedSecond: number | undefined;
  let headers: SignedHeaders | undefined;
  return {
    sign(epochSeconds) {
      if (headers !== undefined && signedSecond === epochSeconds) return headers;
      const timestamp = String(epochSeconds);
      headers = {
        'Api-Key': apiKey.reveal(),
        Timestamp: timestamp,
        Sign: createSignature(apiKey.reveal(), apiSecret.reveal(), timestamp),
      };
      signedSecond = epochSeconds;
      return headers;
    },
  };
}
