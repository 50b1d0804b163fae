import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import type { RequestBounds } from '../domain/requester.ts';
import { UpstreamBadResponseError, UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import type { ItnioClient, SipPage } from '../itnio/sip-page.ts';
import { readAnswer } from '../paging/answer.ts';
import { nameOfPage } from '../paging/page-number.ts';
import type { PageNumber } from '../paging/plan.ts';
import { runFromPage } from '../paging/run.ts';
import type { AppMemories, MovedRow } from './app-memory.ts';
import type { LargestPageSize } from './largest-page-size.ts';
import type { PhoneRun } from './row-cache.ts';
import { createSingleFlight } from './single-flight.ts';

/** A page as the vendor answered it, held against what was asked and against what was known before. */
export interface FetchedPage {
  readonly total: number;
  /** When it was asked for, in milliseconds on the gateway's monotonic clock. */
  readonly readAt: number;
  /** The rows, unless the page lies behind the end or the answer did not hold what was asked. */
  readonly run: PhoneRun | undefined;
  readonly page: SipPage;
  /** A row that another page has shown elsewhere, though nothing shows that the list has changed. */
  readonly moved: MovedRow | undefined;
  /** Why the rows do not fit into the list. They exist, but where they stand is not known. */
  readonly fault: UpstreamInconsistentError | undefined;
}

/** Told of the calls that are made for one request. */
export interface CallWatcher {
  onCall(isShared: boolean): void;
  onAnswer(page: SipPage): void;
}

/** Reads pages of phones. Equal calls that are under way at the same time are one call. */
export interface PageSource {
  /**
   * @param since only a call that was started then or later is shared; on the clock of the bounds.
   * @throws {GatewayError} what the call ended with, or UPSTREAM_INCONSISTENT for an answer that breaks the contract.
   */
  fetchPage(
    appId: string,
    page: PageNumber,
    bounds: RequestBounds,
    watcher: CallWatcher,
    since: number,
  ): Promise<FetchedPage>;
}

export interface PageSourceOptions {
  readonly client: Pick<ItnioClient, 'sipQuery'>;
  readonly largestPageSize: LargestPageSize;
  readonly memories: AppMemories;
  readonly log: Log;
  readonly clock: Pick<Clock, 'monotonicNow' | 'startTimer'>;
  /** Longest time that a call may take whoever waits for it, retries included, in milliseconds. */
  readonly callTimeoutMs: () => number;
}

export function createPageSource(options: PageSourceOptions): PageSource {
  const { client, largestPageSize, memories, log, clock, callTimeoutMs } = options;
  const singleFlight = createSingleFlight<SipPage>(clock);

  return {
    async fetchPage(appId, page, bounds, watcher, since) {
      const query = { appId, current: page.current, size: page.size };
      for (let isLastTry = false; ; isLastTry = true) {
        const call = singleFlight.join(`${nameOfPage(page)}/${appId}`, since, bounds, (signal, waiters) =>
          client.sipQuery(query, { signal, deadlineAt: clock.monotonicNow() + callTimeoutMs(), waiters }),
        );
        watcher.onCall(call.isShared);
        const answer = await call.answer;
        watcher.onAnswer(answer);
        const reading = readAnswer(page, {
          current: answer.current,
          size: answer.size,
          total: answer.total,
          accounts: answer.phones.map((phone) => phone.account),
        });
        const { startedAt: readAt } = call;
        const toFetched = (total: number, lo: number | undefined): FetchedPage => {
          const memory = memories.forApp(appId);
          if (lo === undefined) {
            memory.learnTotal(total);
            return { total, readAt, page: answer, run: undefined, moved: undefined, fault: undefined };
          }
          const run = runFromPage({ lo, rows: answer.phones, total, readAt });
          return { total, readAt, page: answer, run, moved: memory.learn(run, answer), fault: undefined };
        };
        switch (reading.kind) {
          case 'page':
            largestPageSize.confirm(page.size);
            return toFetched(reading.total, reading.lo);
          case 'past-end':
            return toFetched(reading.total, undefined);
          case 'capped':
            largestPageSize.suspect(reading.largestPageSize);
            return toFetched(reading.total, reading.lo);
          case 'unreadable':
            throw new UpstreamBadResponseError(reading.fault);
          case 'broken':
            log.warn(
              { appId, ...page, fault: reading.fault },
              'the vendor answered something else than was asked',
            );
            throw new UpstreamInconsistentError(reading.fault, { retryable: false });
          case 'raced':
            // The count and the rows are two statements at the vendor: a second look tells a race from a lie.
            if (!isLastTry) continue;
            memories.forApp(appId).notice('total-untrue');
            if (reading.total !== undefined) return toFetched(reading.total, reading.lo);
            memories.forApp(appId).learnTotal(answer.total);
            memories.forApp(appId).learnRoughly(reading.lo, answer.phones, answer);
            return {
              total: answer.total,
              readAt,
              page: answer,
              run: undefined,
              moved: undefined,
              fault: new UpstreamInconsistentError('the rows of a page do not agree with the total', {
                retryable: true,
              }),
            };
        }
      }
    },
  };
}
