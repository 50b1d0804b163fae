import { watchBounds } from '../../domain/bounds.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Requester, Waiters, WaitersObserver } from '../../domain/requester.ts';
import { DeadlineExceededError, OverloadedError } from '../../errors/request-errors.ts';
import type { PendingCall } from '../call.ts';
import type { ConcurrencyLimit } from './concurrency.ts';
import { createFairQueue } from './fair-queue.ts';
import type { FastestCall } from './fastest-call.ts';
import type { Slots } from './slots.ts';

/** Requests that may wait for their first call, and for how long, in milliseconds. Beyond either they are OVERLOADED. */
export const MAX_NEWCOMERS = 40;
const MAX_NEWCOMER_WAIT_MS = 1_000;

/**
 * Calls that wait for a slot, in a fair queue. A call that several requests wait for has a place for each of them, and uses up
 * the turn of the one that started it. The queue is short for requests that have not called yet; others may wait until their
 * deadline.
 */
export interface WaitingCalls {
  /**
   * Waits until it is the call's turn, and takes a slot for it.
   * @returns the requester at whose place it has taken the slot.
   * @throws {OverloadedError} where a request would wait for its first call for too long.
   * @throws {DeadlineExceededError} as soon as the call cannot end in time; the refusal of a call; its signal's reason.
   */
  waitForSlot(call: PendingCall): Promise<Requester>;
  /** Gives free slots to those whose turn it is. */
  passSlotsOn(): void;
  /** Notes that a call is sent: all who wait for it have called. */
  noteSent(waiters: Waiters): void;
  /** Ends the wait of calls that are refused from now on. */
  recheck(): void;
  readonly isEmpty: boolean;
  readonly count: number;
}

/** A call in the queue. */
interface Waiting {
  /** Takes the slot at the place of this requester, unless the call's time is up. */
  offerSlot(holder: Requester): void;
  recheck(): void;
}

export function createWaitingCalls(dependencies: {
  readonly slots: Slots;
  readonly concurrency: Pick<ConcurrencyLimit, 'limit' | 'findPace'>;
  readonly fastestCall: Pick<FastestCall, 'leastMs'>;
  readonly clock: Pick<Clock, 'monotonicNow' | 'startTimer'>;
  readonly findRefusal: (call: PendingCall) => Error | undefined;
}): WaitingCalls {
  const { slots, concurrency, fastestCall, clock, findRefusal } = dependencies;
  const queue = createFairQueue<Waiting>();
  /** One error for all refusals: under load, to record a stack for each would be a good part of what a refusal costs. */
  const overloaded = new OverloadedError();
  /** Requests that have not called yet and wait for it. */
  const newcomers = new Set<Requester>();

  /** @throws {OverloadedError} where the request would wait for its first call for too long. */
  function assertShortWait(starter: Requester): void {
    const { share, mostOfSlots } = starter;
    let others = 0;
    for (const newcomer of newcomers) if (mostOfSlots === 1 || newcomer.share === share) others += 1;
    if (others >= mostOfSlots * MAX_NEWCOMERS) throw overloaded;
    const pace = concurrency.findPace(clock.monotonicNow());
    if (pace === undefined) return;
    const waitMs = (queue.countBefore(starter) / pace.callsPerSecond) * 1_000;
    if (waitMs > MAX_NEWCOMER_WAIT_MS) throw overloaded;
  }

  return {
    waitForSlot(call) {
      const { waiters, signal } = call;
      const { starter } = waiters;
      const hasCalled = () => waiters.present.some((requester) => requester.hasCalled);
      const spareMs = () => {
        const now = clock.monotonicNow();
        return call.deadlineAt - fastestCall.leastMs(now) - now;
      };
      if (spareMs() < 0) throw new DeadlineExceededError();
      const isNewcomer = !hasCalled();
      if (isNewcomer && !newcomers.has(starter)) assertShortWait(starter);

      return new Promise((resolve, reject) => {
        const places: WaitersObserver = {
          onJoin: (requester) => queue.add(waiting, requester),
          onLeave: (requester) => queue.remove(waiting, requester),
        };
        const waiting: Waiting = {
          offerSlot(holder) {
            leave();
            if (spareMs() < 0) return reject(new DeadlineExceededError());
            queue.endTurn(starter);
            slots.take(holder);
            resolve(holder);
          },
          recheck() {
            const refusal = findRefusal(call);
            if (refusal !== undefined) fail(refusal);
          },
        };
        let stopWatching = () => {};
        const watch = (ms: number, onLate: () => void) => {
          stopWatching = watchBounds(signal, ms, clock.startTimer, (end) =>
            end === 'aborted' ? fail(signal?.reason) : onLate(),
          );
        };
        const waitForDeadline = () => watch(spareMs(), () => fail(new DeadlineExceededError()));
        const leave = () => {
          stopWatching();
          waiters.observer = undefined;
          for (const requester of waiters.present) queue.remove(waiting, requester);
          if (!queue.has(starter)) newcomers.delete(starter);
        };
        const fail = (reason: unknown) => {
          leave();
          reject(reason);
        };

        for (const requester of waiters.present) queue.add(waiting, requester);
        waiters.observer = places;
        if (isNewcomer) newcomers.add(starter);
        if (!isNewcomer || spareMs() <= MAX_NEWCOMER_WAIT_MS) waitForDeadline();
        // Another call of the request may have been sent meanwhile, or one that was sent may wait for this call.
        else watch(MAX_NEWCOMER_WAIT_MS, () => (hasCalled() ? waitForDeadline() : fail(overloaded)));
      });
    },

    passSlotsOn() {
      // Each round takes a call out of the queue.
      while (slots.underWay < concurrency.limit) {
        const next = queue.peek(slots.hasRoomFor);
        if (next === undefined) return;
        next.item.offerSlot(next.requester);
      }
    },

    noteSent(waiters) {
      for (const requester of waiters.present) {
        requester.hasCalled = true;
        newcomers.delete(requester);
      }
    },

    recheck() {
      for (const waiting of [...queue.items()]) waiting.recheck();
    },

    get isEmpty() {
      return queue.isEmpty;
    },

    get count() {
      return new Set(queue.items()).size;
    },
  };
}
