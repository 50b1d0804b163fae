import { watchBounds } from '../domain/bounds.ts';
import type { Clock } from '../domain/clock.ts';
import type { Requester, WaitersObserver } from '../domain/requester.ts';
import { DeadlineExceededError, OverloadedError } from '../errors/request-errors.ts';
import { UpstreamRateLimitedError } from '../errors/upstream-errors.ts';
import { type Layer, MAX_JITTER_MS, MIN_ATTEMPT_MS, type PendingCall, type Sleep } from './call.ts';
import type { ConcurrencyLimit } from './concurrency.ts';
import type { VendorObserver } from './events.ts';
import { createFairQueue } from './fair-queue.ts';
import type { VendorLoad, VendorPace } from './sip-page.ts';

/** Requests that may wait for their first call, and for how long, in milliseconds. Beyond either they are OVERLOADED. */
const MAX_NEWCOMERS = 40;
const MAX_NEWCOMER_WAIT_MS = 1_000;

/** How long the fastest call is remembered, in milliseconds; at least so long, at most twice. */
const PACE_MS = 10_000;

/** Lets calls out to the vendor: as many at a time as are of use, none during a cool-down, everybody in turn. */
export interface Gate {
  readonly layer: Layer;
  /** Ends the wait of those who are refused from now on. */
  recheck(): void;
  readonly load: VendorLoad;
  /** @see ItnioClient.pace */
  readonly pace: VendorPace | undefined;
}

export interface GateOptions {
  /** Calls under way at a time. */
  readonly concurrency: ConcurrencyLimit;
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
  /** Takes the slot at the place of this requester, unless its time is up. */
  offerSlot(holder: Requester): void;
  recheck(): void;
}

/**
 * Lets calls to the vendor, as many at a time as the limit says, and of each share no more than its part of them. The
 * rest wait in a fair queue; a call that several requests wait for stands at the places of all of them, and takes the
 * turn of the one that started it. The queue is short for requests that have not called yet; those that have are
 * finished. While the vendor has asked for a pause, calls wait outside the queue and then go one by one. Whatever cannot
 * end in time fails at once: OVERLOADED or DEADLINE_EXCEEDED in the queue, UPSTREAM_RATE_LIMITED in a cool-down.
 */
