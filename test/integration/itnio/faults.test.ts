import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import {
  type Answer,
  answerBytes,
  answerHttp,
  answerJson,
  answerNothing,
  answerStatus,
  answerTrickle,
  encodeResponse,
  samplePage,
} from '../../support/faulty-upstream.ts';
import { createManualTimers } from '../../support/manual-timers.ts';
import { startTurnTimer } from '../../support/turn-timer.ts';
import { createUntrustedServer } from '../../support/untrusted-server.ts';
import { useClients } from './client-fixture.ts';
import { underTest } from './transport-under-test.ts';

const openClient = useClients();

const WHOLE = encodeResponse(200, JSON.stringify(samplePage()));
const CHUNKED = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';

function endless(status: number): string {
  return `HTTP/1.1 ${status} Any\r\nContent-Length: 1000000\r\n\r\n`;
}

function answerPage(changes: object): Answer {
  const page = samplePage();
  return answerJson({ ...page, data: { ...page.data, ...changes } });
}

/** Faults that may pass: the call is sent once more. */
const PASSING: readonly (readonly [fault: string, answer: Answer, code: string])[] = [
  ['a reset before the headers', answerBytes('', 'reset'), 'UPSTREAM_UNAVAILABLE'],
  ['an end before the headers', answerBytes('', 'end'), 'UPSTREAM_UNAVAILABLE'],
  ['an end within the headers', answerBytes('HTTP/1.1 200 OK\r\nConte', 'end'), 'UPSTREAM_UNAVAILABLE'],
  ['a reset in the body', answerBytes(WHOLE.subarray(0, -20), 'reset'), 'UPSTREAM_UNAVAILABLE'],
  ['a body shorter than its length', answerBytes(WHOLE.subarray(0, -1), 'end'), 'UPSTREAM_UNAVAILABLE'],
  ['chunks without the last one', answerBytes(`${CHUNKED}5\r\n{"sta\r\n`, 'end'), 'UPSTREAM_UNAVAILABLE'],
  [
    'chunks that are whole JSON, without the last one',
    answerBytes(`${CHUNKED}e\r\n{"status":"0"}\r\n`, 'end'),
    'UPSTREAM_UNAVAILABLE',
  ],
  ['HTTP 408', answerHttp(408, ''), 'UPSTREAM_UNAVAILABLE'],
  ['HTTP 500', answerHttp(500, 'oops'), 'UPSTREAM_UNAVAILABLE'],
  ['HTTP 500 with a good page', answerHttp(500, JSON.stringify(samplePage())), 'UPSTREAM_UNAVAILABLE'],
  ['HTTP 502', answerHttp(502, '<html>'), 'UPSTREAM_UNAVAILABLE'],
  ['HTTP 503', answerHttp(503, ''), 'UPSTREAM_UNAVAILABLE'],
  ['HTTP 504', answerHttp(504, ''), 'UPSTREAM_UNAVAILABLE'],
  ['HTTP 503 with a body that never ends', answerBytes(`${endless(503)}{`, 'hang'), 'UPSTREAM_UNAVAILABLE'],
  ['status -18', answerStatus('-18'), 'UPSTREAM_UNAVAILABLE'],
  ['status -15', answerStatus('-15'), 'UPSTREAM_RATE_LIMITED'],
  ['HTML', answerHttp(200, '<html>', { 'Content-Type': 'text/html' }), 'UPSTREAM_BAD_RESPONSE'],
  ['an empty body', answerHttp(200, ''), 'UPSTREAM_BAD_RESPONSE'],
  ['HTTP 204', answerHttp(204, '', { 'Content-Length': '' }), 'UPSTREAM_BAD_RESPONSE'],
  [
    'JSON cut short, of a length nobody named',
    answerBytes('HTTP/1.1 200 OK\r\n\r\n{"sta', 'end'),
    'UPSTREAM_BAD_RESPONSE',
  ],
  ['JSON null', answerHttp(200, 'null'), 'UPSTREAM_BAD_RESPONSE'],
  ['a JSON list', answerHttp(200, '[]'), 'UPSTREAM_BAD_RESPONSE'],
  ['invalid UTF-8', answerHttp(200, Buffer.from([0x22, 0xff, 0x22])), 'UPSTREAM_BAD_RESPONSE'],
  ['gzip that is none', answerHttp(200, '{}', { 'Content-Encoding': 'gzip' }), 'UPSTREAM_BAD_RESPONSE'],
  ['what is no HTTP', answerBytes('SSH-2.0-OpenSSH_9.2\r\n', 'hang'), 'UPSTREAM_BAD_RESPONSE'],
  ['records null beside a total', answerPage({ records: null }), 'UPSTREAM_BAD_RESPONSE'],
];

