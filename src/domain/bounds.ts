import type { CancelSignal } from './cancel.ts';
import type { Clock } from './clock.ts';

/** What bounds a piece of work: whoever waits for it may leave, and does not wait for ever. */
export interface Bounds {
  /** Aborts when the work is not wanted any more; its reason is then what the work ends with. */
  readonly signal?: CancelSignal | undefined;
  /** When the time is used up, on the clock of {@link Clock.monotonicNow}. */
  readonly deadlineAt: number;
}

/**
 * Calls `onEnd` once: with 'aborted' when the signal aborts, with 'late' after `ms` milliseconds.
 * Neither a timer nor a listener is left behind, whether it has ended or was stopped.
 * @returns stops watching; harmless afterwards.
 */
export function watchBounds(
  signal: CancelSignal | undefined,
  ms: number,
  startTimer: Clock['startTimer'],
  onEnd: (end: 'aborted' | 'late') => void,
): () => void {
  const onAbort = () => end('aborted');
  const stopTimer = startTimer(() => end('late'), ms);
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted) end('aborted');
  return stop;

  function stop(): void {
    stopTimer();
    signal?.removeEventListener('abort', onAbort);
  }
  function end(how: 'aborted' | 'late'): void {
    stop();
    onEnd(how);
  }
}

/** Waits so many milliseconds. Rejects with the signal's reason as soon as that aborts. */
export function sleep(
  { startTimer }: Pick<Clock, 'startTimer'>,
  ms: number,
  signal?: CancelSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    watchBounds(signal, ms, startTimer, (end) => (end === 'late' ? resolve() : reject(signal?.reason)));
  });
}
