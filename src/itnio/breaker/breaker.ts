import { Canceller, type CancelSignal } from '../../domain/cancel.ts';
import type { BackgroundClock } from '../../domain/clock.ts';
import { UpstreamCircuitOpenError } from '../../errors/upstream-errors.ts';
import type { Layer, PendingCall, VendorCall } from '../call.ts';
import type { VendorObserver } from '../events.ts';
import { type Circuit, Circuits } from './circuits.ts';
import { createHealth, type Evidence, readEvidence } from './evidence.ts';
import { TrackRecord } from './track-record.ts';

/** Time between the starts of two probes, in milliseconds; the second where the vendor refuses the gateway. */
const PROBE_INTERVAL_MS = 3_000;
const REFUSED_INTERVAL_MS = 30_000;

/** With many circuits open, probes of all together start no closer than this, in milliseconds. */
const LEAST_PROBE_GAP_MS = 1_000;

/** How long an app that no client asks for is probed, in milliseconds. */
const UNASKED_MS = 60_000;

/** Leaves the vendor alone while it fails. */
export interface Breaker {
  readonly layer: Layer;
  /** The error of a call whose circuit is open. */
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
  readonly signal: CancelSignal;
  readonly deadlineAt: number;
}

/**
 * Opens a circuit when the track record says so. Bad answers, or two refusals of the gateway's key or address, open it for all
 * apps only if a probe of an app that has answered before fails too: a client cannot lock others out by asking for an app
 * that fails. While a circuit is open, the gateway probes the vendor every 3 s, or every 30 s while it is refused. One success
 * closes the circuit.
 */
export function createBreaker(next: Layer, options: BreakerOptions): Breaker {
  const { clock, observer, createProbe, onOpen } = options;
  const closed = new Canceller();
  const noteHealth = createHealth(observer);
  const record = new TrackRecord();
  const circuits = new Circuits();
  let closedAt = Number.NEGATIVE_INFINITY;
  let nextCheckAt = Number.NEGATIVE_INFINITY;
  let lastProbeAt = Number.NEGATIVE_INFINITY;
  let stopTimer = () => {};

  function recordFailure(appId: string, startedAt: number, error: unknown): void {
    const now = clock.monotonicNow();
    const evidence = readEvidence(error, now - startedAt);
    noteHealth(evidence, error);
    if (evidence === 'success') record.countAnswer(appId, now);
    // What began before the circuit closed, or goes on while it is open, tells nothing new.
    else if (evidence === 'none' || circuits.isOpenForAll || startedAt < closedAt) return;
    else if (evidence !== 'refusal') judge(appId, now, evidence === 'no-connection');
    else if (record.countRefusal(now)) void check(appId);
  }

  /** Records a failure, and opens the circuit that it gives reason to open. */
  function judge(appId: string, now: number, isUnconnected: boolean): void {
    const { opens, isDoubtful } = record.countFailure(appId, now, isUnconnected);
    if (opens !== undefined) open(appId, isUnconnected ? 'no connection' : 'bad answers', opens === 'all');
    if (isDoubtful) void check(appId);
  }

  /** Finds out by a probe whether the vendor is at fault, not only one app. If so, opens the circuit for all. */
  async function check(appId: string): Promise<void> {
    const now = clock.monotonicNow();
    if (circuits.isOpenForAll || now < nextCheckAt) return;
    nextCheckAt = now + PROBE_INTERVAL_MS;
    const evidence = await probe(appId);
    if (evidence === 'refusal') open(appId, 'refused', true, REFUSED_INTERVAL_MS);
    else if (record.hasManyFailures(clock.monotonicNow())) open(appId, 'bad answers', true);
  }

  function open(appId: string, cause: string, isForAll: boolean, intervalMs = PROBE_INTERVAL_MS): void {
    if (closed.aborted) return;
    const now = clock.monotonicNow();
    if (!circuits.open({ appId, isForAll, nextProbeAt: now + intervalMs, askedAt: now })) return;
    observer.onChange({ kind: 'breaker-opened', cause, appId: isForAll ? undefined : appId });
    schedule();
    onOpen();
  }

  function close(circuit: Circuit): void {
    const { appId, isForAll } = circuit;
    closedAt = clock.monotonicNow();
    circuits.close(circuit);
    if (isForAll) record.forgetAll();
    else record.forget(appId);
    observer.onChange({ kind: 'breaker-closed', appId: isForAll ? undefined : appId });
  }

  /** Starts the timer of the next probe. */
  function schedule(): void {
    stopTimer();
    const circuit = circuits.findDue();
    if (circuit === undefined || closed.aborted) return;
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
    if (!circuits.has(circuit)) return;
    if (evidence === 'success') close(circuit);
    else if (evidence === 'refusal') circuit.nextProbeAt = now + REFUSED_INTERVAL_MS;
    schedule();
  }

  /** One call that no client waits for, of an app that has answered before if any may do. */
  async function probe(appId: string, mayBeAny = true): Promise<Evidence> {
    const probedId = mayBeAny ? (record.goodAppId ?? appId) : appId;
    const startedAt = clock.monotonicNow();
    const bounds = { signal: closed, deadlineAt: startedAt + PROBE_INTERVAL_MS };
    try {
      await next(createProbe(probedId, bounds));
      record.noteSuccess(probedId, clock.monotonicNow());
      noteHealth('success');
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
        record.noteSuccess(call.appId, now);
        record.countAnswer(call.appId, now);
        noteHealth('success');
        return result;
      } catch (error) {
        recordFailure(call.appId, startedAt, error);
        throw error;
      }
    },

    findRefusal({ appId }) {
      const circuit = circuits.find(appId);
      if (circuit === undefined) return undefined;
      const now = clock.monotonicNow();
      circuit.askedAt = now;
      return new UpstreamCircuitOpenError(Math.max(0, Math.ceil(circuit.nextProbeAt - now)));
    },

    close() {
      closed.abort(new Error('The client is closed.'));
      stopTimer();
    },
  };
}
