import { watchBounds } from '../domain/bounds.ts';
import { Canceller, type CancelSignal } from '../domain/cancel.ts';
import type { Clock } from '../domain/clock.ts';
import { BriefMap } from '../domain/places.ts';
import { type RequestBounds, Waiters } from '../domain/requester.ts';
import { DeadlineExceededError } from '../errors/request-errors.ts';

/** A call is not worth starting, nor waiting for, with less time left than this, in milliseconds. */
const MIN_CALL_MS = 300;

/** Equal calls that are under way at the same time are one call. */
export interface SingleFlight<T> {
  /**
   * Joins the call of this key, if it was started at `since` or later, or starts it. A caller that leaves, by its signal
   * or its deadline, is rejected at once and takes nobody's answer away; the call is aborted when the last one has left.
   * @throws {DeadlineExceededError} at once, and nothing is started, when the caller's time is as good as up.
   */
  join(key: string, since: number, bounds: RequestBounds, start: StartCall<T>): SharedCall<T>;
}

type StartCall<T> = (signal: CancelSignal, waiters: Waiters) => Promise<T>;

export interface SharedCall<T> {
  readonly answer: Promise<T>;
  readonly startedAt: number;
  /** Whether somebody else had started the call. */
  readonly isShared: boolean;
}

interface Call<T> {
  readonly answer: Promise<T>;
  readonly startedAt: number;
  readonly canceller: Canceller;
  readonly waiters: Waiters;
}

export function createSingleFlight<T>({
  monotonicNow,
  startTimer,
}: Pick<Clock, 'monotonicNow' | 'startTimer'>): SingleFlight<T> {
  const calls = new BriefMap<Call<T>>();

  function startCall(key: string, waiters: Waiters, start: StartCall<T>): Call<T> {
    const canceller = new Canceller();
    const answer = start(canceller, waiters);
    const call: Call<T> = { answer, startedAt: monotonicNow(), canceller, waiters };
    const settle = () => forget(key, call);
    call.answer.then(settle, settle);
    calls.set(key, call);
    return call;
  }

  function forget(key: string, call: Call<T>): void {
    if (calls.get(key) === call) calls.delete(key);
  }

  function waitFor(key: string, call: Call<T>, { signal, deadlineAt, requester }: RequestBounds): Promise<T> {
    return new Promise((resolve, reject) => {
      const stopWatching = watchBounds(signal, deadlineAt - monotonicNow(), startTimer, (end) => {
        const reason = end === 'aborted' ? signal?.reason : new DeadlineExceededError();
        reject(reason);
        call.waiters.leave(requester);
        if (call.waiters.present.length > 0) return;
        forget(key, call);
        call.canceller.abort(reason);
      });
      call.answer.then(
        (value) => {
          stopWatching();
          resolve(value);
        },
        (error: unknown) => {
          stopWatching();
          reject(error);
        },
      );
    });
  }

  return {
    join(key, since, bounds, start) {
      bounds.signal?.throwIfAborted();
      if (bounds.deadlineAt - monotonicNow() < MIN_CALL_MS) throw new DeadlineExceededError();
      const underWay = calls.get(key);
      const isShared = underWay !== undefined && underWay.startedAt >= since;
      const call = isShared ? underWay : startCall(key, new Waiters(bounds.requester), start);
      if (isShared) call.waiters.join(bounds.requester);
      return { answer: waitFor(key, call, bounds), startedAt: call.startedAt, isShared };
    },
  };
}
