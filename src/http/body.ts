import type { IncomingMessage } from 'node:http';
import { BadRequestError, OverloadedError, RequestTooLargeError } from '../errors/request-errors.ts';

/** Reads the bodies of requests, within bounds for each and for all together. */
export interface BodyReader {
  /**
   * Reads a body whole; at once where it has come with its headers.
   * @throws {RequestTooLargeError} also as a rejection, at the first byte too many; the rest stays unread.
   */
  read(request: IncomingMessage, maxBytes: number): Uint8Array | Promise<Uint8Array>;
  /** Ends the reading of a body with an error. @returns false when no body of this request is being read. */
  fail(request: IncomingMessage, error: Error): boolean;
}

/** A body that has not come whole yet. */
interface Arriving {
  bytes: number;
  fail(error: Error): void;
}

/** A body in so many pieces may not have pieces of fewer bytes on average: each costs what a whole body does. */
const MAX_CRUMBS = 256;
const MIN_PIECE_BYTES = 64;

/** @param maxBytesInAll memory for bodies that have not come whole. Over it the one that was begun first is given up. */
export function createBodyReader(maxBytesInAll: number): BodyReader {
  // Those that have been on their way longest come first.
  const arriving = new Map<IncomingMessage, Arriving>();
  let bytesInAll = 0;

  function readPieces(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      let pieces: Buffer[] = [];
      const body: Arriving = {
        bytes: 0,
        fail(error) {
          forget();
          pieces = [];
          discardBody(request);
          reject(error);
        },
      };
      function forget(): void {
        bytesInAll -= body.bytes;
        arriving.delete(request);
      }
      arriving.set(request, body);
      request.on('data', (piece: Buffer) => {
        pieces.push(piece);
        body.bytes += piece.length;
        bytesInAll += piece.length;
        if (body.bytes > maxBytes) body.fail(new RequestTooLargeError(maxBytes));
        else if (pieces.length > MAX_CRUMBS && body.bytes < pieces.length * MIN_PIECE_BYTES)
          body.fail(new BadRequestError('The request body comes in pieces that are too small.'));
        else if (bytesInAll > maxBytesInAll) giveUpOldest();
      });
      request.once('end', () => {
        forget();
        resolve(Buffer.concat(pieces));
      });
      request.once('error', () => {
        if (arriving.has(request)) body.fail(new BadRequestError('The request body was cut short.'));
      });
    });
  }

  function giveUpOldest(): void {
    const [oldest] = arriving.values();
    oldest?.fail(new OverloadedError());
  }

  return {
    read(request, maxBytes) {
      if (declaredBytes(request) > maxBytes) throw new RequestTooLargeError(maxBytes);
      if (!request.complete) return readPieces(request, maxBytes);
      const body: unknown = request.read() ?? NO_BYTES;
      if (!(body instanceof Uint8Array)) throw new TypeError('A body was not read as bytes.');
      if (body.length > maxBytes) throw new RequestTooLargeError(maxBytes);
      return body;
    },
    fail(request, error) {
      const body = arriving.get(request);
      body?.fail(error);
      return body !== undefined;
    },
  };
}

const NO_BYTES = new Uint8Array(0);

/** The length that a request announces; 0 where it announces none. */
export function declaredBytes({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}

/** Lets what is left of a body go unseen: kept unread, its pieces would stay in memory. */
export function discardBody(request: IncomingMessage): void {
  request.removeAllListeners('data');
  request.resume();
}
