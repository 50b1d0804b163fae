import { describe, expect, it } from '@jest/globals';
import { type Answer, answerJson, answerStatus, samplePage } from '../../support/faulty-upstream.ts';
import { type ClientFixture, useClients } from './client-fixture.ts';

const openClient = useClients();

const HOUR_MS = 3_600_000;
const HALF_AN_HOUR_S = 1_800;
/** What the vendor's clock shows all the time; only ours moves. */
const NOON = Date.parse('2026-03-01T12:00:00Z');
const VENDOR_DATE = { Date: 'Sun, 01 Mar 2026 12:00:00 GMT' };

/** Answers as the vendor does: a timestamp half an hour off is expired. */
function answerByTimestamp(headers: Readonly<Record<string, string>> = VENDOR_DATE): Answer {
  const refuse = answerStatus('-16', headers);
  const serve = answerJson(samplePage(), headers);
  return (socket, request) => {
    const differenceSeconds = Math.abs(Number(request.headers.timestamp) - NOON / 1000);
    (differenceSeconds > HALF_AN_HOUR_S ? refuse : serve)(socket, request);
  };
}

async function openClientWithClock() {
  const own = { time: NOON };
  const fixture = await openClient({ clock: { epochNow: () => own.time } });
  fixture.upstream.answerAlways(answerByTimestamp());
  return { ...fixture, own, countCalls: () => fixture.client.callCount };
}

const askTimes = ({ ask }: Pick<ClientFixture, 'ask'>, times: number) =>
  Promise.all(Array.from({ length: times }, () => ask()));

describe('a clock that is off', () => {
  it.each([
    ['an hour ahead', NOON + HOUR_MS],
    ['an hour behind', NOON - HOUR_MS],
  ])('by %s costs one more call, once', async (_, ownTime) => {
    const { ask, own, countCalls } = await openClientWithClock();
    own.time = ownTime;
    for (let call = 0; call < 10; call += 1) await ask();
    expect(countCalls()).toBe(11);
  });

  it('forwards, backwards and right again costs one more call each time', async () => {
    const { ask, own, countCalls, logLines } = await openClientWithClock();
    const callsByStep: number[] = [];
    for (const ownTime of [NOON, NOON + HOUR_MS, NOON - HOUR_MS, NOON]) {
      own.time = ownTime;
      const before = countCalls();
      await ask();
      await ask();
      callsByStep.push(countCalls() - before);
    }
    expect(callsByStep).toEqual([2, 3, 3, 3]);
    expect(logLines.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
      "The gateway's clock is off; calls are signed with the vendor's.",
      "The gateway's clock is off; calls are signed with the vendor's.",
      'The clocks of gateway and vendor agree again.',
    ]);
  });

  it('fails none of fifty calls that meet it at once, and costs each one more at most', async () => {
    const fixture = await openClientWithClock();
    fixture.own.time = NOON + HOUR_MS;
    await expect(askTimes(fixture, 50)).resolves.toHaveLength(50);
    expect(fixture.countCalls()).toBeLessThanOrEqual(100);
    expect(fixture.logLines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('fails none of fifty calls that meet it when it is set right', async () => {
    const fixture = await openClientWithClock();
    fixture.own.time = NOON - HOUR_MS;
    await fixture.ask();
    fixture.own.time = NOON;
    const before = fixture.countCalls();
    await expect(askTimes(fixture, 50)).resolves.toHaveLength(50);
    expect(fixture.countCalls() - before).toBeLessThanOrEqual(100);
  });

  it('is healed without a retry, so that one is left for another fault', async () => {
    const { ask, own, upstream, waits } = await openClientWithClock();
    own.time = NOON + HOUR_MS;
    upstream.answerNext(answerByTimestamp(), answerStatus('-18'));
    await expect(ask()).resolves.toMatchObject({ total: 5 });
    expect(waits).toEqual([50]);
  });

  it('by half a minute is not even noticed', async () => {
    const { ask, own, countCalls } = await openClientWithClock();
    own.time = NOON + 30_000;
    await ask();
    expect(countCalls()).toBe(1);
  });
});

describe('a timestamp that stays refused', () => {
  it('is UPSTREAM_MISCONFIGURED after it was signed again once', async () => {
    const { askInVain, upstream, countCalls } = await openClientWithClock();
    upstream.answerAlways(answerStatus('-16', VENDOR_DATE));
    expect(await askInVain()).toMatchObject({ code: 'UPSTREAM_MISCONFIGURED' });
    expect(countCalls()).toBe(2);
  });

  it('is served again as soon as the vendor accepts it', async () => {
    const { ask, askInVain, upstream } = await openClientWithClock();
    upstream.answerAlways(answerStatus('-16', VENDOR_DATE));
    await askInVain();
    upstream.answerAlways(answerByTimestamp());
    await expect(ask()).resolves.toMatchObject({ total: 5 });
  });

  it.each([
    ['no Date', { Date: '' }],
    ['a Date that is none', { Date: 'yesterday' }],
    ['a Date that a cache has kept', { ...VENDOR_DATE, Age: '7200' }],
  ])('is UPSTREAM_MISCONFIGURED at once beside %s', async (_, headers) => {
    const { askInVain, own, upstream, countCalls } = await openClientWithClock();
    own.time = NOON + HOUR_MS;
    upstream.answerAlways(answerByTimestamp(headers));
    expect(await askInVain()).toMatchObject({ code: 'UPSTREAM_MISCONFIGURED' });
    expect(countCalls()).toBe(1);
  });
});
