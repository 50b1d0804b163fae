import { LRUCache } from 'lru-cache';
import type { BackgroundClock } from '../domain/clock.ts';
import { UpstreamCircuitOpenError } from '../errors/upstream-errors.ts';
import type { Layer, PendingCall, VendorCall } from './call.ts';
import type { VendorObserver } from './events.ts';
import { createHealth, type Evidence, readEvidence } from './evidence.ts';
import { RollingWindow, Spread } from './rolling-window.ts';

/** Between the starts of two probes, in milliseconds; and where the vendor refuses the gateway. */
const PROBE_INTERVAL_MS = 3_000;
const REFUSED_INTERVAL_MS = 30_000;

/** With many circuits open, probes of all together start no closer than this, in milliseconds. */
const LEAST_PROBE_GAP_MS = 1_000;

/** How long a success or a failure says something about the next one, in milliseconds. */
const RECENT_MS = 10_000;

/** How long an app is probed that nobody asks for, in milliseconds. */
const UNASKED_MS = 60_000;

/** Apps whose calls are counted, and apps whose circuit is open at a time. */
const MAX_APPS = 1_000;
const MAX_OPEN_APPS = 100;

/** Leaves the vendor alone while it fails. */
export interface Breaker {
  readonly layer: Layer;
  /** What a call ends with at once while its circuit is open. */
  findRefusal(call: PendingCall): UpstreamCircuitOpenError | undefined;
  /** Ends the probes. */
  close(): void;
}

export interface BreakerOptions {
  readonly clock: BackgroundClock;
  readonly observer: VendorObserver;
  /** The smallest call of this app. */
  readonly createProbe: (appId: string, bounds: ProbeBounds) => VendorCall<unknown, unknown>;
  /** Called when a circuit opens: calls that wait are refused from now on. */
  readonly onOpen: () => void;
}

interface ProbeBounds {
  readonly signal: AbortSignal;
  readonly deadlineAt: number;
}

/** While there is one, calls are refused. */
interface Circuit {
  /** The app whose call opened it. */
  readonly appId: string;
  readonly isForAll: boolean;
  nextProbeAt: number;
  /** When a call was last refused by it. */
  askedAt: number;
}

/**
 * Opens a circuit where at least half of 20 calls or more failed within ten seconds.
 * Calls without a connection open it for all apps, unless only one app has such calls while another one is answered.
 * Bad answers open it for their app. For all apps they open it when several apps fail, none succeeds, and a call of an app
 * that has answered before fails too: nobody locks others out by asking for an app that fails.
 * Refusals of the gateway's key or address, two within ten seconds, open it for all, for 30 s, when a newly signed call of
 * such an app is refused as well.
 * While a circuit is open the gateway probes the vendor by itself. One success closes it.
 */
