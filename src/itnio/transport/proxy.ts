import http from 'node:http';
import type https from 'node:https';
import { Socket } from 'node:net';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { Secret } from '../../domain/secret.ts';
import { PROXY_REFUSED } from '../faults.ts';
import { createCodedError } from './transport.ts';

/** What the library emits when the proxy has answered, at the agent and at the request. */
const CONNECT_ANSWERED = 'proxyConnect';

interface ConnectAnswer {
  readonly statusCode: number;
}

/**
 * Reaches https addresses through a proxy's CONNECT; what goes through the tunnel is TLS, verified from end to end. A proxy
 * that refuses ends the request with its status in the code, so that its answer is not taken for the vendor's.
 */
export class ProxyAgent extends HttpsProxyAgent<string> {
  constructor(proxyUrl: Secret, options: https.AgentOptions) {
    super(proxyUrl.reveal(), options);
    this.on(CONNECT_ANSWERED, ({ statusCode }: ConnectAnswer, request: http.ClientRequest) => {
      if (statusCode !== 200) request.destroy(createRefusal(statusCode));
    });
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
