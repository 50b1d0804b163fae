import type { IncomingMessage } from 'node:http';
import { BadRequestError, RequestTooLargeError } from '../errors/request-errors.ts';
import { decodeJson } from '../plugins/operation-params.ts';

/**
 * Reads a JSON body.
 * @throws {RequestTooLargeError} at the first byte too many; the rest stays unread.
 * @throws {BadRequestError} for anything that is not JSON in UTF-8.
 */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  return decodeJson(await readBytes(request, maxBytes));
}

function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes)
    return Promise.reject(new RequestTooLargeError(maxBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      const error =
        length > maxBytes
          ? new RequestTooLargeError(maxBytes)
          : chunks.length > MAX_CRUMBS && length < chunks.length * MIN_CHUNK_BYTES
            ? new BadRequestError('The request body comes in pieces that are too small.')
            : undefined;
      if (error === undefined) return;
      chunks.length = 0;
      discardBody(request);
      reject(error);
    });
    request.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.once('error', () => reject(new BadRequestError('The request body was cut short.')));
  });
}

/** Lets what is left of a body go unseen: kept unread, its pieces would stay in memory. */
export function discardBody(request: IncomingMessage): void {
  request.removeAllListeners('data');
  request.resume();
}

/** A body in so many pieces may not have pieces of fewer bytes on average: each costs what a whole body does. */
const MAX_CRUMBS = 256;
const MIN_CHUNK_BYTES = 64;
