import { type AddressInfo, createServer, type Socket } from 'node:net';

/** One request as it came over the wire. */
interface ReceivedRequest {
  /** The request line. */
  readonly line: string;
  /** By lower-case name. */
  readonly headers: ReceivedHeaders;
  readonly body: string;
}

/** The headers that tests look at by name, among all that came. */
interface ReceivedHeaders extends Readonly<Record<string, string | undefined>> {
  readonly 'api-key'?: string;
  readonly timestamp?: string;
  readonly sign?: string;
}

/** Answers one request by writing to its connection, or by not doing so. */
export type Answer = (socket: Socket, request: ReceivedRequest) => void;

/** A server that does to its clients whatever a test wants, byte by byte. */
export interface FaultyUpstream {
  readonly url: string;
  /** Every request so far, in order. */
  readonly requests: readonly ReceivedRequest[];
  /** Connections opened so far. */
  readonly connectionCount: number;
  /** Connections open now. */
  readonly openCount: number;
  /** Gives the next requests these answers, one each; after them the last one set by {@link answerAlways} again. */
  answerNext(...answers: readonly Answer[]): void;
  answerAlways(answer: Answer): void;
  /** Resolves when the next connection is closed by either side. */
  nextClose(): Promise<void>;
  close(): Promise<void>;
}

export async function createFaultyUpstream(options?: { readonly path?: string }): Promise<FaultyUpstream> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  const queue: Answer[] = [];
  const closeListeners: (() => void)[] = [];
  let usual: Answer = answerJson(samplePage());
  let connectionCount = 0;

  const server = createServer((socket) => {
    connectionCount += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      for (const listener of closeListeners.splice(0)) listener();
    });
    let pending: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (let read = readRequest(pending); read !== undefined; read = readRequest(pending)) {
        pending = read.rest;
        requests.push(read.request);
        (queue.shift() ?? usual)(socket, read.request);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${options?.path ?? '/voice'}`,
    requests,
    get connectionCount() {
      return connectionCount;
    },
    get openCount() {
      return sockets.size;
    },
    answerNext: (...answers) => void queue.push(...answers),
    answerAlways(answer) {
      usual = answer;
    },
    nextClose: () => new Promise((resolve) => closeListeners.push(resolve)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Answers with HTTP; headers of the same name as a default one replace it, an empty one removes it. */
export function answerHttp(
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return (socket) => socket.write(encodeResponse(status, body, headers));
}

export function answerJson(answer: unknown, headers?: Readonly<Record<string, string>>): Answer {
  return answerHttp(200, JSON.stringify(answer), headers);
}

/** Answers with the vendor's failure envelope, which has no data. */
export function answerStatus(status: unknown, headers?: Readonly<Record<string, string>>): Answer {
  return answerJson({ status, reason: 'canary reason' }, headers);
}

/** Writes these bytes, then ends, resets or keeps the connection. */
export function answerBytes(bytes: string | Buffer, then: 'end' | 'reset' | 'hang'): Answer {
  return (socket) => {
    socket.write(bytes, () => {
      if (then === 'end') socket.end();
      if (then === 'reset') socket.resetAndDestroy();
    });
  };
}

export function answerNothing(): Answer {
  return () => undefined;
}

/** Sends the headers, then one byte of the body every few milliseconds, for ever. */
export function answerTrickle(everyMs: number): Answer {
  return (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n');
    const timer = setInterval(() => socket.write(' '), everyMs);
    socket.on('close', () => clearInterval(timer));
  };
}

export function encodeResponse(
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Buffer {
  const all: Record<string, string> = {
    'Content-Type': 'application/json;charset=UTF-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Date: new Date().toUTCString(),
    ...headers,
  };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Any\r\n${lines.join('')}\r\n`), Buffer.from(body)]);
}

/** The vendor's own sample answer. */
export function samplePage(): { status: string; reason: string; data: Record<string, unknown> } {
  return {
    status: '0',
    reason: ' success',
    data: {
      total: 5,
      size: 20,
      current: 1,
      pages: 1,
      records: [
        {
          groupName: 'sipGroup',
          phoneName: 'sip-1',
          account: 'test_001',
          password: 'LX9FZdF2',
          displayNum: '861000000',
        },
      ],
    },
  };
}

function readRequest(bytes: Buffer): { request: ReceivedRequest; rest: Buffer } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const [line = '', ...headerLines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const headers: Record<string, string> = {};
  for (const headerLine of headerLines) {
    const colon = headerLine.indexOf(':');
    headers[headerLine.slice(0, colon).toLowerCase()] = headerLine.slice(colon + 1).trim();
  }
  const bodyStart = headEnd + 4;
  const bodyEnd = bodyStart + Number(headers['content-length'] ?? 0);
  if (bytes.length < bodyEnd) return undefined;
  return {
    request: { line, headers, body: bytes.toString('utf8', bodyStart, bodyEnd) },
    rest: bytes.subarray(bodyEnd),
  };
}
