import type { AdmittedPlace } from '../context.ts';
import { watchBounds } from '../domain/bounds.ts';
import { type Caller, findMostOfShared } from '../domain/caller.ts';
import type { CancelSignal } from '../domain/cancel.ts';
import type { Clock } from '../domain/clock.ts';
import { OverloadedError } from '../errors/request-errors.ts';
import { type AdmissionLimits, AdmissionPolicy, type Claim } from './admission-policy.ts';

/** Lets in as many requests as the gateway can serve in time, and leaves room for each caller. */
export interface Admission {
  /** @throws {OverloadedError} when a request of this caller can only be refused, so that its body need not be read. */
  assertRoom(visitor: Visitor): void;
  /**
   * Lets a request in, at once or within the time that it may wait.
   * @throws {OverloadedError} also as a rejection.
   */
  enter(visitor: Visitor, signal: CancelSignal): AdmittedRequest | Promise<AdmittedRequest>;
  /** Weight of all that is in flight, and how many wait. */
  readonly load: { readonly inFlight: number; readonly waiting: number };
}

/** Who asks, as far as it matters here. */
export interface Visitor {
  readonly caller: Caller;
  /** Requests without a token from one address count as one caller. */
  readonly address: string;
}

/** A request that was let in. */
export interface AdmittedRequest extends AdmittedPlace {
  /** Gives its place to others; harmless when called again. */
  leave(): void;
}

export interface AdmissionOptions extends AdmissionLimits {
  /** Longest time to wait for a place, in milliseconds. */
  readonly waitMs: number;
  /** Whether callers are configured: each then leaves room for the others. */
  readonly hasKnownCallers: () => boolean;
}

/** A request weighs 1 for each so many objects that its answer may hold, and at least 1. */
const OBJECTS_PER_WEIGHT = 2_000;

export function createAdmission(
  options: AdmissionOptions,
  { startTimer }: Pick<Clock, 'startTimer'>,
): Admission {
  const policy = new AdmissionPolicy(options);
  /** One error for all refusals: under load, to record a stack for each would be a good part of what a refusal costs. */
  const refusal = new OverloadedError();
  /** What to call when a waiting request is let in. */
  const onAdmitted = new Map<Claim, () => void>();

  function claimFor({ caller, address }: Visitor): Claim {
    const outside = { weight: 1, state: 'outside' } as const;
    if (!options.hasKnownCallers()) return { caller: address, share: 1, ...outside };
    return {
      caller: caller.known ? `known ${caller.name}` : 'anonymous',
      share: findMostOfShared(caller),
      ...outside,
    };
  }

  function leave(claim: Claim): void {
    onAdmitted.delete(claim);
    for (const admitted of policy.leave(claim)) onAdmitted.get(admitted)?.();
  }

  /** @returns undefined when it is let in at once. */
  function enter(claim: Claim, signal: CancelSignal): Promise<void> | undefined {
    signal.throwIfAborted();
    const state = policy.enter(claim);
    if (state === 'admitted') return undefined;
    if (state === 'outside') throw refusal;
    return new Promise((resolve, reject) => {
      const stop = watchBounds(signal, options.waitMs, startTimer, (end) => {
        leave(claim);
        reject(end === 'aborted' ? signal.reason : refusal);
      });
      onAdmitted.set(claim, () => {
        onAdmitted.delete(claim);
        stop();
        resolve();
      });
    });
  }

  return {
    get load() {
      return policy.load;
    },
    assertRoom(visitor) {
      const { caller, share } = claimFor(visitor);
      if (!policy.hasRoom(caller, share)) throw refusal;
    },
    enter(visitor, signal) {
      const claim = claimFor(visitor);
      const admitted: AdmittedRequest = {
        weigh(objects) {
          const weight = Math.ceil(objects / OBJECTS_PER_WEIGHT);
          if (weight <= claim.weight) return undefined;
          // It gives up what it holds while it waits for more: else all could wait for each other.
          leave(claim);
          claim.weight = weight;
          return enter(claim, signal);
        },
        leave: () => leave(claim),
      };
      const waiting = enter(claim, signal);
      return waiting === undefined ? admitted : waiting.then(() => admitted);
    },
  };
}
