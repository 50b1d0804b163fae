import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Canceller, type CancelSignal } from '../domain/cancel.ts';
import { ClientGoneError } from '../errors/request-errors.ts';

/** Answers one request. @param gone aborts with a ClientGoneError when the connection closes; it serves all its requests. */
export type HandleRequest = (request: IncomingMessage, response: ServerResponse, gone: CancelSignal) => void;

/** The open connections of a server: how many there are, and one request at a time on each. */
export interface Connections {
  /** Adds a connection. If there are too many, the one that was idle longest is closed. */
  add(socket: Socket): void;
  /** Hands a request over as soon as the requests before it on its connection are answered to the last byte. */
  take(request: IncomingMessage, response: ServerResponse): void;
  /** The last answer that a connection still has to send. */
  findLast(socket: Duplex): ServerResponse | undefined;
  /** Aborts the request of a connection whose client has left, though the connection can still be written to. */
  abort(socket: Duplex): void;
  /** Closes connections that never had a request. */
  closeUnused(): void;
}

export interface ConnectionLimits {
  readonly connections: number;
  /** Requests of one connection that wait for those before them. Over it the connection is closed. */
  readonly waiting: number;
  /** The same for all connections together. */
  readonly waitingInAll: number;
}

interface Connection {
  readonly socket: Socket;
  readonly gone: Canceller;
  /** The answer that was begun last. */
  current: ServerResponse | undefined;
  /** Requests that a client has sent ahead. */
  waiting: [IncomingMessage, ServerResponse][];
  /** When it was last asked something, or opened. */
  usedAt: number;
}

/** A connection with so many waiting requests is not read further. What has come already, up to 64 KiB, is parsed whole. */
const PAUSE_AT = 16;

export function createConnections(
  limits: ConnectionLimits,
  monotonicNow: () => number,
  handle: HandleRequest,
): Connections {
  const open = new Map<Duplex, Connection>();
  let waitingInAll = 0;

  function begin(connection: Connection, request: IncomingMessage, response: ServerResponse): void {
    connection.current = response;
    connection.usedAt = monotonicNow();
    handle(request, response, connection.gone);
  }

  function wait(connection: Connection, request: IncomingMessage, response: ServerResponse): void {
    const { socket, waiting, current } = connection;
    if (waiting.length >= limits.waiting || waitingInAll + costOf(request) > limits.waitingInAll) {
      socket.destroy();
      // The rest of what has come is parsed all the same: none of it is kept.
      request.destroy();
      return;
    }
    waiting.push([request, response]);
    waitingInAll += costOf(request);
    if (waiting.length === 1) current?.once('close', () => setImmediate(beginNext, connection));
    if (waiting.length >= PAUSE_AT) socket.pause();
  }

  /** Begins in a later turn of the event loop, so that a client that sends many requests ahead does not keep others waiting. */
  function beginNext(connection: Connection): void {
    const next = connection.waiting.shift();
    if (next === undefined) return;
    const [request, response] = next;
    waitingInAll -= costOf(request);
    if (connection.waiting.length > 0) response.once('close', () => setImmediate(beginNext, connection));
    else connection.socket.resume();
    begin(connection, request, response);
  }

  function closeOneIdle(): void {
    let idlest: Connection | undefined;
    for (const connection of open.values())
      if (isIdle(connection) && (idlest === undefined || connection.usedAt < idlest.usedAt))
        idlest = connection;
    idlest?.socket.destroy();
  }

  return {
    add(socket) {
      const gone = new Canceller();
      const connection: Connection = {
        socket,
        gone,
        current: undefined,
        waiting: [],
        usedAt: monotonicNow(),
      };
      socket.once('close', () => {
        open.delete(socket);
        for (const [request] of connection.waiting) waitingInAll -= costOf(request);
        connection.waiting = [];
        gone.abort(new ClientGoneError());
      });
      if (open.size >= limits.connections) closeOneIdle();
      open.set(socket, connection);
    },
    take(request, response) {
      const connection = open.get(request.socket);
      // What has come with the last bytes of a connection that was closed is parsed all the same.
      if (connection === undefined || connection.socket.destroyed) {
        request.destroy();
        return;
      }
      if (isIdle(connection)) begin(connection, request, response);
      else wait(connection, request, response);
    },
    findLast(socket) {
      const { waiting, current } = open.get(socket) ?? {};
      const last = waiting?.at(-1)?.[1] ?? current;
      return last?.writableFinished ? undefined : last;
    },
    abort(socket) {
      open.get(socket)?.gone.abort(new ClientGoneError());
    },
    closeUnused() {
      for (const { socket } of open.values()) if (socket.bytesRead === 0) socket.destroy();
    },
  };
}

/** A chunked body that has come already lies in memory chunk by chunk, which may be 10,000 chunks of a byte each: 6 MB. */
function costOf({ headers }: IncomingMessage): number {
  return headers['transfer-encoding'] === undefined ? 1 : 512;
}

/** Whether the operating system has taken the whole of the answer that was begun last. */
function isIdle({ current, waiting }: Connection): boolean {
  return waiting.length === 0 && (current === undefined || current.writableFinished);
}
