import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { hashToken } from '../../../src/callers/token.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const HEAD = 'Host: localhost\r\nAuthorization: Bearer web-token\r\nContent-Type: application/json\r\n';
const BODY = '{"query":"{ __typename }"}';
const GOOD = `POST /graphql HTTP/1.1\r\n${HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY}`;
const CLOSE = 'GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

interface RawReply {
  readonly status: number;
  readonly connection: string | undefined;
  readonly requestId: string | undefined;
  /** The code of its first error. */
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** Sends a text as it is, and reads what comes back until the server closes. */
async function sendRaw({ origin }: ServedGateway, text: string): Promise<RawReply[]> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(text, 'latin1');
  const replies: RawReply[] = [];
  let rest = await readText(socket);
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n') + 4;
    const head = rest.slice(0, end);
    const find = (name: string) => new RegExp(`^${name}: (.*)\r$`, 'im').exec(head)?.[1];
    const bodyEnd = end + Number(find('content-length') ?? 0);
    const [error] = (JSON.parse(rest.slice(end, bodyEnd) || '{}').errors ?? []) as {
      message: string;
      extensions: { code: string };
    }[];
    replies.push({
      status: Number(head.slice(9, 12)),
      connection: find('connection'),
      requestId: find('x-request-id'),
      code: error?.extensions.code,
      message: error?.message,
    });
    rest = rest.slice(bodyEnd);
  }
  return replies;
}

describe('what is refused before anything is read', () => {
  let gateway: ServedGateway;
  beforeAll(async () => {
    gateway = await serveGateway({
      variables: {
        ITNIO_API_KEY: 'bDqJFiq9',
        ITNIO_API_SECRET: '7bz1lzh9',
        CALLERS: JSON.stringify([
          { name: 'web', tokenSha256: hashToken('web-token').toString('hex'), scopes: ['phones:read'] },
        ]),
        ANONYMOUS_SCOPES: 'phones:read',
        MAX_IN_FLIGHT: '1000',
      },
    });
  });
  afterEach(async () => {
    expect(gateway.sandbox.calls.total).toBe(0);
    // Nobody is left inside.
    expect(await sendRaw(gateway, GOOD + CLOSE)).toMatchObject([{ status: 200 }, { status: 200 }]);
  });
  afterAll(() => gateway.close());

  const expectLogged = ({ requestId, status }: Partial<RawReply>) =>
    expect(gateway.requests().find((line) => line['requestId'] === requestId)).toMatchObject({
      status,
      clientAddress: '127.0.0.1',
    });

  it.each([
    'Authorization: Bearer other',
    'Host: other',
    'host: localhost',
    'Content-Type: application/json',
    'User-Agent: x\r\nUser-Agent: y',
    'X-Itnio-User-Token: x\r\nx-itnio-user-token: y',
  ])('is a request with a second header "%s"', async (header) => {
    const [reply, ...others] = await sendRaw(
      gateway,
      `POST /graphql HTTP/1.1\r\n${HEAD}${header}\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}${CLOSE}`,
    );
    expect(reply).toMatchObject({
      status: 400,
      code: 'BAD_REQUEST',
      message: expect.stringMatching(/twice/),
    });
    expectLogged(reply ?? {});
    expect(others.map(({ status }) => status)).toEqual([]);
  });

  it('is HTTP/1.1 without a host', async () => {
    const [reply] = await sendRaw(gateway, `GET /live HTTP/1.1\r\n\r\n${CLOSE}`);
    expect(reply).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('is not HTTP/1.0 without a host, where no host is asked for', async () => {
    expect(await sendRaw(gateway, 'GET /live HTTP/1.0\r\n\r\n')).toMatchObject([{ status: 200 }]);
  });

  it.each<[string, string, number]>([
    ['a path that is none', 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n', 404],
    ['a method that is none', 'NONSENSE /graphql HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['a line that is none', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400],
    ['a header that is none', 'GET /live HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
    ['headers over 16 KiB', `GET /live HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
    [
      'a chunk that is none',
      `POST /graphql HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
      400,
    ],
    ['an expectation', 'GET /graphql HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\n\r\n', 417],
  ])('is %s', async (_, text, status) => {
    const [reply] = await sendRaw(gateway, text + CLOSE);
    expect(reply).toMatchObject({ status, code: 'BAD_REQUEST' });
    expectLogged({ ...reply, status });
  });

  it('is what comes after a good request, which is answered first', async () => {
    const replies = await sendRaw(gateway, `${GOOD}${GOOD}nonsense\r\n\r\n`);
    expect(replies.map(({ status, code, connection }) => [status, code, connection])).toEqual([
      [200, undefined, 'keep-alive'],
      [200, undefined, 'keep-alive'],
      [400, 'BAD_REQUEST', 'close'],
    ]);
  });

  it('is a WebSocket, and is told why, whoever asks', async () => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
      request(gateway.url, { headers }, resolve).once('error', reject).end();
    });
    expect([response.statusCode, await readText(response)]).toEqual([
      400,
      expect.stringContaining('no subscriptions'),
    ]);
  });

  it('keeps the connection where a body has come, and closes it where one is left', async () => {
    const wrong = HEAD.replace('web-token', 'wrong');
    const text = (length: number) =>
      `POST /graphql HTTP/1.1\r\n${wrong}Content-Length: ${length}\r\n\r\n${BODY}`;
    const kept = await sendRaw(gateway, text(BODY.length) + CLOSE);
    expect(kept.map(({ status, connection }) => [status, connection])).toEqual([
      [401, 'keep-alive'],
      [200, 'close'],
    ]);
    const closed = await sendRaw(gateway, text(BODY.length + 10));
    expect(closed.map(({ status, connection }) => [status, connection])).toEqual([[401, 'close']]);
  });

  it('is a body that nobody wants, before a client that asks is told to send it', async () => {
    const ask = (token: string) =>
      sendRaw(
        gateway,
        `POST /graphql HTTP/1.1\r\n${HEAD.replace('web', token)}Expect: 100-continue\r\nContent-Length: ${BODY.length}\r\n\r\n`,
      );
    expect((await ask('wrong')).map(({ status }) => status)).toEqual([401]);
  });

  /** What is wrong with a request, in the order in which it is told. */
  const FAULTS: readonly (readonly [string, (request: Message) => void, number])[] = [
    ['its host', (request) => request.headers.set('host', 'evil.example'), 421],
    ['its caller', (request) => request.headers.set('authorization', 'Bearer wrong'), 401],
    [
      'its method',
      (request) => {
        request.method = 'PUT';
      },
      405,
    ],
    ['its type', (request) => request.headers.set('content-type', 'text/plain'), 415],
    ['the length of its body', (request) => request.headers.set('content-length', '2000000'), 413],
  ];

  interface Message {
    method: string;
    readonly headers: Map<string, string>;
  }

  it.each(FAULTS.map(([name, , status], index) => [name, status, index] as const))(
    'is told what is wrong with %s with %i, whatever else is',
    async (_, status, index) => {
      const message: Message = {
        method: 'POST',
        headers: new Map([
          ['host', 'localhost'],
          ['authorization', 'Bearer web-token'],
          ['content-type', 'application/json'],
          ['content-length', '10'],
        ]),
      };
      for (const [, spoil] of FAULTS.slice(index)) spoil(message);
      const lines = [...message.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
      const replies = await sendRaw(gateway, `${message.method} /graphql HTTP/1.1\r\n${lines}\r\n{"`);
      expect(replies).toMatchObject([{ status, connection: 'close' }]);
    },
  );
});
