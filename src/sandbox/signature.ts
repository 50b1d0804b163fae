import { createHash } from 'node:crypto';

/** What the vendor hands a customer. */
export interface Credentials {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** The key and secret of the vendor's published sample. They open nothing but this sandbox. */
export const SAMPLE_CREDENTIALS: Credentials = { apiKey: 'bDqJFiq9', apiSecret: '7bz1lzh9' };

/**
 * Signs as the vendor documents: md5 over key, secret and timestamp with nothing between them, as 32 hex digits.
 * Neither the body nor a nonce goes in, so a signature holds for any call within its half hour.
 */
export function createSign({ apiKey, apiSecret }: Credentials, timestamp: string): string {
  return createHash('md5')
    .update(apiKey + apiSecret + timestamp)
    .digest('hex');
}
