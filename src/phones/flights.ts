import { DeadlineExceededError } from '../errors/deadline-exceeded-error.ts';
import type { RequestBounds } from './phones.ts';

/** Equal calls that are under way at the same time are one call. */
export interface Flights<T> {
  /**
   * Joins the call of this key, or starts it. A caller that leaves, by its signal or its deadline, is rejected at once
   * and takes nobody's answer away; the call is aborted when the last one has left.
   */
  join(key: string, bounds: RequestBounds, start: (signal: AbortSignal) => Promise<T>): Flight<T>;
}

export interface Flight<T> {
  readonly answer: Promise<T>;
  /** Whether somebody else had started the call. */
  readonly isShared: boolean;
}

interface Call<T> {
  readonly answer: Promise<T>;
  readonly controller: AbortController;
  passengers: number;
}

export function createFlights<T>(now: () => number = () => performance.now()): Flights<T> {
  const calls = new Map<string, Call<T>>();

  function startCall(key: string, start: (signal: AbortSignal) => Promise<T>): Call<T> {
    const controller = new AbortController();
    const call: Call<T> = { answer: start(controller.signal), controller, passengers: 0 };
    const land = () => {
      if (calls.get(key) === call) calls.delete(key);
    };
    call.answer.then(land, land);
    calls.set(key, call);
    return call;
  }

  function board(key: string, call: Call<T>, bounds: RequestBounds): Promise<T> {
    call.passengers++;
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown) => {
        settle();
        reject(reason);
        call.passengers--;
        if (call.passengers > 0) return;
        if (calls.get(key) === call) calls.delete(key);
        call.controller.abort(reason);
      };
      const onAbort = () => leave(bounds.signal?.reason);
      const timer = setTimeout(
        () => leave(new DeadlineExceededError()),
        Math.max(0, bounds.deadlineAt - now()),
      );
      const settle = () => {
        clearTimeout(timer);
        bounds.signal?.removeEventListener('abort', onAbort);
      };
      bounds.signal?.addEventListener('abort', onAbort);
      call.answer.then(
        (value) => {
          settle();
          resolve(value);
        },
        (error: unknown) => {
          settle();
          reject(error);
        },
      );
    });
  }

  return {
    join(key, bounds, start) {
      if (bounds.signal?.aborted) return { answer: Promise.reject(bounds.signal.reason), isShared: false };
      const underWay = calls.get(key);
      return {
        answer: board(key, underWay ?? startCall(key, start), bounds),
        isShared: underWay !== undefined,
      };
    },
  };
}
