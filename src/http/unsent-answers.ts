import type { ServerResponse } from 'node:http';
import type { Log } from '../domain/log.ts';

/** Answers that clients have not read yet, within limits of memory and time. */
export interface UnsentAnswers {
  /**
   * Sends a whole answer. What the operating system does not take at once stays in memory until the client reads: that part
   * counts, and has a deadline.
   */
  send(response: ServerResponse, body: string | Uint8Array): void;
  /** Sends pieces of a buffer that many answers share, each when the one before has left: they count as nothing. */
  sendShared(response: ServerResponse, body: Uint8Array): void;
}

export interface UnsentLimits {
  /** Memory for all unsent answers together. Over it the connection whose answer has waited longest is closed. */
  readonly bytes: number;
  /** Longest time in which a client reads nothing at all, in milliseconds. */
  readonly stallMs: number;
  /** Longest time until an answer has been read, in milliseconds. */
  readonly answerMs: number;
}

interface Unsent {
  readonly bytes: number;
  readonly since: number;
}

const SWEEP_MS = 500;
/** What the operating system takes of a shared buffer at a time, or encryption holds of it. */
const PIECE_BYTES = 64 * 1024;
/** Bytes that one reader gets in one turn of the event loop, so that many readers at once keep nobody else waiting. */
const TURN_BYTES = 4 * PIECE_BYTES;

export function createUnsentAnswers(
  limits: UnsentLimits,
  { monotonicNow, log }: { readonly monotonicNow: () => number; readonly log: Log },
): UnsentAnswers {
  // Those that have waited longest come first.
  const unsent = new Map<ServerResponse, Unsent>();
  let bytesInAll = 0;
  let sweep: NodeJS.Timeout | undefined;
  let cut = { answers: 0, bytes: 0 };

  function watch(response: ServerResponse, bytes: number): void {
    unsent.set(response, { bytes, since: monotonicNow() });
    bytesInAll += bytes;
    // Node starts this time anew whenever the operating system has taken something.
    response.setTimeout(limits.stallMs, () => close(response));
    response.once('close', () => forget(response));
    sweep ??= setInterval(closeLate, SWEEP_MS).unref();
    for (const oldest of unsent.keys()) {
      if (bytesInAll <= limits.bytes) break;
      close(oldest);
    }
  }

  function forget(response: ServerResponse): void {
    bytesInAll -= unsent.get(response)?.bytes ?? 0;
    unsent.delete(response);
  }

  function close(response: ServerResponse): void {
    const bytes = unsent.get(response)?.bytes;
    if (bytes === undefined) return;
    cut.answers++;
    cut.bytes += bytes;
    forget(response);
    response.req.socket.destroy();
  }

  function closeLate(): void {
    for (const [response, { since }] of unsent) {
      if (monotonicNow() - since < limits.answerMs) break;
      close(response);
    }
    if (cut.answers > 0) {
      log.warn(cut, 'Answers that nobody reads were cut off.');
      cut = { answers: 0, bytes: 0 };
    }
    if (unsent.size > 0) return;
    clearInterval(sweep);
    sweep = undefined;
  }

  return {
    send(response, body) {
      response.end(body);
      if (response.writableLength > 0) watch(response, response.writableLength);
    },
    sendShared(response, body) {
      let offset = 0;
      function sendNext(): void {
        const pause = offset + TURN_BYTES;
        while (offset < body.length && !response.destroyed) {
          if (offset === pause) {
            setImmediate(sendNext);
            return;
          }
          const piece = body.subarray(offset, offset + PIECE_BYTES);
          offset += piece.length;
          if (offset === body.length) response.end(piece);
          else if (!response.write(piece)) {
            response.once('drain', sendNext);
            return;
          }
        }
      }
      sendNext();
      if (!response.writableFinished) watch(response, 0);
    },
  };
}
