import net from 'node:net';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type buildConnector, Client, type Dispatcher, errors } from 'undici';
import type { Clock } from '../../domain/clock.ts';
import { UpstreamBadResponseError } from '../../errors/upstream-errors.ts';
import { STALE_SOCKET, UPGRADED } from '../faults.ts';
import type { ProxyAgent } from './proxy.ts';
import {
  createCodedError,
  type HttpAnswer,
  IDLE_SOCKET_MS,
  MAX_BODY_BYTES,
  MAX_DRAIN_BYTES,
  MAX_DRAIN_MS,
  STATIC_HEADERS,
  type Transport,
} from './transport.ts';

/** One connection, opened with its first request. It is used again only after an answer that was read to its end. */
interface Lane {
  readonly client: Client;
  socket: net.Socket | undefined;
}

/** Sends by undici's dispatcher: without promises, streams or signals of its own. */
export function createUndiciTransport(baseUrl: string, clock: Clock, proxy?: ProxyAgent): Transport {
  const { origin, pathname } = new URL(`${baseUrl}/`);
  const basePath = pathname.replace(/\/$/, '');
  /** The connection that was used last is used next, so that unneeded ones become idle long enough to be closed. */
  const free: Lane[] = [];

  function createLane(): Lane {
    const lane: Lane = {
      client: new Client(origin, {
        connect: (options, callback) => {
          lane.socket = openSocket(options, callback, proxy, (socket) => {
            lane.socket = socket;
          });
        },
        keepAliveTimeout: IDLE_SOCKET_MS,
        keepAliveMaxTimeout: IDLE_SOCKET_MS,
        // The exchange has limits of its own.
        headersTimeout: 0,
        bodyTimeout: 0,
      }),
      socket: undefined,
    };
    return lane;
  }

  function destroy({ client, socket }: Lane): void {
    socket?.destroy();
    client.destroy().catch(() => undefined);
  }

  return {
    post(path, signedHeaders, body) {
      const lane = free.pop() ?? createLane();
      let isOver = false;
      const cancel = () => {
        if (isOver) return;
        isOver = true;
        destroy(lane);
      };
      const answer = new Promise<HttpAnswer>((resolve, reject) => {
        const handler = createHandler(lane, clock, {
          resolve(value, isWhole) {
            if (isWhole && !isOver) {
              isOver = true;
              free.push(lane);
            } else cancel();
            resolve(value);
          },
          reject(error) {
            cancel();
            reject(error);
          },
        });
        const request = { path: basePath + path, method: 'POST' as const, body };
        lane.client.dispatch({ ...request, headers: { ...STATIC_HEADERS, ...signedHeaders } }, handler);
      });
      return { answer, cancel };
    },
    closeIdle() {
      for (const lane of free.splice(0)) destroy(lane);
    },
  };
}

const unzip = promisify(gunzip);

/** Reads one answer. Whatever comes after the end is not heard. */
function createHandler(
  lane: Lane,
  clock: Clock,
  settle: {
    resolve(answer: HttpAnswer, isWhole: boolean): void;
    reject(error: unknown): void;
  },
): Dispatcher.DispatchHandler {
  const bytesBefore = lane.socket?.destroyed === false ? lane.socket.bytesRead : undefined;
  const chunks: Buffer[] = [];
  let bodyBytes = 0;
  let status = 0;
  let receivedAt = 0;
  let received: Readonly<Record<string, string | string[] | undefined>> = {};
  let stopTimer = () => {};
  const header = (name: string) => {
    const value = received[name];
    return (Array.isArray(value) ? value[0] : value) ?? null;
  };
  const isGood = () => status >= 200 && status <= 299;
  const settleUnread = () => {
    stopTimer();
    settle.resolve({ status, header, receivedAt, body: new Uint8Array() }, false);
  };

  return {
    onRequestStart() {},
    onResponseStart(_, statusCode, headers) {
      if (statusCode === 101) return settle.reject(createCodedError(UPGRADED));
      // Another one follows.
      if (statusCode < 200) return;
      status = statusCode;
      received = headers;
      receivedAt = clock.monotonicNow();
      if (!isGood()) stopTimer = clock.startTimer(settleUnread, MAX_DRAIN_MS);
    },
    onResponseData(_, chunk) {
      bodyBytes += chunk.length;
      if (!isGood()) {
        if (bodyBytes > MAX_DRAIN_BYTES) settleUnread();
      } else if (bodyBytes > MAX_BODY_BYTES) settle.reject(createTooLarge());
      else chunks.push(chunk);
    },
    onResponseEnd() {
      stopTimer();
      const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
      if (!isGood() || !/^(?:x-)?gzip$/i.test(header('content-encoding') ?? ''))
        return settle.resolve({ status, header, receivedAt, body: isGood() ? body : new Uint8Array() }, true);
      unzip(body, { maxOutputLength: MAX_BODY_BYTES }).then(
        (unzipped) => settle.resolve({ status, header, receivedAt, body: unzipped }, true),
        (error: NodeJS.ErrnoException) =>
          settle.reject(error.code === 'ERR_BUFFER_TOO_LARGE' ? createTooLarge() : error),
      );
    },
    onResponseError(_, error) {
      stopTimer();
      // What the status says stands, however the body ends.
      if (status !== 0 && !isGood()) return settleUnread();
      const isStale = bytesBefore !== undefined && lane.socket?.bytesRead === bytesBefore;
      settle.reject(isStale ? createCodedError(STALE_SOCKET) : nameParserError(error));
    },
  };
}

/** Not every error of its parser has a code, and each holds a piece of what it read. */
function nameParserError(error: Error): Error {
  if (!(error instanceof errors.HTTPParserError)) return error;
  return createCodedError(error.code ?? 'HPE_INVALID_CONSTANT');
}

function createTooLarge(): UpstreamBadResponseError {
  return new UpstreamBadResponseError(`body: expected at most ${MAX_BODY_BYTES} bytes`);
}

/** Opens a connection, through a proxy if there is one; TLS is always verified. */
function openSocket(
  { protocol, hostname, port, servername }: buildConnector.Options,
  callback: buildConnector.Callback,
  proxy: ProxyAgent | undefined,
  onTunnel: (socket: net.Socket) => void,
): net.Socket | undefined {
  const isTls = protocol === 'https:';
  const target = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (isTls ? 443 : 80),
    ...(servername ? { servername } : {}),
  };
  if (isTls && proxy !== undefined) {
    proxy.openTunnel(target).then(
      (socket) => {
        onTunnel(socket);
        announce(socket, 'secureConnect', callback);
      },
      (error: Error) => callback(error, null),
    );
    return undefined;
  }
  const socket = isTls
    ? // Said here: left out, NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would turn it off.
      tls.connect({ ...target, rejectUnauthorized: true, ALPNProtocols: ['http/1.1'] })
    : net.connect(target);
  announce(socket, isTls ? 'secureConnect' : 'connect', callback);
  return socket;
}

function announce(socket: net.Socket, event: string, callback: buildConnector.Callback): void {
  const onError = (error: Error) => callback(error, null);
  socket.setNoDelay(true);
  socket.once('error', onError);
  socket.once(event, () => {
    socket.removeListener('error', onError);
    callback(null, socket);
  });
}
