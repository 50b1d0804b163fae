import { afterEach } from '@jest/globals';
import type { Bounds } from '../../../src/domain/bounds.ts';
import { type BackgroundClock, systemClock } from '../../../src/domain/clock.ts';
import { Secret } from '../../../src/domain/secret.ts';
import type { CallOptions } from '../../../src/itnio/call.ts';
import { createItnioClient, type ItnioClientOptions } from '../../../src/itnio/client.ts';
import { createVendorLog, type VendorChange } from '../../../src/itnio/events.ts';
import type { ItnioClient, SipPage } from '../../../src/itnio/sip-page.ts';
import { createFaultyUpstream, type FaultyUpstream } from '../../support/faulty-upstream.ts';
import { createWaiters } from '../../support/requester.ts';
import { startTurnTimer } from '../../support/turn-timer.ts';
import { underTest } from './transport-under-test.ts';

/** What a test has at hand: a client, the upstream that it asks, and what came out beside the answers. */
export interface ClientFixture {
  readonly upstream: FaultyUpstream;
  readonly client: ItnioClient;
  /** Asks for the first page of 20, with a minute to go unless told otherwise. */
  ask(options?: Partial<CallOptions>): Promise<SipPage>;
  /** Asks and expects a rejection, which it returns. */
  askInVain(options?: Partial<CallOptions>): Promise<unknown>;
  /** Waits that the client asked for, in milliseconds. None was waited for: the client's clock was put forward. */
  readonly waits: readonly number[];
  /** A deadline so many milliseconds from now, on the client's clock. */
  isIn(ms: number): Pick<Bounds, 'deadlineAt'>;
  /** Puts the client's clock forward. */
  passTime(ms: number): void;
  /** Changes of state so far. */
  readonly changes: readonly VendorChange[];
  readonly logLines: readonly {
    readonly level: string;
    readonly evidence: object;
    readonly message: string;
  }[];
}

export type ClientFixtureOptions = Partial<Omit<ItnioClientOptions, 'clock'>> & {
  /** What is left out is the clock of this machine, put forward by the waits. Its timers count turns of the event loop. */
  readonly clock?: Partial<BackgroundClock>;
};

/** Hands a test file its way to open clients, and closes them after each test. */
export function useClients(): (options?: ClientFixtureOptions) => Promise<ClientFixture> {
  const opened: ClientFixture[] = [];
  afterEach(async () => {
    for (const { client, upstream } of opened.splice(0)) {
      client.close();
      await upstream.close();
    }
  });
  return async (options) => {
    const fixture = await openClient(options);
    opened.push(fixture);
    return fixture;
  };
}

async function openClient(options: ClientFixtureOptions = {}): Promise<ClientFixture> {
  const upstream = await createFaultyUpstream();
  const waits: number[] = [];
  let aheadMs = 0;
  const clock = {
    ...systemClock,
    monotonicNow: () => performance.now() + aheadMs,
    startTimer: startTurnTimer,
    ...options.clock,
  };
  const isIn = (ms: number) => ({ deadlineAt: clock.monotonicNow() + ms });
  const passTime = (ms: number) => {
    aheadMs += ms;
  };
  const logLines: { level: string; evidence: object; message: string }[] = [];
  const writeAt = (level: string) => (evidence: object, message: string) =>
    void logLines.push({ level, evidence, message });
  const vendorLog = createVendorLog({
    debug: writeAt('debug'),
    info: writeAt('info'),
    warn: writeAt('warn'),
    error: writeAt('error'),
  });
  const changes: VendorChange[] = [];
  const client = createItnioClient({
    baseUrl: upstream.url,
    apiKey: new Secret('bDqJFiq9'),
    apiSecret: new Secret('7bz1lzh9'),
    observer: {
      onAttempt: vendorLog.onAttempt,
      onChange(change) {
        changes.push(change);
        vendorLog.onChange(change);
      },
    },
    // Longer than a test may take: none passes by waiting for it.
    attemptTimeoutMs: 40_000,
    transport: underTest.transport,
    random: () => 0.5,
    sleep: async (ms) => {
      waits.push(ms);
      passTime(ms);
    },
    ...options,
    clock,
  });
  const ask = (bounds: Partial<CallOptions> = {}) =>
    client.sipQuery(
      { appId: '4luaKsL2', current: 1, size: 20 },
      { ...isIn(60_000), waiters: createWaiters(), ...bounds },
    );
  return {
    upstream,
    client,
    ask,
    askInVain: (bounds) =>
      ask(bounds).then(
        () => {
          throw new Error('The call succeeded.');
        },
        (error: unknown) => error,
      ),
    waits,
    isIn,
    passTime,
    changes,
    logLines,
  };
}
