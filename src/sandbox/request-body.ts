import type { IncomingMessage } from 'node:http';

/** Far above any call of this API. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Reads a request's body as text; undefined when it is too large. Never settles when the client leaves before the end. */
export function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    });
    request.on('end', () => {
      resolve(bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks).toString('utf8') : undefined);
    });
  });
}
