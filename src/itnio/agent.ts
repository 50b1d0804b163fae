import http from 'node:http';
import https from 'node:https';
import { STALE_SOCKET } from './faults.ts';

/**
 * Most connections to the vendor at a time: more than there are calls. A call beyond them would wait within the agent, where
 * its time runs.
 */
const MAX_SOCKETS = 30;

/** How long an unused connection is kept, in milliseconds: below the 20 s after which a Java servlet container closes it. */
const IDLE_SOCKET_MS = 15_000;

const RESET_CODES: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE']);

/** Connections to one host, kept between calls. */
export interface KeepAlive {
  readonly agent: http.Agent;
  /** Closes the connections that no call is using. */
  closeIdle(): void;
}

export function createKeepAlive(protocol: string): KeepAlive {
  const options: https.AgentOptions = {
    keepAlive: true,
    maxSockets: MAX_SOCKETS,
    timeout: IDLE_SOCKET_MS,
    // The default, but said here: left out, NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would turn it off.
    rejectUnauthorized: true,
  };
  const agent = protocol === 'https:' ? new https.Agent(options) : new http.Agent(options);
  markStaleSockets(agent);
  return {
    agent,
    closeIdle() {
      for (const sockets of Object.values(agent.freeSockets)) {
        for (const socket of sockets ?? []) socket.destroy();
      }
    },
  };
}

/**
 * Renames the reset of a connection that had died between two calls. Nothing else tells it from a reset in the middle
 * of one: node-fetch hands on an error's code, but neither the error nor the request.
 */
function markStaleSockets(agent: http.Agent): void {
  const reuseSocket = agent.reuseSocket.bind(agent);
  agent.reuseSocket = (socket, request) => {
    reuseSocket(socket, request);
    const bytesBefore = readBytesReceived(socket);
    request.prependOnceListener('error', (error: NodeJS.ErrnoException) => {
      if (RESET_CODES.has(error.code) && readBytesReceived(socket) === bytesBefore) error.code = STALE_SOCKET;
    });
  };
}

function readBytesReceived(socket: object): unknown {
  return 'bytesRead' in socket ? socket.bytesRead : undefined;
}
