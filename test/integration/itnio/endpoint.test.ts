import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../../../src/domain/secret.ts';
import type { Call } from '../../../src/itnio/call.ts';
import { createVendorClock } from '../../../src/itnio/clock.ts';
import type { Endpoint } from '../../../src/itnio/endpoint.ts';
import { createExchange, type Exchange } from '../../../src/itnio/exchange.ts';
import { createRetryBudget } from '../../../src/itnio/retry-budget.ts';
import { createRetryingCall } from '../../../src/itnio/retrying-call.ts';
import { createSigner } from '../../../src/itnio/signature.ts';
import { createSignedCall } from '../../../src/itnio/signed-call.ts';
import { startTimer } from '../../../src/itnio/timer.ts';
import {
  answerBytes,
  answerHttp,
  answerJson,
  answerNothing,
  answerStatus,
  createFaultyUpstream,
  type FaultyUpstream,
} from '../../support/faulty-upstream.ts';

/** A sibling of sipQuery that creates something, and so must not be sent twice. */
const sipReset: Endpoint<{ account: string }, { done: boolean }> = {
  name: 'sipReset',
  path: '/sipReset',
  isRepeatable: false,
  encode: ({ account }) => JSON.stringify({ account }),
  decode: (data) => ({ done: data === 'done' }),
  describe: ({ account }) => ({ account }),
};

let upstream: FaultyUpstream;
let exchange: Exchange;
let call: Call;

beforeEach(async () => {
  const ignore = () => undefined;
  const now = () => performance.now();
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  upstream = await createFaultyUpstream();
  upstream.answerAlways(answerJson({ status: '0', data: 'done' }));
  exchange = createExchange({ baseUrl: upstream.url, attemptTimeoutMs: 200, now, startTimer });
  const signer = createSigner(new Secret('bDqJFiq9'), new Secret('7bz1lzh9'));
  const clock = createVendorClock({ now: Date.now, log });
  const signedCall = createSignedCall({ exchange, signer, clock, log });
  call = createRetryingCall(signedCall, {
    budget: createRetryBudget(),
    now,
    random: () => 0,
    sleep: async () => {},
  });
});

afterEach(async () => {
  exchange.closeIdle();
  await upstream.close();
});

const reset = () => call(sipReset, { account: 'test_001' }, { deadlineAt: performance.now() + 5_000 });

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
