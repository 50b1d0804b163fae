import { BadRequestError, RequestTooLargeError } from '../errors/request-errors.ts';

/**
 * Reads the body of a Request whole.
 * @throws {RequestTooLargeError} at the first byte too many; the rest is called off.
 * @throws {BadRequestError} when it does not come within so many milliseconds.
 */
export async function readRequestBody(
  { body }: Request,
  maxBytes: number,
  timeoutMs: number,
): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void reader.cancel().catch(() => undefined);
  }, timeoutMs);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (isLate) throw new BadRequestError('The request body did not come in time.', 408);
      if (done) return Buffer.concat(chunks);
      length += value.length;
      if (length > maxBytes) {
        // Not waited for: the stream is the host's, and may take its time.
        void reader.cancel().catch(() => undefined);
        throw new RequestTooLargeError(maxBytes);
      }
      chunks.push(value);
    }
  } finally {
    clearTimeout(timer);
  }
}
