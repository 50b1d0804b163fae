import type { IncomingMessage, ServerResponse } from 'node:http';
import { BadRequestError, OverloadedError, RequestTooLargeError } from '../errors/request-errors.ts';

/** Reads the bodies of requests, within bounds for each and for all together. */
export interface BodyReader {
  /**
   * Reads a whole body; without a promise if it came with its headers. A client that expects `100 Continue` gets it.
   * @throws {RequestTooLargeError} also as a rejection, at the first byte too many; the rest stays unread.
   */
  read(
    request: IncomingMessage,
    response: ServerResponse,
    maxBytes: number,
  ): Uint8Array | Promise<Uint8Array>;
  /** Whether part of the body has not come, or was not read. */
  hasUnread(request: IncomingMessage): boolean;
  /** Ends the reading of a body with an error, now or when it begins. */
  fail(request: IncomingMessage, error: Error): void;
}

/** A body that has not come whole yet. */
interface Arriving {
  bytes: number;
  fail(error: Error): void;
}

/** A body in more pieces than this needs as many bytes in each on average: a piece costs as much as a whole body. */
const MAX_CRUMBS = 256;
const MIN_PIECE_BYTES = 64;

/** @param maxBytesInAll memory for all bodies that are still being received. Over it, the one that began first is given up. */
export function createBodyReader(maxBytesInAll: number): BodyReader {
  // Those that have been on their way longest come first.
  const arriving = new Map<IncomingMessage, Arriving>();
  const readAtOnce = new WeakSet<IncomingMessage>();
  const failed = new WeakMap<IncomingMessage, Error>();
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
        if (arriving.delete(request)) bytesInAll -= body.bytes;
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
    read(request, response, maxBytes) {
      if (declaredBytes(request) > maxBytes) throw new RequestTooLargeError(maxBytes);
      const error = failed.get(request);
      if (error !== undefined) throw error;
      if (isArriving(request)) {
        if (request.headers.expect !== undefined) response.writeContinue();
        return readPieces(request, maxBytes);
      }
      const body: unknown = request.read() ?? NO_BYTES;
      if (!(body instanceof Uint8Array)) throw new TypeError('A body was not read as bytes.');
      if (body.length > maxBytes) throw new RequestTooLargeError(maxBytes);
      readAtOnce.add(request);
      return body;
    },
    hasUnread: (request) => isArriving(request) && !readAtOnce.has(request),
    fail(request, error) {
      failed.set(request, error);
      arriving.get(request)?.fail(error);
    },
  };
}

const NO_BYTES = new Uint8Array(0);

/** Whether there is something of a body that has not come yet. Its end is known a moment later than its last byte. */
function isArriving(request: IncomingMessage): boolean {
  if (request.complete) return false;
  return (
    request.headers['transfer-encoding'] !== undefined || declaredBytes(request) > request.readableLength
  );
}

/** The length that a request announces; 0 where it announces none. */
export function declaredBytes({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}

/** Reads the rest of a body and drops it: unread, its pieces would stay in memory. */
export function discardBody(request: IncomingMessage): void {
  request.removeAllListeners('data');
  request.resume();
}
