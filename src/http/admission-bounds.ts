import type { Gateway } from '../gateway.ts';
import type { AdmissionLimits } from './admission-policy.ts';

/** How long those who are let in may wait for a vendor call, and those before them for a place, in milliseconds. */
const INSIDE_MS = 500;
const WAITING_MS = 400;

/** Let in however slow the vendor is: what is kept needs no call, and is not to wait for what does. */
const LEAST_IN_FLIGHT = 10;
const LEAST_WAITING = 5;

/**
 * Holds the limits against what the vendor gives: whoever would have to wait for too long is refused at once.
 * @param most the limits while the vendor keeps up; they are not exceeded.
 * @param pace undefined while it keeps up.
 */
export function boundByPace(most: AdmissionLimits, pace: Gateway['vendorPace']): AdmissionLimits {
  if (pace === undefined) return most;
  const { callsAtATime, callsPerSecond, mostWaiting } = pace;
  const within = (ms: number) => Math.ceil((callsPerSecond * ms) / 1_000);
  return {
    inFlight: Math.min(
      most.inFlight,
      // More would be let in to be refused, which costs several times as much as to refuse them here.
      Math.max(LEAST_IN_FLIGHT, callsAtATime + Math.min(mostWaiting, within(INSIDE_MS))),
    ),
    waiting: Math.min(most.waiting, Math.max(LEAST_WAITING, within(WAITING_MS))),
  };
}
