import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { hashToken } from '../../../src/callers/token.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const COUNT = { query: '{ app(appId: "4luaKsL2") { phones { totalCount } } }' };
const CALLERS = JSON.stringify([
  {
    name: 'ops',
    tokenSha256: hashToken('t').toString('hex'),
    scopes: ['phones:read', 'passwords:read'],
    passwordReadsPerHour: 1,
  },
]);

describe('the line of a request', () => {
  let gateway: ServedGateway;
  afterEach(() => gateway.close());

  const levels = () =>
    gateway.lines.filter(({ message }) => message === 'Request.').map(({ level }) => level);

  it('is info where all is well, or the client is at fault', async () => {
    gateway = await serveGateway();
    await gateway.post(COUNT);
    await gateway.post({ query: '{' });
    await gateway.post({ query: '{ app(appId: "") { id } }' });
    expect(levels()).toEqual(['info', 'info', 'info']);
  });

  it('is info where a retry has healed a failure, and counts it', async () => {
    gateway = await serveGateway();
    gateway.sandbox.control.fail({ fault: 'http', httpStatus: 503 });
    const { json } = await gateway.post(COUNT);
    expect(json.errors).toBeUndefined();
    await gateway.post(COUNT);
    expect(levels()).toEqual(['info', 'info']);
    expect(gateway.requests().map(({ failedAttempts }) => failedAttempts)).toEqual([1, undefined]);
  });

  it('is a warning where the vendor is at fault', async () => {
    gateway = await serveGateway();
    gateway.sandbox.control.fail({ fault: 'status', status: -18, times: 2 });
    await gateway.post(COUNT);
    expect(levels()).toEqual(['warn']);
  });

  it('is an error where the gateway is not set up correctly', async () => {
    gateway = await serveGateway();
    gateway.sandbox.control.fail({ fault: 'status', status: -2, times: 2 });
    await gateway.post(COUNT);
    expect(levels()).toEqual(['error']);
    // The change of state is a line of its own.
    expect(
      gateway.lines.filter(({ message }) => message === 'The vendor refuses this gateway.'),
    ).toMatchObject([{ level: 'error', evidence: { fault: expect.any(String) } }]);
  });

  it('is an error where no record of passwords can be written', async () => {
    const auditSink = { write: () => Promise.reject(new Error('full')) };
    gateway = await serveGateway({ auditSink });
    await gateway.post({ query: '{ sipPhone(appId: "4luaKsL2", account: "test_001") { password } }' });
    expect(levels()).toEqual(['error']);
  });

  it('has 128 characters of the name of its operation', async () => {
    gateway = await serveGateway();
    const name = 'N'.repeat(300);
    await gateway.post({ query: `query ${name} { __typename }`, operationName: name });
    expect(gateway.requests()[0]?.['operation']).toBe('N'.repeat(128));
  });

  it('tells of requests without a token in one more line, with where they came from', async () => {
    gateway = await serveGateway({ variables: { CALLERS } });
    for (let request = 0; request < 3; request++) await gateway.post(COUNT);
    expect(levels()).toEqual(['info', 'info', 'info']);
    await gateway.close();
    expect(gateway.lines.filter(({ level }) => level === 'warn')).toEqual([
      {
        level: 'warn',
        evidence: { count: 3, addresses: ['127.0.0.1'] },
        message: 'Requests without a valid token or client certificate were refused.',
      },
    ]);
  });

  it("goes by a caller's own limit of passwords", async () => {
    gateway = await serveGateway({ variables: { CALLERS, PASSWORD_READS_PER_HOUR: '100' } });
    const query = '{ app(appId: "4luaKsL2") { phones(first: 2) { nodes { password } } } }';
    const { json } = await gateway.post({ query }, { authorization: 'Bearer t' });
    expect(json.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    expect(levels()).toEqual(['info']);
  });
});

describe('what never gets as far as GraphQL', () => {
  it.each([
    ['no path of ours', 'GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n', 404],
    ['a foreign host', 'POST /graphql HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n', 421],
    [
      'headers that are too large',
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
    ],
    ['no HTTP', 'HELLO\r\n\r\n', 400],
  ])('has its line in the log all the same: %s', async (_what, text, status) => {
    const gateway = await serveGateway({
      variables: { ITNIO_API_KEY: 'bDqJFiq9', ITNIO_API_SECRET: '7bz1lzh9', ITNIO_APPS: '4luaKsL2' },
    });
    const socket = connect(Number(new URL(gateway.origin).port), '127.0.0.1');
    socket.end(text);
    let reply = '';
    for await (const chunk of socket.setEncoding('utf8')) reply += chunk;
    expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(gateway.requests()).toMatchObject([{ status, clientAddress: '127.0.0.1' }]);
    await gateway.close();
  });
});
