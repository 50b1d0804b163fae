import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createConnections } from '../../../src/http/connections.ts';
import { createUnsentAnswers } from '../../../src/http/unsent-answers.ts';
import { serveGateway } from '../../support/served-gateway.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
/** More than the operating system takes for a reader that does not read. */
const LARGE = Buffer.alloc(12_000_000, 'x');

describe('delivery', () => {
  let sockets: Socket[];
  let stop: () => void;
  beforeEach(() => {
    sockets = [];
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    stop();
  });

  async function serve(
    handle: (request: IncomingMessage, response: ServerResponse) => void,
    limits: { connections?: number; waiting?: number; waitingInAll?: number } = {},
  ): Promise<number> {
    const connections = createConnections(
      { connections: 100, waiting: 100, waitingInAll: 100, ...limits },
      () => performance.now(),
      handle,
    );
    const server = createServer(connections.take);
    server.on('connection', connections.add);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    stop = () => server.close();
    return (server.address() as AddressInfo).port;
  }

  async function open(port: number, text: string): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  }

  const isClosed = async (socket: Socket) => {
    // Only who reads learns that the other side has left.
    socket.resume();
    await once(socket, 'close');
    return true;
  };

  describe('of one connection', () => {
    it('begins with a request when the answer before it has left', async () => {
      const begun: ServerResponse[] = [];
      const arrived: (() => void)[] = [];
      const port = await serve((_, response) => {
        begun.push(response);
        arrived.shift()?.();
      });
      const next = () => new Promise<void>((resolve) => arrived.push(resolve));
      let arrival = next();
      const socket = await open(port, REQUEST.repeat(3));
      for (let answered = 0; answered < 3; answered++) {
        await arrival;
        // Whatever else has been sent ahead would have arrived by now.
        await new Promise(setImmediate);
        expect(begun).toHaveLength(answered + 1);
        arrival = next();
        begun[answered]?.end(`answer ${answered};`);
      }
      let text = '';
      socket.setEncoding('utf8');
      while (!text.includes('answer 2;')) text += String((await once(socket, 'data'))[0]);
      expect(text.match(/answer \d/g)).toEqual(['answer 0', 'answer 1', 'answer 2']);
    });

    it('answers as many requests sent ahead as may wait, all of them', async () => {
      const port = await serve((_, response) => response.end('.'), { waiting: 99 });
      const socket = await open(port, REQUEST.repeat(100));
      let text = '';
      socket.setEncoding('utf8');
      while (text.match(/200 OK/g)?.length !== 100) text += String((await once(socket, 'data'))[0]);
    });

    it.each([
      ['of one more', { waiting: 9 }],
      ['where all together are too many', { waitingInAll: 9 }],
    ])('ends instead %s', async (_, limits) => {
      const port = await serve(() => undefined, limits);
      expect(await isClosed(await open(port, REQUEST.repeat(11)))).toBe(true);
    });
  });

  it('closes the connection that was idle longest when there is one too many', async () => {
    const port = await serve(
      (request, response) => {
        if (request.url !== '/busy') response.end('.');
      },
      { connections: 3 },
    );
    await open(port, REQUEST.replace('/', '/busy'));
    const idle = await open(port, '');
    const later = await open(port, REQUEST);
    await once(later, 'data');
    await open(port, '');
    expect(await isClosed(idle)).toBe(true);
    later.write(REQUEST);
    await once(later, 'data');
  });

  describe('of answers that nobody reads', () => {
    const never = { bytes: 1e9, stallMs: 1e6, answerMs: 1e6 };

    /** With lines of their own: what is cut off at the end of one test is told during the next. */
    function createWatched(limits: Partial<typeof never>) {
      const lines: object[] = [];
      const note = (evidence: object) => lines.push({ ...evidence });
      const log = { debug: note, info: note, warn: note, error: note };
      const unsent = createUnsentAnswers(
        { ...never, ...limits },
        { monotonicNow: () => performance.now(), log },
      );
      return { unsent, lines };
    }

    it('closes the oldest when all together are too large', async () => {
      const { unsent } = createWatched({ bytes: 20_000_000 });
      const port = await serve((_, response) => unsent.send(response, LARGE));
      const [first, second] = [await open(port, REQUEST), await open(port, REQUEST)];
      expect(await isClosed(first)).toBe(true);
      let length = 0;
      second.on('data', (chunk) => {
        length += chunk.length;
      });
      while (length < LARGE.length) await once(second, 'data');
    });

    it.each([
      ['not at all', { stallMs: 200 }],
      ['in time', { answerMs: 200 }],
    ])('closes one that is not read %s, and says so', async (_, limits) => {
      const { unsent, lines } = createWatched(limits);
      const port = await serve((_, response) => unsent.send(response, LARGE));
      const socket = await open(port, REQUEST);
      socket.pause();
      while (lines.length === 0) await new Promise(setImmediate);
      expect(await isClosed(socket)).toBe(true);
      expect(lines).toEqual([{ answers: 1, bytes: expect.any(Number) }]);
    });

    it('keeps no piece of a shared buffer in memory but the next', async () => {
      const { unsent } = createWatched({ bytes: 1 });
      let sent: ServerResponse | undefined;
      const port = await serve((_, response) => {
        sent = response;
        response.writeHead(200, { 'content-length': LARGE.length });
        unsent.sendShared(response, LARGE);
      });
      const socket = await open(port, REQUEST);
      socket.pause();
      while ((sent?.writableLength ?? 0) === 0) await new Promise(setImmediate);
      expect(sent?.writableLength).toBeLessThan(200_000);
      let length = 0;
      socket.on('data', (chunk) => {
        length += chunk.length;
      });
      socket.resume();
      while (length < LARGE.length) await once(socket, 'data');
    });
  });

  it('refuses a body of 300 chunks of a byte', async () => {
    const gateway = await serveGateway();
    stop = () => void gateway.close();
    const { port } = new URL(gateway.origin);
    const socket = await open(
      Number(port),
      `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\n{\r\n'.repeat(300)}`,
    );
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(
      /^HTTP\/1\.1 400 .*\r\nconnection: close\r\n.*in pieces that are too small/is,
    );
  });
});
