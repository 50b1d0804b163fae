import { applyChange, assertChange, type Change } from './change.ts';
import type { Failure } from './failure.ts';
import type { FailureQueue } from './failure-queue.ts';
import { InputError } from './input.ts';
import { assertQuirks, type Quirks } from './quirks.ts';
import type { CallHook, Schedule } from './schedule.ts';
import type { SipList } from './sip-list.ts';
import type { SipRecord } from './sip-record.ts';

/** Steers a sandbox while it runs. Each method throws InputError for what it does not know; then nothing has changed. */
export interface Control {
  readonly quirks: Quirks;
  /** Changes some quirks; the others stay. */
  setQuirks(changes: Partial<Quirks>): void;
  /** Failures that calls are still to meet. */
  readonly failures: readonly Failure[];
  /** Adds a failure behind those that are pending. A call meets at most one: the first that applies. */
  fail(failure: Failure): void;
  clearFailures(): void;
  /** The phones of an app in the vendor's order; not a copy. */
  getPhones(appId: string): readonly SipRecord[];
  /** Inserts, removes or edits phones and returns them; none yet where the change waits for a call. */
  change(change: Change): readonly SipRecord[];
  /** Runs a hook before each call is answered, until the function returned is called. */
  onCall(hook: CallHook): () => void;
  /** Puts everything back to the start: quirks, failures, changes that wait, hooks and phones. Not the call log. */
  reset(): void;
}

export interface ControlParts {
  readonly lists: ReadonlyMap<string, SipList>;
  readonly failures: FailureQueue;
  readonly schedule: Schedule;
  readonly initialQuirks: Quirks;
}

export function createControl({ lists, failures, schedule, initialQuirks }: ControlParts): Control {
  let quirks = initialQuirks;

  function getList(appId: string): SipList {
    const list = lists.get(appId);
    if (list === undefined) throw new InputError(`appId: expected one of ${[...lists.keys()].join(', ')}`);
    return list;
  }

  return {
    get quirks() {
      return quirks;
    },
    setQuirks(changes) {
      assertQuirks(changes);
      quirks = { ...quirks, ...changes };
    },
    get failures() {
      return failures.pending;
    },
    fail: failures.add,
    clearFailures: failures.clear,
    getPhones: (appId) => getList(appId).rows,
    change(change) {
      assertChange(change);
      const list = getList(change.appId);
      const apply = () => applyChange(list, change, quirks.updatedFirst);
      if (change.beforeCall === undefined) return apply();
      schedule.beforeCall(change.beforeCall, apply);
      return [];
    },
    onCall: schedule.onCall,
    reset() {
      quirks = initialQuirks;
      failures.clear();
      schedule.clear();
      for (const list of lists.values()) list.reset();
    },
  };
}
