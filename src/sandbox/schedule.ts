import type { SipQuery } from './parameters.ts';

/** Something done before a call is answered; the query is undefined for a call whose parameters cannot be read. */
export type CallHook = (query: SipQuery | undefined) => void;

/** What happens between calls: the moments at which others change the vendor's data. */
export interface Schedule {
  /** Runs a hook before each call is answered, until the function returned is called. */
  onCall(hook: CallHook): () => void;
  /** Runs a change once, before the n-th call from now: 1 is the next. */
  beforeCall(n: number, change: () => void): void;
  /** Runs what is due; to be called once a call, before anything of its answer is decided. */
  run(query: SipQuery | undefined): void;
  clear(): void;
}

export function createSchedule(): Schedule {
  const hooks = new Set<CallHook>();

  function onCall(hook: CallHook): () => void {
    hooks.add(hook);
    return () => hooks.delete(hook);
  }

  return {
    onCall,
    beforeCall(n, change) {
      let callsLeft = n;
      const stop = onCall(() => {
        callsLeft -= 1;
        if (callsLeft > 0) return;
        stop();
        change();
      });
    },
    run(query) {
      for (const hook of hooks) hook(query);
    },
    clear() {
      hooks.clear();
    },
  };
}
