import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BadRequestError } from '../../../src/errors/request-errors.ts';
import { createBodyReader } from '../../../src/http/body.ts';
import { createConnections } from '../../../src/http/connections.ts';
import { createParseFaultHandler } from '../../../src/http/parse-faults.ts';

const statusOf = (error: unknown) => (error instanceof BadRequestError ? error.status : 500);

describe('a request that takes too long to arrive', () => {
  let server: Server;
  let refused: number[];
  beforeEach(async () => {
    refused = [];
    const bodies = createBodyReader(1_000);
    const connections = createConnections(
      { connections: 10, waiting: 10, waitingInAll: 10 },
      () => performance.now(),
      async (request, response) => {
        try {
          await bodies.read(request, response, 100);
          response.end();
        } catch (error) {
          response.writeHead(statusOf(error), { connection: 'close' }).end('By its handler.');
        }
      },
    );
    server = createServer(
      { headersTimeout: 20, requestTimeout: 40, connectionsCheckingInterval: 10 },
      connections.take,
    );
    server.on('connection', connections.add);
    server.on(
      'clientError',
      createParseFaultHandler({
        connections,
        bodies,
        headerBytes: 1_000,
        refuse(error) {
          refused.push(statusOf(error));
          return { status: statusOf(error), headers: { 'x-request-id': '1' }, body: 'By nobody.' };
        },
      }),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
  });

  async function send(text: string): Promise<string> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(text);
    return readText(socket);
  }

  it('is answered with 408 when its headers do', async () => {
    const answer = await send('GET / HTTP/1.1\r\nHost: x\r\n');
    expect(answer).toBe(
      'HTTP/1.1 408 Request Timeout\r\nx-request-id: 1\r\ncontent-length: 10\r\nconnection: close\r\n\r\nBy nobody.',
    );
    expect(refused).toEqual([408]);
  });

  it('is answered with 408 by whoever reads its body', async () => {
    const answer = await send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf');
    expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n.*By its handler\./s);
    expect(refused).toEqual([]);
  });
});

describe('bodies that are on their way', () => {
  it('leave room for others: over the bound the oldest is given up', async () => {
    const bodies = createBodyReader(100);
    const outcomes: string[] = [];
    const server = createServer(async (request, response) => {
      const name = String(request.url);
      try {
        await bodies.read(request, response, 1_000);
        outcomes.push(`${name} read`);
      } catch (error) {
        outcomes.push(`${name} ${error instanceof Error ? error.name : ''}`);
      }
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const open = async (name: string) => {
      const begun = once(server, 'request');
      const socket = connect(port, '127.0.0.1');
      socket.write(
        `POST /${name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 90\r\n\r\n${'x'.repeat(60)}`,
      );
      await begun;
      return { finish: () => socket.end('x'.repeat(30)), answer: readText(socket) };
    };
    const old = await open('old');
    const young = await open('young');
    await old.answer;
    young.finish();
    await young.answer;
    // All of both is forgotten: this one has all the room.
    const next = await open('next');
    next.finish();
    await next.answer;
    expect(outcomes).toEqual(['/old OverloadedError', '/young read', '/next read']);
    server.close();
  });
});
