/**
 * A timer that counts turns of the event loop, each of them a millisecond or more. What a test serves and asks itself is
 * done within a few turns: a busy machine makes the timer wait as it makes all else wait, and no answer comes too late.
 */
export function startTurnTimer(onTime: () => void, turns: number): () => void {
  let left = Math.max(1, turns);
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    onTime();
  }, 1);
  return () => clearInterval(timer);
}
