import { STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { findErrorCode } from '../domain/error-code.ts';
import { BadRequestError, RequestTooLargeError } from '../errors/request-errors.ts';
import type { Answer } from '../pipeline/answer.ts';
import type { BodyReader } from './body.ts';
import type { Connections } from './connections.ts';

export interface ParseFaultOptions {
  readonly connections: Connections;
  readonly bodies: BodyReader;
  readonly headerBytes: number;
  /** Makes the answer to a request of which nothing is known, and logs it. */
  readonly refuse: (error: Error, clientAddress: string) => Answer;
}

/** Answers requests that are not HTTP, or come too slowly, in the form of all other answers, and closes the connection. */
export function createParseFaultHandler(options: ParseFaultOptions): (error: Error, socket: Duplex) => void {
  const { connections, bodies, refuse } = options;
  const faulty = new WeakSet<Duplex>();

  function describe(error: Error): Error | undefined {
    switch (findErrorCode(error)) {
      case 'ERR_HTTP_REQUEST_TIMEOUT':
        return new BadRequestError('The request took too long to arrive.', 408);
      case 'HPE_HEADER_OVERFLOW':
        return new BadRequestError(`The headers may have up to ${options.headerBytes} bytes.`, 431);
      case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
        return new RequestTooLargeError(options.headerBytes);
      case 'ECONNRESET':
      case 'EPIPE':
        return undefined;
      default:
        return new BadRequestError('This is not an HTTP request that can be read.');
    }
  }

  function write(socket: Duplex, error: Error): void {
    if (!socket.writable) return;
    socket.end(writeAnswer(refuse(error, clientAddressOf(socket))), () => socket.destroy());
  }

  return (error, socket) => {
    // Whatever comes after a fault is one as well.
    if (faulty.has(socket)) return;
    faulty.add(socket);
    const fault = describe(error);
    if (findErrorCode(error) === 'HPE_INVALID_EOF_STATE') connections.abort(socket);
    const last = connections.findLast(socket);
    if (fault === undefined) socket.destroy();
    else if (last === undefined) write(socket, fault);
    // The fault is in what comes after: first things first.
    else if (last.req.complete) last.once('close', () => write(socket, fault));
    else bodies.fail(last.req, fault);
  };
}

function clientAddressOf(socket: Duplex): string {
  return (socket instanceof Socket && socket.remoteAddress) || 'unknown';
}

function writeAnswer({ status, headers, body }: Answer): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;
}