export function createBreaker(next: Layer, options: BreakerOptions): Breaker {
  const { clock, observer, createProbe, onOpen } = options;
  const controller = new AbortController();
  const noteHealth = createHealth(observer);
  const apps = new LRUCache<string, RollingWindow>({ max: MAX_APPS });
  /** Of all calls, those without a connection. */
  const connections = new RollingWindow();
  const unconnectedApps = new Spread();
  /** Failures of all apps since one succeeded, and of these the ones without a connection. */
  const failures = new RollingWindow();
  const failingApps = new Spread();
  const openApps = new Map<string, Circuit>();
  let whole: Circuit | undefined;
  let closedAt = Number.NEGATIVE_INFINITY;
  let lastGood: { readonly appId: string; readonly at: number } | undefined;
  let refusedAt = Number.NEGATIVE_INFINITY;
  let nextCheckAt = Number.NEGATIVE_INFINITY;
  let lastProbeAt = Number.NEGATIVE_INFINITY;
  let stopTimer = () => {};

  function recordSuccess(appId: string, now: number): void {
    lastGood = { appId, at: now };
    failures.clear();
    failingApps.clear();
    noteHealth('success');
  }

  function recordFailure(appId: string, startedAt: number, error: unknown): void {
    const now = clock.monotonicNow();
    const evidence = readEvidence(error, now - startedAt);
    noteHealth(evidence, error);
    if (evidence === 'success') count(appId, now, 'success');
    // What began before the circuit closed, or goes on while it is open, tells nothing new.
    else if (evidence === 'none' || whole !== undefined || startedAt < closedAt) return;
    else if (evidence === 'refusal') judgeRefusal(appId, now);
    else judge(appId, now, evidence);
  }

  /** One refusal may be about one app or one moment. The second is checked. */
  function judgeRefusal(appId: string, now: number): void {
    if (now - refusedAt < RECENT_MS) void check(appId);
    refusedAt = now;
  }

  /** Opens what a failure gives reason to open. */
  function judge(appId: string, now: number, evidence: 'no-connection' | 'bad-answer'): void {
    const isUnconnected = evidence === 'no-connection';
    const cause = isUnconnected ? 'no connection' : 'bad answers';
    count(appId, now, evidence);
    failures.add(now, isUnconnected);
    failingApps.note(now, appId);
    if (isUnconnected) unconnectedApps.note(now, appId);
    // The second says it at once, where many calls were answered in the seconds before.
    const isCutOff = isUnconnected && (connections.hasTripped(now) || failures.hasTripped(now));
    if (isCutOff && !isAlone(appId, now)) open(appId, cause, true);
    else if (apps.get(appId)?.hasTripped(now)) open(appId, cause, false);
    if (failingApps.hasSeveral(now) && failures.hasEnough(now)) void check(appId);
  }

  function count(appId: string, now: number, evidence: Evidence): void {
    connections.add(now, evidence === 'no-connection');
    let app = apps.get(appId);
    if (app === undefined) {
      app = new RollingWindow();
      apps.set(appId, app);
    }
    app.add(now, evidence !== 'success');
  }

  /** Whether only this app has calls without a connection, while another one is answered. */
  function isAlone(appId: string, now: number): boolean {
    if (unconnectedApps.hasSeveral(now) || lastGood === undefined) return false;
    return lastGood.appId !== appId && now - lastGood.at < RECENT_MS;
  }

  /** Sees by one call whether the vendor is at fault rather than one app, and opens the circuit for all if so. */
  async function check(appId: string): Promise<void> {
    const now = clock.monotonicNow();
    if (whole !== undefined || now < nextCheckAt) return;
    nextCheckAt = now + PROBE_INTERVAL_MS;
    const evidence = await probe(appId);
    if (evidence === 'refusal') open(appId, 'refused', true, REFUSED_INTERVAL_MS);
    else if (failures.hasEnough(clock.monotonicNow())) open(appId, 'bad answers', true);
  }

  function open(appId: string, cause: string, isForAll: boolean, intervalMs = PROBE_INTERVAL_MS): void {
    if (whole !== undefined || controller.signal.aborted) return;
    if (!isForAll && (openApps.has(appId) || openApps.size >= MAX_OPEN_APPS)) return;
    const now = clock.monotonicNow();
    const circuit = { appId, isForAll, nextProbeAt: now + intervalMs, askedAt: now };
    if (isForAll) whole = circuit;
    else openApps.set(appId, circuit);
    observer.onChange({ kind: 'breaker-opened', cause, appId: isForAll ? undefined : appId });
    schedule();
    onOpen();
  }

  function close({ appId, isForAll }: Circuit): void {
    closedAt = clock.monotonicNow();
    if (isForAll) {
      whole = undefined;
      openApps.clear();
      apps.clear();
      connections.clear();
    } else {
      openApps.delete(appId);
      apps.delete(appId);
    }
    observer.onChange({ kind: 'breaker-closed', appId: isForAll ? undefined : appId });
  }

  /** The circuit that is to be probed next. As long as it is open for all, no other matters. */
  function findDue(): Circuit | undefined {
    let due = whole;
    if (due === undefined)
      for (const circuit of openApps.values())
        if (due === undefined || circuit.nextProbeAt < due.nextProbeAt) due = circuit;
    return due;
  }

  /** Starts the timer of the next probe. */
  function schedule(): void {
    stopTimer();
    const circuit = findDue();
    if (circuit === undefined || controller.signal.aborted) return;
    const startAt = Math.max(circuit.nextProbeAt, lastProbeAt + LEAST_PROBE_GAP_MS);
    const waitMs = startAt - clock.monotonicNow();
    stopTimer = clock.startBackgroundTimer(() => void probeCircuit(circuit), waitMs);
  }

  async function probeCircuit(circuit: Circuit): Promise<void> {
    const now = clock.monotonicNow();
    if (!circuit.isForAll && now - circuit.askedAt > UNASKED_MS) {
      close(circuit);
      return schedule();
    }
    lastProbeAt = now;
    circuit.nextProbeAt = now + PROBE_INTERVAL_MS;
    schedule();
    const evidence = await probe(circuit.appId, circuit.isForAll);
    if (circuit !== (circuit.isForAll ? whole : openApps.get(circuit.appId))) return;
    if (evidence === 'success') close(circuit);
    else if (evidence === 'refusal') circuit.nextProbeAt = now + REFUSED_INTERVAL_MS;
    schedule();
  }

  /** One call that no client waits for, of an app that has answered before if any may do. */
  async function probe(appId: string, mayBeAny = true): Promise<Evidence> {
    const probedId = mayBeAny ? (lastGood?.appId ?? appId) : appId;
    const startedAt = clock.monotonicNow();
    const bounds = { signal: controller.signal, deadlineAt: startedAt + PROBE_INTERVAL_MS };
    try {
      await next(createProbe(probedId, bounds));
      recordSuccess(probedId, clock.monotonicNow());
      return 'success';
    } catch (error) {
      const evidence = readEvidence(error, clock.monotonicNow() - startedAt);
      noteHealth(evidence, error);
      return evidence;
    }
  }

  return {
    layer: async function breaker(call) {
      const startedAt = clock.monotonicNow();
      try {
        const result = await next(call);
        const now = clock.monotonicNow();
        recordSuccess(call.appId, now);
        count(call.appId, now, 'success');
        return result;
      } catch (error) {
        recordFailure(call.appId, startedAt, error);
        throw error;
      }
    },

    findRefusal({ appId }) {
      const circuit = whole ?? openApps.get(appId);
      if (circuit === undefined) return undefined;
      const now = clock.monotonicNow();
      circuit.askedAt = now;
      return new UpstreamCircuitOpenError(Math.max(0, Math.ceil(circuit.nextProbeAt - now)));
    },

    close() {
      controller.abort();
      stopTimer();
    },
  };
}
