/** Calls back once, after so many milliseconds. Calling what it returns calls it off. */
export type StartTimer = (onTime: () => void, ms: number) => () => void;

/** Longest time that a timer of Node's takes, in milliseconds. Beyond it, it would ring at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Calls back on a timer of Node's. */
export function startTimer(onTime: () => void, ms: number): () => void {
  const timer = setTimeout(onTime, Math.min(ms, MAX_TIMER_MS));
  return () => clearTimeout(timer);
}
