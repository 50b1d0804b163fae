import type { Bounds } from '../domain/bounds.ts';
import { DeadlineExceededError } from '../errors/request-errors.ts';
import { type Call, MIN_ATTEMPT_MS } from './call.ts';
import type { StartTimer } from './timer.ts';

/**
 * Lets so many calls at a time to the vendor; the rest wait in the order in which they came. Whatever is inside is the
 * vendor's time alone: no attempt is signed, counted or timed while its call waits. A call leaves the queue when its
 * signal aborts, or with DEADLINE_EXCEEDED when too little time is left for an attempt.
 */
export function createSlottedCall(
  next: Call,
  dependencies: { readonly slotCount: number; readonly now: () => number; readonly startTimer: StartTimer },
): Call {
  const { slotCount, now, startTimer } = dependencies;
  /** In order of arrival. Each hands the slot to the one who waits. */
  const queue = new Set<() => void>();
  let freeSlots = slotCount;

  function waitForSlot({ signal, deadlineAt }: Bounds): Promise<void> {
    const spareMs = deadlineAt - MIN_ATTEMPT_MS - now();
    if (spareMs < 0) throw new DeadlineExceededError();
    return new Promise((resolve, reject) => {
      const leaveQueue = () => {
        queue.delete(takeSlot);
        stopTimer();
        signal?.removeEventListener('abort', onAbort);
      };
      const takeSlot = () => {
        leaveQueue();
        resolve();
      };
      const giveUp = (reason: unknown) => {
        leaveQueue();
        reject(reason);
      };
      const onAbort = () => giveUp(signal?.reason);
      const stopTimer = startTimer(() => giveUp(new DeadlineExceededError()), spareMs);
      signal?.addEventListener('abort', onAbort);
      queue.add(takeSlot);
    });
  }

  function passSlotOn(): void {
    const [takeSlot] = queue;
    if (takeSlot === undefined) freeSlots += 1;
    else takeSlot();
  }

  return async function call(endpoint, request, options) {
    options.signal?.throwIfAborted();
    if (freeSlots > 0) freeSlots -= 1;
    else await waitForSlot(options);
    try {
      return await next(endpoint, request, options);
    } finally {
      passSlotOn();
    }
  };
}
