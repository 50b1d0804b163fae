import { watchBounds } from '../domain/bounds.ts';
import type { Clock } from '../domain/clock.ts';
import type { Requester, WaitersObserver } from '../domain/requester.ts';
import { DeadlineExceededError, OverloadedError } from '../errors/request-errors.ts';
import { UpstreamRateLimitedError } from '../errors/upstream-errors.ts';
import { type Layer, MAX_JITTER_MS, MIN_ATTEMPT_MS, type PendingCall, type Sleep } from './call.ts';
import type { VendorObserver } from './events.ts';
import { createFairQueue } from './fair-queue.ts';
import type { VendorLoad } from './sip-page.ts';

/** Requests that may wait for their first call, and for how long, in milliseconds. Beyond either they are OVERLOADED. */
const MAX_NEWCOMERS = 40;
const MAX_NEWCOMER_WAIT_MS = 1_000;

/** How long the fastest call is remembered, in milliseconds; at least so long, at most twice. */
const PACE_MS = 10_000;

/** Lets calls out to the vendor: so many at a time, none during a cool-down, everybody in turn. */
export interface Gate {
  readonly layer: Layer;
  /** Ends the wait of those who are refused from now on. */
  recheck(): void;
  readonly load: VendorLoad;
}

export interface GateOptions {
  /** Calls under way at a time. */
  readonly slotCount: number;
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly sleep: Sleep;
  readonly observer: VendorObserver;
  /** Why a call must not be sent now, so that it need not wait either. */
  readonly findRefusal: (call: PendingCall) => Error | undefined;
}

/** A call in the queue. */
interface Waiting {
  /** Whether it takes the slot that is offered. It does not when its time is up. */
  offerSlot(): boolean;
  recheck(): void;
}

/**
 * Lets `slotCount` calls at a time to the vendor. The rest wait in a fair queue; a call that several requests wait for
 * stands at the places of all of them, and takes the turn of the one that started it. The queue is short for requests
 * that have not called yet; those that have are finished. While the vendor has asked for a pause, calls wait outside the
 * queue and then go one by one. Whatever cannot end in time fails at once: DEADLINE_EXCEEDED in the queue,
 * UPSTREAM_RATE_LIMITED in a cool-down.
 */