/** Faults that stay, or would only get worse: the call is not sent again. */
const STAYING: (readonly [fault: string, answer: Answer, code: string])[] = [
  ['HTTP 400', answerHttp(400, '{}'), 'UPSTREAM_BAD_RESPONSE'],
  ['HTTP 401', answerHttp(401, ''), 'UPSTREAM_MISCONFIGURED'],
  ['HTTP 403', answerHttp(403, ''), 'UPSTREAM_MISCONFIGURED'],
  ['HTTP 404', answerHttp(404, ''), 'UPSTREAM_MISCONFIGURED'],
  ['HTTP 429', answerHttp(429, ''), 'UPSTREAM_RATE_LIMITED'],
  ['HTTP 404 with a body that never ends', answerBytes(`${endless(404)}{`, 'hang'), 'UPSTREAM_MISCONFIGURED'],
  ['HTTP 429 with a body that never begins', answerBytes(endless(429), 'hang'), 'UPSTREAM_RATE_LIMITED'],
  ['HTTP 301', answerHttp(301, '', { Location: '/elsewhere' }), 'UPSTREAM_BAD_RESPONSE'],
  ['HTTP 307', answerHttp(307, '', { Location: 'http://127.0.0.1:1/' }), 'UPSTREAM_BAD_RESPONSE'],
  ['HTTP 308 to nowhere', answerHttp(308, '', { Location: 'http://[' }), 'UPSTREAM_BAD_RESPONSE'],
  ['HTTP 302 without a place', answerHttp(302, ''), 'UPSTREAM_BAD_RESPONSE'],
  ['status -1', answerStatus('-1'), 'UPSTREAM_MISCONFIGURED'],
  ['status -2', answerStatus('-2'), 'UPSTREAM_MISCONFIGURED'],
  ['status -22', answerStatus('-22'), 'UPSTREAM_REJECTED'],
  [
    'HTTP 101 that names no protocol',
    answerBytes('HTTP/1.1 101 Any\r\n\r\n', 'hang'),
    'UPSTREAM_BAD_RESPONSE',
  ],
  ['an unknown status', answerStatus('-99'), 'UPSTREAM_BAD_RESPONSE'],
  [
    'an unknown status beside a good page',
    answerJson({ ...samplePage(), status: '1' }),
    'UPSTREAM_BAD_RESPONSE',
  ],
  ['status 0 without data', answerStatus('0'), 'UPSTREAM_BAD_RESPONSE'],
  ['status 0 with data null', answerJson({ status: '0', data: null }), 'UPSTREAM_BAD_RESPONSE'],
  ['a record without account', answerPage({ records: [{ phoneName: 'x' }] }), 'UPSTREAM_BAD_RESPONSE'],
  ['a total of the wrong type', answerPage({ total: true }), 'UPSTREAM_BAD_RESPONSE'],
  ['more than 5 MB', answerHttp(200, ' '.repeat(5_242_881)), 'UPSTREAM_BAD_RESPONSE'],
  [
    'more than 5 MB, packed',
    answerHttp(200, gzipSync(Buffer.alloc(100_000_000)), { 'Content-Encoding': 'gzip' }),
    'UPSTREAM_BAD_RESPONSE',
  ],
];

// undici does not tell a change of protocol from a connection that breaks.
if (underTest.transport === 'node-fetch')
  STAYING.push([
    'HTTP 101',
    answerBytes('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', 'hang'),
    'UPSTREAM_BAD_RESPONSE',
  ]);

/** Faults that a client only notices because time passes. */
const HANGING: readonly (readonly [fault: string, answer: Answer])[] = [
  ['no headers', answerNothing()],
  ['half the headers', answerBytes('HTTP/1.1 200 OK\r\nConte', 'hang')],
  ['no body', answerBytes(`HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n`, 'hang')],
  ['half the body', answerBytes(WHOLE.subarray(0, -20), 'hang')],
  ['chunks without the last one', answerBytes(`${CHUNKED}e\r\n{"status":"0"}\r\n`, 'hang')],
  ['a trickle', answerTrickle(10)],
];

