import http from 'node:http';
import https from 'node:https';
import fetch from 'node-fetch';
import type { Clock } from '../../domain/clock.ts';
import { UpstreamBadResponseError } from '../../errors/upstream-errors.ts';
import { STALE_SOCKET, UPGRADED } from '../faults.ts';
import type { SignedHeaders } from '../signature.ts';
import type { ProxyAgent } from './proxy.ts';
import {
  CANCELLED,
  createCodedError,
  type HttpAnswer,
  IDLE_SOCKET_MS,
  MAX_BODY_BYTES,
  MAX_DRAIN_BYTES,
  MAX_DRAIN_MS,
  STATIC_HEADERS,
  type Transport,
} from './transport.ts';

/** What every agent of Node's has, though its types do not say so. */
interface WatchedAgent extends http.Agent {
  addRequest?(request: http.ClientRequest, options: object): void;
}

const RESET_CODES: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE']);

/** Sends by node-fetch. @param proxy through which an https address is reached. */
export function createNodeFetchTransport(
  baseUrl: string,
  clock: Clock,
  createProxyAgent?: (options: https.AgentOptions) => ProxyAgent,
): Transport {
  /** The request that node-fetch made last. It does so before it returns. */
  let latest: http.ClientRequest | undefined;
  /** What the request that node-fetch makes next is to end with. */
  let nextBody: Buffer | undefined;
  const agent = createAgent(new URL(baseUrl).protocol, createProxyAgent, (request) => {
    latest = request;
    if (nextBody !== undefined) giveBody(request, nextBody);
    nextBody = undefined;
  });
  // Signed headers are the same object as long as they are the same.
  let signed: SignedHeaders | undefined;
  let headers: Record<string, string> = {};

  async function send(path: string, body: Buffer): Promise<HttpAnswer> {
    nextBody = body;
    const response = await fetch(baseUrl + path, {
      method: 'POST',
      headers,
      agent,
      // Followed, a redirect would carry key and signature to any host, and two of them end the process.
      redirect: 'error',
    });
    const receivedAt = clock.monotonicNow();
    const header = (name: string) => response.headers.get(name);
    const { status } = response;
    if (response.ok) return { status, header, receivedAt, body: await readBody(response.body) };
    // What the status says stands, however the body ends and whether it does.
    await drainBody(response.body, clock.startTimer);
    return { status, header, receivedAt, body: new Uint8Array() };
  }

  /** Undefined where a call has failed before there was a request. */
  function takeLatest(): http.ClientRequest | undefined {
    const request = latest;
    latest = undefined;
    return request;
  }

  return {
    post(path, signedHeaders, body) {
      if (signedHeaders !== signed) {
        signed = signedHeaders;
        headers = { ...STATIC_HEADERS, ...signedHeaders };
      }
      const answer = send(path, body);
      const request = takeLatest();
      // What node-fetch does when a signal aborts. A signal for each call would cost more than the signature.
      return { answer, cancel: () => request && cancel(request) };
    },
    closeIdle() {
      for (const sockets of Object.values(agent.freeSockets))
        for (const socket of sockets ?? []) socket.destroy();
    },
  };
}

function createAgent(
  protocol: string,
  createProxyAgent: ((options: https.AgentOptions) => ProxyAgent) | undefined,
  onRequest: (request: http.ClientRequest) => void,
): http.Agent {
  const options: https.AgentOptions = {
    keepAlive: true,
    timeout: IDLE_SOCKET_MS,
    // The default, but said here: left out, NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would turn it off.
    rejectUnauthorized: true,
  };
  if (protocol !== 'https:') return watchAgent(new http.Agent(options), onRequest);
  return watchAgent(createProxyAgent?.(options) ?? new https.Agent(options), onRequest);
}

/**
 * Reports each request, and gives a code to two faults that node-fetch would hide, since it passes on an error's code but
 * neither the error nor the request: the reset of a connection that had died between two calls, and a switch to another
 * protocol, after which no answer would ever come.
 */
function watchAgent(agent: WatchedAgent, onRequest: (request: http.ClientRequest) => void): http.Agent {
  const reuseSocket = agent.reuseSocket.bind(agent);
  agent.reuseSocket = (socket, request) => {
    reuseSocket(socket, request);
    const bytesBefore = readBytesReceived(socket);
    request.prependOnceListener('error', (error: NodeJS.ErrnoException) => {
      if (RESET_CODES.has(error.code) && readBytesReceived(socket) === bytesBefore) error.code = STALE_SOCKET;
    });
  };
  const { addRequest } = agent;
  if (addRequest === undefined) throw new TypeError('Agents of this Node cannot be watched.');
  agent.addRequest = function watchRequest(request, requestOptions) {
    onRequest(request);
    request.once('upgrade', (_, socket) => {
      socket.destroy();
      // Not destroyed with it: by now Node takes the request for over, and would keep silent.
      request.emit('error', createCodedError(UPGRADED));
    });
    addRequest.call(agent, request, requestOptions);
  };
  return agent;
}

/**
 * Has a request end with this body. node-fetch would make it a stream and lead it to the request by a pipeline: a fifth of what a call
 * takes in all.
 */
function giveBody(request: http.ClientRequest, body: Buffer): void {
  request.setHeader('Content-Length', body.length);
  const end = request.end.bind(request);
  // Has a name before it is a property: else all that a call can reach grows old. See docs/decisions/081.
  const endWithBody = () => end(body);
  request.end = endWithBody;
}

function cancel(request: http.ClientRequest): void {
  if (request.destroyed) return;
  request.destroy();
  // While a proxy opens a tunnel for it, the request has no connection yet, and Node would keep silent.
  if (request.socket === null) request.emit('error', createCodedError(CANCELLED));
}

function readBytesReceived(socket: object): unknown {
  return 'bytesRead' in socket ? socket.bytesRead : undefined;
}

/**
 * Reads a body to its end.
 * @throws {UpstreamBadResponseError} as soon as it is longer than {@link MAX_BODY_BYTES}.
 */
function readBody(body: NodeJS.ReadableStream | null): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (body === null) return resolve(new Uint8Array());
    const chunks: Buffer[] = [];
    let bodyBytes = 0;
    body.on('data', (chunk: Buffer) => {
      bodyBytes += chunk.length;
      if (bodyBytes > MAX_BODY_BYTES) {
        body.removeAllListeners('data');
        body.pause();
        reject(new UpstreamBadResponseError(`body: expected at most ${MAX_BODY_BYTES} bytes`));
        return;
      }
      chunks.push(chunk);
    });
    body.once('error', reject);
    body.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
  });
}

/** Reads a body that is not needed, so that the connection can be used again; closes the connection if that takes too long. */
function drainBody(body: NodeJS.ReadableStream | null, startTimer: Clock['startTimer']): Promise<void> {
  return new Promise((resolve) => {
    if (body === null) return resolve();
    let drainedBytes = 0;
    const stop = () => {
      stopTimer();
      body.removeAllListeners('data');
      body.pause();
      resolve();
    };
    const stopTimer = startTimer(stop, MAX_DRAIN_MS);
    body.on('data', (chunk: Buffer) => {
      drainedBytes += chunk.length;
      if (drainedBytes > MAX_DRAIN_BYTES) stop();
    });
    body.on('error', stop);
    body.once('end', stop);
  });
}
