import { randomUUID } from 'node:crypto';
import { createListedAccounts } from '../census/listed-accounts.ts';
import { createWholeLists, type WholeList } from '../census/whole-lists.ts';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import type { Requester } from '../domain/requester.ts';
import type { Secret } from '../domain/secret.ts';
import { type ItnioClient, passwordAt } from '../itnio/sip-page.ts';
import { createAppMemories } from '../lists/app-memory.ts';
import { createLargestPageSize } from '../lists/largest-page-size.ts';
import { createPageSource } from '../lists/page-source.ts';

/** Longest time for one list, in milliseconds. */
const EXPORT_TIMEOUT_MS = 10 * 60_000;

export interface WholeListReading {
  readonly list: WholeList;
  /** By account; null where the vendor has none. */
  readonly passwords: ReadonlyMap<string, Secret | null>;
}

export interface WholeListOptions {
  readonly client: Pick<ItnioClient, 'sipQuery'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Calls that the plan of the list may take. */
  readonly maxCalls: number;
  /** Longest time for one call, in milliseconds. */
  readonly callTimeoutMs: number;
  /** Told of each answer: calls so far, and rows in the list. */
  onProgress(calls: number, total: number): void;
}

/**
 * Reads an app's list whole, and the passwords that come with it.
 * @throws {GatewayError} what a call has ended with, or why the list cannot be proved.
 */
export async function readWholeList(appId: string, options: WholeListOptions): Promise<WholeListReading> {
  const { client, clock, log, maxCalls, callTimeoutMs, onProgress } = options;
  const memories = createAppMemories(log, clock);
  const largestPageSize = createLargestPageSize(clock);
  const pages = createPageSource({
    client,
    largestPageSize,
    memories,
    log,
    clock,
    callTimeoutMs: () => callTimeoutMs,
  });
  const lists = createWholeLists({
    pages,
    clock,
    keepMs: 0,
    getMaxCalls: () => maxCalls,
    getLargestPageSize: largestPageSize.get,
    memories,
    listed: createListedAccounts(clock),
  });
  const requester: Requester = {
    share: 'export',
    mostOfSlots: 1,
    requestId: randomUUID(),
    allowance: undefined,
    hasCalled: false,
  };
  const passwords = new Map<string, Secret | null>();
  let calls = 0;
  const list = await lists.load(
    appId,
    { deadlineAt: clock.monotonicNow() + EXPORT_TIMEOUT_MS, requester },
    {
      onCall() {
        calls++;
      },
      onAnswer(page) {
        for (const [index, { account }] of page.phones.entries())
          passwords.set(account, passwordAt(page, index));
        onProgress(calls, page.total);
      },
    },
  );
  return { list, passwords };
}
