import { watchBounds } from '../domain/bounds.ts';
import { Canceller, type CancelSignal } from '../domain/cancel.ts';
import type { Clock } from '../domain/clock.ts';
import type { Phone } from '../domain/phone.ts';
import type { RequestBounds } from '../domain/requester.ts';
import {
  ClientGoneError,
  DeadlineExceededError,
  ListTooLongError,
  RateLimitedError,
} from '../errors/request-errors.ts';
import { UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import type { CallWatcher, FetchedPage } from '../lists/page-source.ts';
import type { PageNumber } from '../paging/plan.ts';
import type { Census, CensusState } from './census.ts';

/** Calls that one census has under way at a time. */
const PARALLEL_CALLS = 8;
/** How long a census goes on when the last of those who wait for it has left, in milliseconds. */
const LINGER_MS = 1_000;

/** Runs one census for all who wait for it. */
export interface CensusRunner {
  /**
   * Waits until the list is proved. Who leaves takes nobody's answer away; the pages that were read stay for whoever
   * comes next.
   * @throws {DeadlineExceededError} saying how far it has come. @throws {ListTooLongError} for a list beyond the budget.
   * @throws {UpstreamInconsistentError} for a list that cannot be proved.
   * @throws {RateLimitedError} when a call was this one's to make, and it may make none; the others wait on.
   * @throws {GatewayError} what a call has ended with; the next who waits goes on from there.
   */
  join(bounds: RequestBounds, watcher: CallWatcher): Promise<ProvedState>;
  /** Whether calls are made, or it waits for one who may come back. */
  readonly isRunning: boolean;
  /** When it last learned something, on the monotonic clock. */
  readonly touchedAt: number;
  readonly progress: Census<Phone>['progress'];
}

export interface CensusRunnerOptions {
  readonly census: Census<Phone>;
  readonly maxCalls: number;
  readonly clock: Pick<Clock, 'monotonicNow' | 'startTimer'>;
  readonly getLargestPageSize: () => number;
  /** @param since a call that was started before does not count. */
  fetchPage(
    page: PageNumber,
    bounds: RequestBounds,
    watcher: CallWatcher,
    since: number,
  ): Promise<FetchedPage>;
  /** Told once, when there is nothing left to wait for. */
  onEnd(state: EndState): void;
}

type EndState = Exclude<CensusState<Phone>, { kind: 'open' }>;
type ProvedState = Extract<CensusState<Phone>, { kind: 'proved' }>;

interface Waiter {
  readonly bounds: RequestBounds;
  readonly watcher: CallWatcher;
  resolve(proved: ProvedState): void;
  reject(reason: unknown): void;
}

export function createCensusRunner(options: CensusRunnerOptions): CensusRunner {
  const { census, maxCalls, clock, getLargestPageSize, fetchPage, onEnd } = options;
  /** Who has waited longest comes first. */
  const waiters = new Set<Waiter>();
  /** For whom calls are made: who has waited longest, or was the last to leave. */
  let payer: Waiter | undefined;
  let canceller = new Canceller();
  let callsUnderWay = 0;
  let stopLinger: (() => void) | undefined;
  /** Calls that were started before the last decision tell nothing of it; the first may be shared with whoever made them. */
  let decidedAt = Number.NEGATIVE_INFINITY;
  let touchedAt = clock.monotonicNow();

  function pump(): void {
    if (waiters.size === 0 && stopLinger === undefined) return;
    if (callsUnderWay === 0 && census.progress.read > 0) decidedAt = clock.monotonicNow();
    for (const page of census.take(PARALLEL_CALLS - callsUnderWay)) void readPage(page, canceller);
    if (census.state.kind !== 'open') end(census.state);
  }

  function end(state: EndState): void {
    onEnd(state);
    settle((waiter) => {
      if (state.kind === 'proved') waiter.resolve(state);
      else waiter.reject(toError(state, maxCalls));
    });
  }

  async function readPage(page: PageNumber, signal: CancelSignal): Promise<void> {
    callsUnderWay++;
    const [longestWaiting] = waiters;
    payer = longestWaiting ?? payer;
    if (payer === undefined) throw new TypeError('A call has nobody to be made for.');
    const { bounds, watcher } = payer;
    const { requester } = bounds;
    const paidBy = payer;
    try {
      const fetched = await fetchPage(
        page,
        { signal, requester, deadlineAt: Number.POSITIVE_INFINITY },
        watcher,
        decidedAt,
      );
      touchedAt = clock.monotonicNow();
      callsUnderWay--;
      census.learn(page, {
        total: fetched.total,
        lo: fetched.run?.lo,
        rows: fetched.run?.rows ?? [],
        readAt: fetched.readAt,
      });
      census.setLargestPageSize(getLargestPageSize());
    } catch (error) {
      callsUnderWay--;
      census.release(page);
      // Who is waiting is told; what was read stays. Of a limit of one caller's own only that one is.
      if (error instanceof RateLimitedError) dismiss(paidBy, error);
      else if (error instanceof UpstreamInconsistentError && !signal.aborted) giveUp(error);
      else if (!signal.aborted) settle((waiter) => waiter.reject(error));
    }
    pump();
  }

  /** A page fits to nothing, twice in a row: without it no list is proved. */
  function giveUp({ fault, retryable }: UpstreamInconsistentError): void {
    end({ kind: 'given-up', fault, retryable });
    canceller.abort(new ClientGoneError());
  }

  function settle(how: (waiter: Waiter) => void): void {
    stopLinger?.();
    stopLinger = undefined;
    const settled = [...waiters];
    waiters.clear();
    for (const waiter of settled) how(waiter);
  }

  function dismiss(waiter: Waiter, reason: unknown): void {
    if (!waiters.has(waiter)) return;
    leave(waiter);
    waiter.reject(reason);
  }

  function leave(waiter: Waiter): void {
    waiters.delete(waiter);
    if (waiters.size > 0) return;
    stopLinger = clock.startTimer(() => {
      stopLinger = undefined;
      canceller.abort(new ClientGoneError());
      canceller = new Canceller();
    }, LINGER_MS);
  }

  return {
    join(bounds, watcher) {
      const { signal, deadlineAt } = bounds;
      signal?.throwIfAborted();
      return new Promise((resolve, reject) => {
        const stopWatching = watchBounds(
          signal,
          deadlineAt - clock.monotonicNow(),
          clock.startTimer,
          (end) => {
            leave(waiter);
            const { read, planned } = census.progress;
            reject(
              end === 'aborted'
                ? signal?.reason
                : new DeadlineExceededError({ progress: `${read} of ${planned} pages` }),
            );
          },
        );
        const waiter: Waiter = {
          bounds,
          watcher,
          resolve(proved) {
            stopWatching();
            resolve(proved);
          },
          reject(reason) {
            stopWatching();
            reject(reason);
          },
        };
        stopLinger?.();
        stopLinger = undefined;
        waiters.add(waiter);
        pump();
      });
    },
    get isRunning() {
      return waiters.size > 0 || callsUnderWay > 0;
    },
    get touchedAt() {
      return touchedAt;
    },
    get progress() {
      return census.progress;
    },
  };
}

/** Why there is no list. */
export function toError(
  state: Extract<CensusState<Phone>, { kind: 'refused' | 'given-up' }>,
  maxCalls: number,
  retryAfterMs?: number,
): ListTooLongError | UpstreamInconsistentError {
  return state.kind === 'refused'
    ? new ListTooLongError(state.total, maxCalls)
    : new UpstreamInconsistentError(state.fault, {
        retryable: state.retryable,
        retryAfterMs: state.retryable ? retryAfterMs : undefined,
      });
}
