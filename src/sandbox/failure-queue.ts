import { assertFailure, type Failure } from './failure.ts';
import type { Random } from './random.ts';

/** The faults that calls are still to meet. */
export interface FailureQueue {
  /** What is left, in the order it was added. */
  readonly pending: readonly Failure[];
  add(failure: Failure): void;
  /** The fault that a call meets, if any: the first one that applies to it. It is used up by one. */
  take(appId: string | undefined): Failure | undefined;
  clear(): void;
}

export function createFailureQueue(random: Random): FailureQueue {
  let pending: Failure[] = [];

  function appliesTo({ appId: only, probability = 1 }: Failure, appId: string | undefined): boolean {
    return (only === undefined || only === appId) && (probability === 1 || random() < probability);
  }

  return {
    get pending() {
      return pending;
    },
    add(failure) {
      assertFailure(failure);
      pending.push(failure);
    },
    take(appId) {
      if (pending.length === 0) return undefined;
      const taken = pending.find((failure) => appliesTo(failure, appId));
      if (taken === undefined) return undefined;
      const left = useUp(taken);
      pending = pending.flatMap((failure) => (failure === taken ? left : [failure]));
      return taken;
    },
    clear() {
      pending = [];
    },
  };
}

/** What is left of a failure after one more call met it. */
function useUp(failure: Failure): Failure[] {
  const { times = 1 } = failure;
  if (times === 'always') return [failure];
  return times > 1 ? [{ ...failure, times: times - 1 }] : [];
}