describe('a fault that may pass', () => {
  describe.each(PASSING)('%s', (_, answer, code) => {
    it('is not seen when it happens once', async () => {
      const { ask, client, upstream } = await openClient();
      upstream.answerNext(answer);
      await expect(ask()).resolves.toMatchObject({ total: 5 });
      expect(client.callCount).toBe(2);
    });

    it(`is ${code} after a second call`, async () => {
      const { askInVain, client, upstream } = await openClient();
      upstream.answerAlways(answer);
      expect(await askInVain()).toMatchObject({ code });
      expect(client.callCount).toBe(2);
    });
  });

  it('is followed by a random wait of up to 100 ms', async () => {
    const { ask, upstream, waits } = await openClient({ random: () => 0.73 });
    upstream.answerNext(answerHttp(500, ''));
    await ask();
    expect(waits).toEqual([73]);
  });

  it('is asked about no more once it has come twenty times in a row', async () => {
    const { askInVain, client, upstream } = await openClient();
    upstream.answerAlways(answerHttp(500, ''));
    for (let call = 0; call < 100; call += 1) await askInVain();
    expect(await askInVain()).toMatchObject({ code: 'UPSTREAM_CIRCUIT_OPEN' });
    expect(client.callCount).toBe(20);
  });
});

describe('a fault that stays', () => {
  it.each(STAYING)('%s is one call and a coded error', async (_, answer, code) => {
    const { askInVain, client, upstream } = await openClient();
    upstream.answerAlways(answer);
    expect(await askInVain()).toMatchObject({ code });
    expect(client.callCount).toBe(1);
  });

  it('is no redirect that is followed', async () => {
    const elsewhere = await openClient();
    const { askInVain, upstream } = await openClient();
    upstream.answerAlways(answerHttp(307, '', { Location: elsewhere.upstream.url }));
    await askInVain();
    expect(elsewhere.upstream.requests).toEqual([]);
  });
});

describe('an upstream that hangs', () => {
  it.each(HANGING)('after %s is not seen when it happens once', async (_, answer) => {
    const timers = createManualTimers();
    const { ask, client, upstream } = await openClient({ clock: { startTimer: timers.startTimer } });
    upstream.answerNext(answer);
    const asked = ask();
    while (upstream.requests.length === 0) await new Promise(setImmediate);
    timers.ringFirst();
    await expect(asked).resolves.toMatchObject({ total: 5 });
    expect(client.callCount).toBe(2);
  });

  it.each(HANGING)('after %s is UPSTREAM_TIMEOUT after a second call', async (_, answer) => {
    const { askInVain, client, upstream } = await openClient({ attemptTimeoutMs: 60 });
    upstream.answerAlways(answer);
    expect(await askInVain()).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(client.callCount).toBe(2);
  });

  it('in its TLS handshake is UPSTREAM_TIMEOUT', async () => {
    const { upstream } = await openClient();
    const baseUrl = upstream.url.replace('http:', 'https:');
    const { askInVain, client } = await openClient({ baseUrl, attemptTimeoutMs: 60 });
    expect(await askInVain()).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(client.callCount).toBe(2);
  });
});

describe('an upstream that cannot be reached', () => {
  it('is UPSTREAM_UNAVAILABLE when it refuses connections', async () => {
    const { upstream, client, askInVain } = await openClient();
    await upstream.close();
    expect(await askInVain()).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', fault: 'ECONNREFUSED' });
    expect(client.callCount).toBe(2);
  });

  it('is UPSTREAM_UNAVAILABLE when its name is unknown', async () => {
    const { client, askInVain } = await openClient({ baseUrl: 'http://upstream.invalid/voice' });
    expect(await askInVain()).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(client.callCount).toBe(2);
  });

  it('is UPSTREAM_MISCONFIGURED, after one call, when its certificate cannot be verified', async () => {
    const server = await createUntrustedServer();
    const { client, askInVain } = await openClient({ baseUrl: server.url });
    expect(await askInVain()).toMatchObject({
      code: 'UPSTREAM_MISCONFIGURED',
      fault: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'),
    });
    expect(client.callCount).toBe(1);
    expect(server.requestCount).toBe(0);
    await server.close();
  });
});

