import type { Clock } from '../domain/clock.ts';
import { UpstreamBadResponseError } from '../errors/upstream-errors.ts';

/** Largest answer that is read, in bytes after decompression. A page of 100 phones is about 12,000. */
const MAX_BODY_BYTES = 5 * 1024 * 1024;

/** Limits for reading an unused body before the connection is closed: bytes after decompression, and milliseconds. */
const MAX_DRAIN_BYTES = 64 * 1024;
const MAX_DRAIN_MS = 100;

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

/**
 * Reads what nobody needs, so that the connection can be used again; gives up on it when that takes too much. Resolves in
 * either case. Whoever called destroys the connection, which does nothing to one that was read to its end.
 */
export function drainBody(
  body: NodeJS.ReadableStream | null,
  startTimer: Clock['startTimer'],
): Promise<void> {
  return new Promise((resolve) => {
    if (body === null) return resolve();
    let drainedBytes = 0;
    const stop = () => {
      stopTimer();
      body.removeAllListeners('data');
      body.pause();
      resolve();
    };
    const stopTimer = startTimer(stop, MAX_DRAIN_MS);
    body.on('data', (chunk: Buffer) => {
      drainedBytes += chunk.length;
      if (drainedBytes > MAX_DRAIN_BYTES) stop();
    });
    body.on('error', stop);
    body.once('end', stop);
  });
}
