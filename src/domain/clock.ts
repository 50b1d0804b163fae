/** Time, handed in wherever it is needed, so that tests can hand in their own. */
export interface Clock {
  /** Milliseconds since the epoch. It may jump when someone sets it. */
  epochNow(): number;
  /** Milliseconds since some moment. It never jumps; deadlines are moments on it. */
  monotonicNow(): number;
  /**
   * Calls back once, after so many milliseconds: any number, below 0 counts as 0.
   * @returns calls it off; harmless afterwards.
   */
  startTimer(onTime: () => void, ms: number): () => void;
}

/** A clock for what nobody waits for, too. */
export interface BackgroundClock extends Clock {
  /** The same as {@link startTimer}, but does not keep the process alive. */
  startBackgroundTimer(onTime: () => void, ms: number): () => void;
}

/** Longest wait that a timer of Node's takes, in milliseconds. With a longer one it would call back at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: BackgroundClock = {
  epochNow: Date.now,
  monotonicNow: () => performance.now(),
  startTimer(onTime, ms) {
    const timer = setTimeout(onTime, Math.min(ms, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
  startBackgroundTimer(onTime, ms) {
    const timer = setTimeout(onTime, Math.min(ms, MAX_TIMER_MS)).unref();
    return () => clearTimeout(timer);
  },
};
