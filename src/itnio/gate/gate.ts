import type { Clock } from '../../domain/clock.ts';
import type { Requester } from '../../domain/requester.ts';
import { UpstreamRateLimitedError } from '../../errors/upstream-errors.ts';
import { type Layer, MAX_JITTER_MS, type PendingCall, type Sleep } from '../call.ts';
import type { VendorObserver } from '../events.ts';
import type { VendorLoad, VendorPace } from '../sip-page.ts';
import type { ConcurrencyLimit } from './concurrency.ts';
import { FastestCall } from './fastest-call.ts';
import { createSlots } from './slots.ts';
import { createWaitingCalls, MAX_NEWCOMERS } from './waiting-calls.ts';

/** Limits the calls to the vendor: so many at a time, none during a cool-down, requests in turn. */
export interface Gate {
  readonly layer: Layer;
  /** Ends the wait of calls that are refused from now on. */
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
  /** The error of a call that must not be sent now, and so need not wait. */
  readonly findRefusal: (call: PendingCall) => Error | undefined;
}

/**
 * Sends as many calls at a time as the limit allows, and of each share no more than its part. The rest wait in a queue. While
 * the vendor has asked for a pause, calls wait outside the queue, and are then sent with jitter. A call that cannot end in
 * time fails at once: with OVERLOADED or DEADLINE_EXCEEDED in the queue, with UPSTREAM_RATE_LIMITED in a cool-down.
 */
export function createGate(next: Layer, options: GateOptions): Gate {
  const { concurrency, clock, random, sleep, observer, findRefusal } = options;
  const slots = createSlots(concurrency);
  const fastestCall = new FastestCall();
  const waitingCalls = createWaitingCalls({ slots, concurrency, fastestCall, clock, findRefusal });
  let coolDownUntil = Number.NEGATIVE_INFINITY;

  /** @throws the refusal of a call that must not be sent. */
  function isCoolingDown(call: PendingCall): boolean {
    const refusal = findRefusal(call);
    if (refusal !== undefined) throw refusal;
    return coolDownUntil > clock.monotonicNow();
  }

  /** @returns the requester whose slot was taken; undefined if none is free. */
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
      if (!isKept) {
        slots.free(holder);
        waitingCalls.passSlotsOn();
      }
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
      const holder = await waitingCalls.waitForSlot(call);
      if (keepSlot(call, holder)) return holder;
    }
  }

  async function waitForCoolDown(call: PendingCall, pauseMs: number): Promise<void> {
    const waitMs = pauseMs + random() * MAX_JITTER_MS;
    const now = clock.monotonicNow();
    if (now + waitMs + fastestCall.leastMs(now) > call.deadlineAt)
      throw new UpstreamRateLimitedError(Math.ceil(pauseMs));
    await sleep(waitMs, call.signal);
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
      waitingCalls.noteSent(call.waiters);
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
        if (isAnswered) fastestCall.learn(now, now - sentAt);
        slots.free(holder);
        concurrency.noteEnd(now, isAnswered, slots.underWay, !waitingCalls.isEmpty);
        waitingCalls.passSlotsOn();
      }
    },
    get load() {
      return { underWay: slots.underWay, waiting: waitingCalls.count, limit: concurrency.limit };
    },
    get pace() {
      const pace = concurrency.findPace(clock.monotonicNow());
      return pace && { ...pace, mostWaiting: MAX_NEWCOMERS };
    },
    recheck: waitingCalls.recheck,
  };
}
