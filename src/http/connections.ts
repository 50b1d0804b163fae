import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { ClientGoneError } from '../errors/request-errors.ts';

/** The open connections of a server. */
export interface Connections {
  add(socket: Socket): void;
  /**
   * Aborts with a ClientGoneError when the connection closes. One signal serves all its requests: whoever listens stops
   * with its own, or a client that stays for days would gather listeners.
   */
  goneSignal(socket: Socket): AbortSignal;
  /** Closes those that no request has ever used. */
  closeUnused(): void;
}

export function createConnections(): Connections {
  const signals = new Map<Socket, AbortSignal>();

  return {
    add(socket) {
      const gone = new AbortController();
      // As many listen as a client has sent requests ahead and each of them makes calls: no number is a leak.
      setMaxListeners(0, gone.signal);
      signals.set(socket, gone.signal);
      socket.once('close', () => {
        signals.delete(socket);
        gone.abort(new ClientGoneError());
      });
    },
    goneSignal: (socket) => signals.get(socket) ?? AbortSignal.abort(new ClientGoneError()),
    closeUnused() {
      for (const socket of signals.keys()) if (socket.bytesRead === 0) socket.destroy();
    },
  };
}
