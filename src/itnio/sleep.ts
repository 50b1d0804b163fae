import { setTimeout as delay } from 'node:timers/promises';

/** Waits, in milliseconds. Rejects with the signal's reason as soon as that aborts. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Waits on a timer. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, signal && { signal });
  } catch (error) {
    // The timer rejects with an AbortError of its own.
    throw signal?.aborted ? signal.reason : error;
  }
}