export function createGate(next: Layer, options: GateOptions): Gate {
  const { concurrency, clock, random, sleep, observer, findRefusal } = options;
  const queue = createFairQueue<Waiting>();
  /** Requests that have not called yet and wait for it. */
  const newcomers = new Set<Requester>();
  const slots = createSlots(concurrency);
  const pace = createPace(clock);
  let coolDownUntil = Number.NEGATIVE_INFINITY;

  /** @throws the refusal of a call that must not be sent. */
  function isCoolingDown(call: PendingCall): boolean {
    const refusal = findRefusal(call);
    if (refusal !== undefined) throw refusal;
    return coolDownUntil > clock.monotonicNow();
  }

  /** @returns for whom it has taken a slot; undefined where none is free. */
  function takeFreeSlot(call: PendingCall): Requester | undefined {
    if (isCoolingDown(call)) return undefined;
    const holder = call.waiters.present.find(slots.hasRoomFor);
    if (holder !== undefined) slots.take(holder);
    return holder;
  }

  /** Much may have happened while the call waited for its slot. */
  function keepSlot(call: PendingCall, holder: Requester): boolean {
    let isKept = false;
    try {
      isKept = !isCoolingDown(call);
      return isKept;
    } finally {
      if (!isKept) freeSlot(holder);
    }
  }

  /** Waits until the call may be sent, and takes a slot for it. Each round ends nearer to its deadline. */
  async function waitForTurn(call: PendingCall): Promise<Requester> {
    for (;;) {
      const pauseMs = coolDownUntil - clock.monotonicNow();
      // Outside the queue: the slots are for those who may go.
      if (pauseMs > 0) await waitForCoolDown(call, pauseMs);
      const free = takeFreeSlot(call);
      if (free !== undefined) return free;
      if (coolDownUntil > clock.monotonicNow()) continue;
      const holder = await waitForSlot(call);
      if (keepSlot(call, holder)) return holder;
    }
  }

  async function waitForCoolDown(call: PendingCall, pauseMs: number): Promise<void> {
    const waitMs = pauseMs + random() * MAX_JITTER_MS;
    if (clock.monotonicNow() + waitMs + pace.leastMs() > call.deadlineAt)
      throw new UpstreamRateLimitedError(Math.ceil(pauseMs));
    await sleep(waitMs, call.signal);
  }

  /** @throws {OverloadedError} where a request would wait for its first call for too long. */
  function assertShortWait(starter: Requester): void {
    const { share, mostOfSlots } = starter;
    let others = 0;
    for (const newcomer of newcomers) if (mostOfSlots === 1 || newcomer.share === share) others += 1;
    if (others >= mostOfSlots * MAX_NEWCOMERS) throw new OverloadedError();
    const measured = concurrency.findPace(clock.monotonicNow());
    if (measured === undefined) return;
    const waitMs = (queue.countBefore(starter) / measured.callsPerSecond) * 1_000;
    if (waitMs > MAX_NEWCOMER_WAIT_MS) throw new OverloadedError();
  }

  /** Resolves with the one at whose place it took the slot. */
  function waitForSlot(call: PendingCall): Promise<Requester> {
    const { waiters, signal } = call;
    const { starter } = waiters;
    const hasCalled = () => waiters.present.some((requester) => requester.hasCalled);
    const spareMs = () => call.deadlineAt - pace.leastMs() - clock.monotonicNow();
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
      else watch(MAX_NEWCOMER_WAIT_MS, () => (hasCalled() ? waitForDeadline() : fail(new OverloadedError())));
    });
  }

  function freeSlot(holder: Requester): void {
    slots.free(holder);
    passSlotsOn();
  }

  /** Each round takes a call out of the queue. */
  function passSlotsOn(): void {
    while (slots.underWay < concurrency.limit) {
      const next = queue.peek(slots.hasRoomFor);
      if (next === undefined) return;
      next.item.offerSlot(next.requester);
    }
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
      let holder: Requester | undefined;
      try {
        // Nearly always there is one, and no turn of the event loop is spent on it.
        holder = takeFreeSlot(call) ?? (await waitForTurn(call));
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
      let isAnswered = false;
      try {
        const result = await next(call);
        isAnswered = true;
        return result;
      } catch (error) {
        noteRateLimit(error);
        throw error;
      } finally {
        const now = clock.monotonicNow();
        if (isAnswered) pace.learn(now - sentAt);
        slots.free(holder);
        concurrency.noteEnd(now, isAnswered, slots.underWay, !queue.isEmpty);
        passSlotsOn();
      }
    },
    get load() {
      return { underWay: slots.underWay, waiting: new Set(queue.items()).size, limit: concurrency.limit };
    },
    get pace() {
      return concurrency.findPace(clock.monotonicNow());
    },
    recheck() {
      for (const waiting of [...queue.items()]) waiting.recheck();
    },
  };
}

/** Who holds how many slots: no share more than its part, so that one is left for others. */
function createSlots(concurrency: Pick<ConcurrencyLimit, 'limit'>) {
  /** By share, those that may not hold all of them. */
  const held = new Map<string, number>();
  let underWay = 0;
  return {
    get underWay() {
      return underWay;
    },
    hasRoomFor({ share, mostOfSlots }: Requester): boolean {
      const { limit } = concurrency;
      if (underWay >= limit) return false;
      return mostOfSlots === 1 || (held.get(share) ?? 0) < Math.max(1, Math.floor(mostOfSlots * limit));
    },
    take({ share, mostOfSlots }: Requester): void {
      underWay += 1;
      if (mostOfSlots < 1) held.set(share, (held.get(share) ?? 0) + 1);
    },
    free({ share, mostOfSlots }: Requester): void {
      underWay -= 1;
      if (mostOfSlots === 1) return;
      const left = (held.get(share) ?? 0) - 1;
      if (left > 0) held.set(share, left);
      else held.delete(share);
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
