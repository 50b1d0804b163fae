import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/domain/clock.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { type Endpoint, VendorCall } from '../../../src/itnio/call.ts';
import { createLayers } from '../../../src/itnio/client.ts';
import {
  answerBytes,
  answerHttp,
  answerJson,
  answerNothing,
  answerStatus,
  createFaultyUpstream,
  type FaultyUpstream,
} from '../../support/faulty-upstream.ts';
import { createWaiters } from '../../support/requester.ts';
import { startTurnTimer } from '../../support/turn-timer.ts';
import { underTest } from './transport-under-test.ts';

/** A sibling of sipQuery that creates something, and so must not be sent twice. */
const sipReset: Endpoint<{ account: string }, { done: boolean }> = {
  name: 'sipReset',
  path: '/sipReset',
  isRepeatable: false,
  encode: ({ account }) => JSON.stringify({ account }),
  decode: (data) => ({ done: data === 'done' }),
  appIdOf: () => 'app',
  describe: ({ account }) => ({ account }),
};

let upstream: FaultyUpstream;
let layers: ReturnType<typeof createLayers>;

beforeEach(async () => {
  const ignore = () => undefined;
  upstream = await createFaultyUpstream();
  upstream.answerAlways(answerJson({ status: '0', data: 'done' }));
  layers = createLayers({
    baseUrl: upstream.url,
    apiKey: new Secret('bDqJFiq9'),
    apiSecret: new Secret('7bz1lzh9'),
    observer: { onAttempt: ignore, onChange: ignore },
    attemptTimeoutMs: 200,
    clock: { ...systemClock, startTimer: startTurnTimer },
    transport: underTest.transport,
    random: () => 0,
    sleep: async () => {},
  });
});

afterEach(async () => {
  layers.close();
  await upstream.close();
});

const reset = () =>
  layers.layer(
    new VendorCall(
      sipReset,
      { account: 'test_001' },
      { deadlineAt: performance.now() + 5_000, waiters: createWaiters() },
    ),
  );

describe('an endpoint that is not repeatable', () => {
  it('is called by its own path and body', async () => {
    await expect(reset()).resolves.toEqual({ done: true });
    expect(upstream.requests).toEqual([
      expect.objectContaining({ line: 'POST /voice/sipReset HTTP/1.1', body: '{"account":"test_001"}' }),
    ]);
  });

  it.each([
    ['a failure that would pass', answerHttp(503, ''), 'UPSTREAM_UNAVAILABLE'],
    ['a timeout', answerNothing(), 'UPSTREAM_TIMEOUT'],
    ['a reset', answerBytes('', 'reset'), 'UPSTREAM_UNAVAILABLE'],
  ])('is not called again after %s', async (_, answer, code) => {
    await reset();
    upstream.answerNext(answer);
    await expect(reset()).rejects.toMatchObject({ code });
    expect(upstream.requests).toHaveLength(2);
  });

  it('is signed again after an expired timestamp: the vendor has done nothing yet', async () => {
    upstream.answerNext(answerStatus('-16'));
    await expect(reset()).resolves.toEqual({ done: true });
    expect(upstream.requests).toHaveLength(2);
  });
});
