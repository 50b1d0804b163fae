import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';

/** Gathers requests without a valid token or client certificate: a burst of them is one line of the log a minute. */
export interface RefusedTokens {
  note(clientAddress: string): void;
  /** Logs what was gathered and not logged yet. */
  close(): void;
}

const MINUTE_MS = 60_000;
/** Addresses that a line names. */
const MAX_ADDRESSES = 20;

export function createRefusedTokens(log: Log, { startTimer }: Pick<Clock, 'startTimer'>): RefusedTokens {
  const addresses = new Set<string>();
  let count = 0;
  let stopTimer: (() => void) | undefined;

  function tell(): void {
    stopTimer?.();
    stopTimer = undefined;
    if (count === 0) return;
    const moreAddresses = addresses.size > MAX_ADDRESSES || undefined;
    log.warn(
      { count, addresses: [...addresses].slice(0, MAX_ADDRESSES), moreAddresses },
      'Requests without a valid token or client certificate were refused.',
    );
    count = 0;
    addresses.clear();
  }

  return {
    note(clientAddress) {
      count++;
      if (addresses.size <= MAX_ADDRESSES) addresses.add(clientAddress);
      stopTimer ??= startTimer(tell, MINUTE_MS);
    },
    close: tell,
  };
}
