import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { encodeResponse, samplePage } from '../../support/faulty-upstream.ts';
import { createManualTimers } from '../../support/manual-timers.ts';
import { useClients } from './client-fixture.ts';

const openClient = useClients();

const PAGE = encodeResponse(200, JSON.stringify(samplePage()));

describe('createItnioClient', () => {
  it('asks as the vendor documents it', async () => {
    const { ask, upstream } = await openClient({ clock: { epochNow: () => 1630468800_999 } });
    await ask();
    expect(upstream.requests).toEqual([
      {
        line: 'POST /voice/sipQuery HTTP/1.1',
        headers: expect.objectContaining({
          'content-type': 'application/json;charset=UTF-8',
          'content-length': '53',
          'api-key': 'bDqJFiq9',
          timestamp: '1630468800',
          sign: '05d7a50893e22a5c4bb3216ae3396c7c',
        }),
        body: '{"current":1,"size":20,"params":{"appId":"4luaKsL2"}}',
      },
    ]);
  });

  it("reads the vendor's sample answer with one call", async () => {
    const { ask, client } = await openClient();
    const page = await ask();
    expect(page.phones).toEqual([
      {
        appId: '4luaKsL2',
        account: 'test_001',
        phoneName: 'sip-1',
        groupName: 'sipGroup',
        displayNum: '861000000',
      },
    ]);
    expect(client.callCount).toBe(1);
  });

  it('accepts a base URL that ends in a slash', async () => {
    const { upstream, ask } = await openClient();
    const other = await openClient({ baseUrl: `${upstream.url}/` });
    await other.ask();
    await ask();
    expect(upstream.requests.map(({ line }) => line)).toEqual([
      'POST /voice/sipQuery HTTP/1.1',
      'POST /voice/sipQuery HTTP/1.1',
    ]);
  });

  it('asks a hundred times over one connection', async () => {
    const { ask, upstream } = await openClient();
    for (let call = 0; call < 100; call += 1) await ask();
    expect(upstream.requests).toHaveLength(100);
    expect(upstream.connectionCount).toBe(1);
  });

  it('opens at most twenty connections, and answers all who wait for one', async () => {
    const { ask, upstream } = await openClient();
    await Promise.all(Array.from({ length: 100 }, () => ask()));
    expect(upstream.requests).toHaveLength(100);
    expect(upstream.connectionCount).toBe(20);
  });

  it('neither signs nor counts nor times a call that waits for a connection', async () => {
    const time = { now: 1630468800_000 };
    const timers = createManualTimers();
    const { ask, client, upstream } = await openClient({
      clock: { epochNow: () => time.now, startTimer: timers.startTimer },
    });
    const waiting: (() => void)[] = [];
    upstream.answerAlways((socket) => waiting.push(() => socket.write(PAGE)));
    const asked = Promise.all(Array.from({ length: 21 }, () => ask()));
    while (waiting.length < 20) await new Promise(setImmediate);
    expect(client.callCount).toBe(20);
    expect(timers.pendingMs.filter((ms) => ms === 40_000)).toHaveLength(20);

    time.now += 1_000;
    for (const answer of waiting.splice(0)) answer();
    while (waiting.length < 1) await new Promise(setImmediate);
    for (const answer of waiting) answer();
    await asked;
    expect(client.callCount).toBe(21);
    expect(upstream.requests.at(-1)?.headers.timestamp).toBe('1630468801');
  });

  it('gives each of three hundred calls at once the whole time of an attempt', async () => {
    const { ask, client, upstream } = await openClient({ attemptTimeoutMs: 1_000 });
    upstream.answerAlways((socket) => void setTimeout(() => socket.write(PAGE), 100));
    await expect(Promise.all(Array.from({ length: 300 }, () => ask()))).resolves.toHaveLength(300);
    expect(client.callCount).toBe(300);
  });

  it('signs every call of another second anew', async () => {
    let time = 1630468800_000;
    const { ask, upstream } = await openClient({ clock: { epochNow: () => time } });
    for (time of [1630468800_000, 1630468801_000, 1630468802_500]) await ask();
    const signatureOf = (timestamp: string) =>
      createHash('md5').update(`bDqJFiq97bz1lzh9${timestamp}`).digest('hex');
    expect(upstream.requests.map(({ headers: { timestamp, sign } }) => [timestamp, sign])).toEqual([
      ['1630468800', signatureOf('1630468800')],
      ['1630468801', signatureOf('1630468801')],
      ['1630468802', signatureOf('1630468802')],
    ]);
  });

  it('logs every call with what was asked and how it went', async () => {
    const { ask, logLines } = await openClient();
    await ask();
    expect(logLines).toEqual([
      {
        level: 'debug',
        message: 'Vendor call.',
        evidence: {
          endpoint: 'sipQuery',
          appId: '4luaKsL2',
          current: 1,
          size: 20,
          outcome: 'OK',
          durationMs: expect.any(Number),
          waitedMs: 0,
          requestId: 'test',
        },
      },
    ]);
  });

  it('closes idle connections and leaves a call in flight alone', async () => {
    const { ask, client, upstream } = await openClient();
    let answer = () => {};
    const received = new Promise<void>((resolve) => {
      upstream.answerNext(
        (socket) => {
          answer = () => void socket.write(PAGE);
          resolve();
        },
        (socket) => void socket.write(PAGE),
      );
    });
    const inFlight = ask();
    await received;
    await ask();
    const closed = upstream.nextClose();
    client.close();
    await closed;
    expect(upstream.openCount).toBe(1);
    answer();
    await expect(inFlight).resolves.toMatchObject({ total: 5 });
  });
});
