import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import {
  answerHttp,
  answerJson,
  answerStatus,
  encodeResponse,
  samplePage,
} from '../../support/faulty-upstream.ts';
import { useClients } from './client-fixture.ts';

const openClient = useClients();

describe('a 429', () => {
  it('is asked about again after its Retry-After, when the deadline allows', async () => {
    const { ask, client, upstream, waits } = await openClient();
    upstream.answerNext(answerHttp(429, '', { 'Retry-After': '2' }));
    await expect(ask()).resolves.toMatchObject({ total: 5 });
    expect(client.callCount).toBe(2);
    expect(waits).toEqual([2_050]);
  });

  it('reads a Retry-After that is a date by the date of its answer', async () => {
    const { ask, upstream, waits } = await openClient();
    const dates = { Date: 'Sun, 01 Mar 2026 12:00:00 GMT', 'Retry-After': 'Sun, 01 Mar 2026 12:00:03 GMT' };
    upstream.answerNext(answerHttp(429, '', dates));
    await ask();
    expect(waits).toEqual([3_050]);
  });

  it('fails at once when its Retry-After is beyond the deadline, and says how long to wait', async () => {
    const { askInVain, client, isIn, upstream, waits } = await openClient();
    upstream.answerAlways(answerHttp(429, '', { 'Retry-After': '30' }));
    expect(await askInVain(isIn(10_000))).toMatchObject({
      code: 'UPSTREAM_RATE_LIMITED',
      retryAfterMs: 30_000,
    });
    expect(client.callCount).toBe(1);
    expect(waits).toEqual([]);
  });

  it('is not asked about again when it names no time', async () => {
    const { askInVain, client, upstream } = await openClient();
    upstream.answerAlways(answerHttp(429, ''));
    expect(await askInVain()).toMatchObject({ code: 'UPSTREAM_RATE_LIMITED', retryAfterMs: 1_000 });
    expect(client.callCount).toBe(1);
  });

  it('keeps the calls after it from the vendor until its time is over', async () => {
    const { askInVain, client, isIn, upstream } = await openClient();
    upstream.answerNext(answerHttp(429, '', { 'Retry-After': '30' }));
    await askInVain(isIn(10_000));
    expect(await askInVain(isIn(10_000))).toMatchObject({
      code: 'UPSTREAM_RATE_LIMITED',
      retryAfterMs: expect.any(Number),
    });
    expect(client.callCount).toBe(1);
  });

  it('lets a call wait that has the time', async () => {
    const { ask, askInVain, client, isIn, upstream, waits } = await openClient();
    upstream.answerNext(answerHttp(429, '', { 'Retry-After': '30' }));
    await askInVain(isIn(10_000));
    await expect(ask(isIn(60_000))).resolves.toMatchObject({ total: 5 });
    expect(waits).toHaveLength(1);
    expect(client.callCount).toBe(2);
  });

  it('lets no call wait that would have less than 300 ms left', async () => {
    const { askInVain, client, isIn, upstream, waits } = await openClient();
    upstream.answerNext(answerHttp(429, '', { 'Retry-After': '30' }));
    await askInVain(isIn(10_000));
    expect(await askInVain(isIn(30_200))).toMatchObject({ code: 'UPSTREAM_RATE_LIMITED' });
    expect(client.callCount).toBe(1);
    expect(waits).toEqual([]);
  });

  it('keeps those calls back, too, that waited for a connection when it came', async () => {
    const { ask, askInVain, client, isIn, upstream, waits } = await openClient();
    const waiting: Socket[] = [];
    upstream.answerAlways((socket) => waiting.push(socket));
    const refused = askInVain(isIn(10_000));
    const others = Promise.all(Array.from({ length: 20 }, () => ask()));
    while (waiting.length < 20) await new Promise(setImmediate);
    const [first, ...rest] = waiting;
    upstream.answerAlways(answerJson(samplePage()));
    first?.write(encodeResponse(429, '', { 'Retry-After': '12' }));
    expect(await refused).toMatchObject({ code: 'UPSTREAM_RATE_LIMITED' });
    for (const socket of rest) socket.write(encodeResponse(200, JSON.stringify(samplePage())));
    await others;
    expect(waits).toHaveLength(1);
    expect(client.callCount).toBe(21);
  });

  it('keeps no call back when it names no time', async () => {
    const { ask, askInVain, upstream, waits } = await openClient();
    upstream.answerNext(answerHttp(429, ''));
    await askInVain();
    await expect(ask()).resolves.toMatchObject({ total: 5 });
    expect(waits).toEqual([]);
  });

  it('holds calls for a minute at most', async () => {
    const { askInVain, isIn, upstream } = await openClient();
    upstream.answerNext(answerHttp(429, '', { 'Retry-After': '86400' }));
    expect(await askInVain(isIn(10_000))).toMatchObject({ retryAfterMs: 60_000 });
  });
});

describe('a 503 with Retry-After', () => {
  it('is asked about again after it', async () => {
    const { ask, upstream, waits } = await openClient();
    upstream.answerNext(answerHttp(503, '', { 'Retry-After': '1' }));
    await ask();
    expect(waits).toEqual([1_050]);
  });

  it('fails at once when that is beyond the deadline', async () => {
    const { askInVain, client, isIn, upstream } = await openClient();
    upstream.answerAlways(answerHttp(503, '', { 'Retry-After': '30' }));
    expect(await askInVain(isIn(10_000))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retryAfterMs: 30_000,
    });
    expect(client.callCount).toBe(1);
  });
});

describe('the status -15', () => {
  it('is asked about again after half a second', async () => {
    const { ask, client, upstream, waits } = await openClient();
    upstream.answerNext(answerStatus('-15'));
    await expect(ask()).resolves.toMatchObject({ total: 5 });
    expect(client.callCount).toBe(2);
    expect(waits).toEqual([550]);
  });
});