describe('an upstream that speaks plain HTTP behind an https address', () => {
  it('is UPSTREAM_MISCONFIGURED after one call', async () => {
    const server = createServer((_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { client, askInVain } = await openClient({ baseUrl: `https://127.0.0.1:${port}/voice` });
    const error = await askInVain();
    await new Promise((resolve) => server.close(resolve));
    expect(error).toMatchObject({
      code: 'UPSTREAM_MISCONFIGURED',
      fault: expect.stringMatching(/EPROTO|ERR_SSL/),
    });
    expect(client.callCount).toBe(1);
  });
});

describe('NODE_TLS_REJECT_UNAUTHORIZED=0', () => {
  /** Asks from a process of its own, since Node reads the variable from there. */
  async function askFromProcess(baseUrl: string): Promise<string> {
    const source = new URL('../../../src/', import.meta.url);
    const script = `
      import { Waiters } from '${source}domain/requester.ts';
      import { Secret } from '${source}domain/secret.ts';
      import { createItnioClient } from '${source}itnio/client.ts';
      const ignore = () => undefined;
      const client = createItnioClient({
        baseUrl: '${baseUrl}',
        apiKey: new Secret('bDqJFiq9'),
        apiSecret: new Secret('7bz1lzh9'),
        observer: { onAttempt: ignore, onChange: ignore },
        transport: '${underTest.transport}',
      });
      const waiters = new Waiters({ share: '', mostOfSlots: 1, requestId: '', allowance: undefined, hasCalled: true });
      const query = { appId: '4luaKsL2', current: 1, size: 20 };
      const outcome = await client
        .sipQuery(query, { deadlineAt: performance.now() + 60_000, waiters })
        .then(() => 'answered', (error) => error.code);
      console.log(outcome);
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      {
        cwd: new URL('../../..', import.meta.url),
        env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      },
    );
    return stdout.trim();
  }

  it('lets no call out to an upstream whose certificate cannot be verified', async () => {
    const server = await createUntrustedServer();
    const outcome = await askFromProcess(server.url);
    await server.close();
    expect(outcome).toBe('UPSTREAM_MISCONFIGURED');
    expect(server.requestCount).toBe(0);
  }, 30_000);
});

describe('a kept connection that had died', () => {
  it.each([
    ['reset', answerBytes('', 'reset')],
    ['closed', answerBytes('', 'end')],
  ])('by being %s costs a call, but no retry and no wait', async (_, answer) => {
    const { ask, client, upstream, waits } = await openClient();
    await ask();
    upstream.answerNext(answer);
    await ask();
    expect(client.callCount).toBe(3);
    expect(waits).toEqual([]);
    expect(upstream.connectionCount).toBe(2);
  });

  it('is not followed by another that is as old', async () => {
    const { ask, upstream } = await openClient();
    await Promise.all([ask(), ask(), ask()]);
    upstream.answerNext(answerBytes('', 'reset'));
    await ask();
    expect(upstream.connectionCount).toBe(4);
  });

  it('leaves the retry for what comes after', async () => {
    const { ask, client, upstream } = await openClient();
    await ask();
    upstream.answerNext(answerBytes('', 'reset'), answerHttp(500, ''));
    await expect(ask()).resolves.toMatchObject({ total: 5 });
    expect(client.callCount).toBe(4);
  });

  it('is told from a new one that is reset', async () => {
    const { ask, upstream, waits } = await openClient();
    upstream.answerNext(answerBytes('', 'reset'));
    await ask();
    expect(waits).toEqual([50]);
  });

  it('is told from one that breaks within an answer', async () => {
    const { ask, upstream, waits } = await openClient();
    await ask();
    upstream.answerNext(answerBytes('HTTP/1.1 200', 'reset'));
    await ask();
    expect(waits).toEqual([50]);
  });
});

describe('a quirk that is none', () => {
  const text = JSON.stringify(samplePage());
  it.each([
    ['a numeric status', answerJson({ ...samplePage(), status: 0 })],
    ['counts as strings', answerPage({ total: '5', size: '20', current: '1', pages: '1' })],
    ['a byte order mark', answerHttp(200, `\ufeff${text}`)],
    ['text/plain', answerHttp(200, text, { 'Content-Type': 'text/plain' })],
    ['no content type', answerHttp(200, text, { 'Content-Type': '' })],
    ['a cookie', answerHttp(200, text, { 'Set-Cookie': 'JSESSIONID=1' })],
    ['gzip', answerHttp(200, gzipSync(text), { 'Content-Encoding': 'gzip' })],
    [
      'chunks',
      answerBytes(`${CHUNKED}${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n0\r\n\r\n`, 'hang'),
    ],
    ['a body that ends with its connection', answerBytes(`HTTP/1.1 200 OK\r\n\r\n${text}`, 'end')],
    ['5 MB', answerHttp(200, text + ' '.repeat(5_242_880 - text.length))],
  ])('%s is accepted', async (_, answer) => {
    const { ask, client, upstream } = await openClient();
    upstream.answerAlways(answer);
    await expect(ask()).resolves.toMatchObject({ total: 5, phones: [{ account: 'test_001' }] });
    expect(client.callCount).toBe(1);
  });

  it('is a cookie, which is not sent back', async () => {
    const { ask, upstream } = await openClient();
    upstream.answerAlways(answerHttp(200, text, { 'Set-Cookie': 'JSESSIONID=1' }));
    await ask();
    await ask();
    expect(upstream.requests.map(({ headers }) => 'cookie' in headers)).toEqual([false, false]);
  });
});

describe('a connection', () => {
  it('is not lost to any of these faults: twenty calls still travel at once', async () => {
    const attempt = { turns: 60 };
    const { ask, client, passTime, upstream } = await openClient({
      clock: { startTimer: (onTime) => startTurnTimer(onTime, attempt.turns) },
    });
    const faults = [...PASSING, ...STAYING, ...HANGING].map(([, answer]) => answer);
    // Good answers beside each, or the breaker would keep most of them from being met.
    const good = answerJson(samplePage());
    const answers = [...faults, ...faults].flatMap((fault) => [fault, good, good]);
    upstream.answerNext(...answers);
    while (client.callCount < answers.length) {
      await Promise.allSettled(Array.from({ length: 20 }, () => ask()));
      // What failed in this round is forgotten in the next.
      passTime(11_000);
      await new Promise(setImmediate);
    }

    attempt.turns = 40_000;
    const waiting: (() => void)[] = [];
    upstream.answerAlways((socket) => {
      waiting.push(() => socket.write(WHOLE));
      if (waiting.length === 20) for (const answer of waiting) answer();
    });
    await expect(Promise.all(Array.from({ length: 20 }, () => ask()))).resolves.toHaveLength(20);
    expect(upstream.openCount).toBe(20);
  });

  it('is kept after a failure that was read to its end', async () => {
    const { askInVain, upstream } = await openClient();
    upstream.answerAlways(answerHttp(404, 'n'.repeat(65_536)));
    for (let call = 0; call < 10; call += 1) await askInVain();
    expect(upstream.connectionCount).toBe(1);
  });

  it('is not kept for the price of a longer failure', async () => {
    const { startTimer: neverRing } = createManualTimers();
    const { askInVain, upstream } = await openClient({ clock: { startTimer: neverRing } });
    upstream.answerAlways(answerBytes(endless(403) + 'n'.repeat(65_537), 'hang'));
    const closed = upstream.nextClose();
    expect(await askInVain()).toMatchObject({ code: 'UPSTREAM_MISCONFIGURED' });
    await closed;
    expect(upstream.openCount).toBe(0);
  });

  it('is not kept for the price of a failure that takes longer than 100 ms', async () => {
    const { askInVain, upstream } = await openClient();
    upstream.answerAlways(answerBytes(endless(403), 'hang'));
    const closed = upstream.nextClose();
    expect(await askInVain()).toMatchObject({ code: 'UPSTREAM_MISCONFIGURED' });
    await closed;
    expect(upstream.openCount).toBe(0);
  });

  it('is destroyed with an answer that is too large', async () => {
    const { askInVain, upstream } = await openClient();
    upstream.answerAlways(answerBytes(`${CHUNKED}600000\r\n${' '.repeat(0x600000)}`, 'hang'));
    const closed = upstream.nextClose();
    await askInVain();
    await closed;
    expect(upstream.openCount).toBe(0);
  });
});
