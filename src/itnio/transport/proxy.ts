import http from 'node:http';
import type https from 'node:https';
import { Socket } from 'node:net';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { Clock } from '../../domain/clock.ts';
import { findErrorCode } from '../../domain/error-code.ts';
import type { Secret } from '../../domain/secret.ts';
import { PROXY_REFUSED } from '../faults.ts';
import { createCodedError } from './transport.ts';

type ConnectOptions = Parameters<HttpsProxyAgent<string>['connect']>[1];

/** What the library emits when the proxy has answered, at the agent and at the request. */
const CONNECT_ANSWERED = 'proxyConnect';

/** Longest wait for the answer of a proxy, in milliseconds: longer than an attempt at the vendor may take. */
const MAX_ANSWER_MS = 10_000;

/** The code of a tunnel whose proxy has closed the connection, or answered with something that is no HTTP. */
export const PROXY_ENDED = 'PROXY_ENDED';

interface ConnectAnswer {
  readonly statusCode: number;
}

/**
 * Reaches https addresses through a proxy's CONNECT; what goes through the tunnel is TLS, verified from end to end. A proxy
 * that refuses ends the request with its status in the code, so that its answer is not taken for the vendor's.
 */
export class ProxyAgent extends HttpsProxyAgent<string> {
  readonly #startTimer: Clock['startTimer'];

  constructor(proxyUrl: Secret, startTimer: Clock['startTimer'], options: https.AgentOptions) {
    super(proxyUrl.reveal(), options);
    this.#startTimer = startTimer;
    this.on(CONNECT_ANSWERED, ({ statusCode }: ConnectAnswer, request: http.ClientRequest) => {
      if (statusCode !== 200) request.destroy(createRefusal(statusCode));
    });
  }

  /** Gives a proxy up that does not answer: the library would wait for it, and keep the connection, for ever. */
  override async connect(request: http.ClientRequest, options: ConnectOptions): Promise<Socket> {
    const opening = new AbortController();
    const stopTimer = this.#startTimer(() => opening.abort(), MAX_ANSWER_MS);
    // Read by the library at once, for this connection alone.
    this.connectOpts.signal = opening.signal;
    try {
      return await super.connect(request, options);
    } catch (error) {
      if (opening.signal.aborted) throw createCodedError('ETIMEDOUT');
      // Only the library's own errors have no code.
      throw findErrorCode(error) === undefined ? createCodedError(PROXY_ENDED) : error;
    } finally {
      stopTimer();
    }
  }

  /** Opens a tunnel for a client that brings its own HTTP. The handshake within it may still be under way. */
  async openTunnel(target: {
    readonly host: string;
    readonly port: number;
    readonly servername?: string;
  }): Promise<Socket> {
    // The agent tells what the proxy says to a request of Node's. This one is never sent.
    const request = http.request({ createConnection: () => new Socket() });
    let status = 200;
    request.once(CONNECT_ANSWERED, (answer: ConnectAnswer) => {
      status = answer.statusCode;
    });
    try {
      const options = { ...target, secureEndpoint: true as const, rejectUnauthorized: true };
      const socket = await this.connect(request, options);
      if (status === 200) return socket;
      socket.destroy();
      throw createRefusal(status);
    } finally {
      request.on('error', () => undefined).destroy();
    }
  }
}

function createRefusal(status: number): Error {
  return createCodedError(`${PROXY_REFUSED}${status}`);
}