export function createGate(next: Layer, options: GateOptions): Gate {
  const { slotCount, clock, random, sleep, observer, findRefusal } = options;
  const queue = createFairQueue<Waiting>();
  /** Requests that have not called yet and wait for it. */
  const newcomers = new Set<Requester>();
  const pace = createPace(clock);
  let freeSlots = slotCount;
  let coolDownUntil = Number.NEGATIVE_INFINITY;

  /** @throws the refusal of a call that must not be sent. */
  function isCoolingDown(call: PendingCall): boolean {
    const refusal = findRefusal(call);
    if (refusal !== undefined) throw refusal;
    return coolDownUntil > clock.monotonicNow();
  }

  function takeFreeSlot(call: PendingCall): boolean {
    if (isCoolingDown(call) || freeSlots === 0) return false;
    freeSlots -= 1;
    return true;
  }

  /** Much may have happened while the call waited for its slot. */
  function keepSlot(call: PendingCall): boolean {
    let isKept = false;
    try {
      isKept = !isCoolingDown(call);
      return isKept;
    } finally {
      if (!isKept) passSlotOn();
    }
  }

  /** Waits until the call may be sent, and takes a slot for it. Each round ends nearer to its deadline. */
  async function waitForTurn(call: PendingCall): Promise<void> {
    for (;;) {
      const pauseMs = coolDownUntil - clock.monotonicNow();
      // Outside the queue: the slots are for those who may go.
      if (pauseMs > 0) await waitForCoolDown(call, pauseMs);
      else if (freeSlots === 0) {
        await waitForSlot(call);
        if (keepSlot(call)) return;
        continue;
      }
      if (takeFreeSlot(call)) return;
    }
  }

  async function waitForCoolDown(call: PendingCall, pauseMs: number): Promise<void> {
    const waitMs = pauseMs + random() * MAX_JITTER_MS;
    if (clock.monotonicNow() + waitMs + pace.leastMs() > call.deadlineAt)
      throw new UpstreamRateLimitedError(Math.ceil(pauseMs));
    await sleep(waitMs, call.signal);
  }

  function waitForSlot(call: PendingCall): Promise<void> {
    const { waiters, signal } = call;
    const { starter } = waiters;
    const hasCalled = () => waiters.present.some((requester) => requester.hasCalled);
    const spareMs = () => call.deadlineAt - pace.leastMs() - clock.monotonicNow();
    if (spareMs() < 0) throw new DeadlineExceededError();
    const isNewcomer = !hasCalled();
    if (isNewcomer && !newcomers.has(starter) && newcomers.size >= MAX_NEWCOMERS) throw new OverloadedError();

    return new Promise((resolve, reject) => {
      const places: WaitersObserver = {
        onJoin: (requester) => queue.add(waiting, requester),
        onLeave: (requester) => queue.remove(waiting, requester),
      };
      const waiting: Waiting = {
        offerSlot() {
          leave();
          if (spareMs() < 0) {
            reject(new DeadlineExceededError());
            return false;
          }
          queue.endTurn(starter);
          resolve();
          return true;
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
      else watch(MAX_NEWCOMER_WAIT_MS, () => (hasCalled() ? waitForDeadline() : fail(new OverloadedError())));
    });
  }

  function passSlotOn(): void {
    for (let first = queue.peek(); first !== undefined; first = queue.peek()) if (first.offerSlot()) return;
    freeSlots += 1;
  }

  function noteRateLimit(error: unknown): void {
    if (!(error instanceof UpstreamRateLimitedError && error.isWaitKnown)) return;
    const now = clock.monotonicNow();
    const until = now + error.retryAfterMs;
    if (coolDownUntil <= now && until > now)
      observer.onChange({ kind: 'cool-down', retryAfterMs: error.retryAfterMs });
    coolDownUntil = Math.max(coolDownUntil, until);
  }

  return {
    layer: async function gate(call) {
      call.signal?.throwIfAborted();
      const { allowance } = call.waiters.starter;
      // Others may wait for a call by now: it does not end because the one that started it has used up its allowance.
      if (call.attemptCount > 0) allowance?.owe();
      else allowance?.take();
      const arrivedAt = clock.monotonicNow();
      try {
        // Nearly always there is one, and no turn of the event loop is spent on it.
        if (!takeFreeSlot(call)) await waitForTurn(call);
      } catch (error) {
        allowance?.giveBack();
        throw error;
      }
      const sentAt = clock.monotonicNow();
      call.waitedMs = sentAt - arrivedAt;
      call.attemptCount += 1;
      for (const requester of call.waiters.present) {
        requester.hasCalled = true;
        newcomers.delete(requester);
      }
      try {
        const result = await next(call);
        pace.learn(clock.monotonicNow() - sentAt);
        return result;
      } catch (error) {
        noteRateLimit(error);
        throw error;
      } finally {
        passSlotOn();
      }
    },
    get load() {
      return { underWay: slotCount - freeSlots, waiting: new Set(queue.items()).size };
    },
    recheck() {
      for (const waiting of [...queue.items()]) waiting.recheck();
    },
  };
}

/** Knows how fast the vendor was at its best of late: a call with less time left cannot end in time. */
function createPace(clock: Clock) {
  let since = Number.NEGATIVE_INFINITY;
  let fastestMs = Number.POSITIVE_INFINITY;
  let fastestBeforeMs = Number.POSITIVE_INFINITY;
  return {
    learn(durationMs: number): void {
      const now = clock.monotonicNow();
      if (now - since > PACE_MS) {
        fastestBeforeMs = now - since > 2 * PACE_MS ? Number.POSITIVE_INFINITY : fastestMs;
        fastestMs = Number.POSITIVE_INFINITY;
        since = now;
      }
      fastestMs = Math.min(fastestMs, durationMs);
    },
    /** Shortest time, in milliseconds, in which a call may end. */
    leastMs(): number {
      const isKnown = clock.monotonicNow() - since <= 2 * PACE_MS;
      const bestMs = Math.min(fastestMs, fastestBeforeMs);
      return isKnown && Number.isFinite(bestMs) ? Math.max(bestMs, MIN_ATTEMPT_MS) : MIN_ATTEMPT_MS;
    },
  };
}
