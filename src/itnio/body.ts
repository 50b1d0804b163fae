import { UpstreamBadResponseError } from '../errors/upstream-bad-response-error.ts';

/** Largest answer that is read, in bytes after decompression. A page of 100 phones is about 12,000. */
const MAX_BODY_BYTES = 5 * 1024 * 1024;

/**
 * Reads a body to its end. Whoever gets a rejection destroys the connection.
 * @throws {UpstreamBadResponseError} as soon as it is longer than {@link MAX_BODY_BYTES}.
 */
export function readBody(body: NodeJS.ReadableStream | null): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (body === null) return resolve(new Uint8Array());
    const chunks: Buffer[] = [];
    let bodyBytes = 0;
    body.on('data', (chunk: Buffer) => {
      bodyBytes += chunk.length;
      if (bodyBytes > MAX_BODY_BYTES) {
        body.removeAllListeners('data');
        body.pause();
        reject(new UpstreamBadResponseError(`body: expected at most ${MAX_BODY_BYTES} bytes`));
        return;
      }
      chunks.push(chunk);
    });
    body.once('error', reject);
    body.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
  });
}
