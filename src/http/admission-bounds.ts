import type { Gateway } from '../gateway.ts';
import type { AdmissionLimits } from './admission-policy.ts';

/** How long requests that are let in may wait for a vendor call, and others to be let in, in milliseconds. */
const INSIDE_MS = 500;
const WAITING_MS = 400;

/** Requests that are let in, and that may wait, however slow the vendor is: some are answered from kept rows. */
const LEAST_IN_FLIGHT = 10;
const LEAST_WAITING = 5;

/**
 * Lowers the limits to what a slow vendor can serve, so that a request that would wait too long is refused at once.
 * @param most the limits while the vendor keeps up; they are never exceeded.
 * @param pace undefined while the vendor keeps up.
 */
export function boundByPace(most: AdmissionLimits, pace: Gateway['vendorPace']): AdmissionLimits {
  if (pace === undefined) return most;
  const { callsAtATime, callsPerSecond, mostWaiting } = pace;
  const within = (ms: number) => Math.ceil((callsPerSecond * ms) / 1_000);
  return {
    inFlight: Math.min(
      most.inFlight,
      // Any more would be refused later, which costs several times as much as a refusal here.
      Math.max(LEAST_IN_FLIGHT, callsAtATime + Math.min(mostWaiting, within(INSIDE_MS))),
    ),
    waiting: Math.min(most.waiting, Math.max(LEAST_WAITING, within(WAITING_MS))),
  };
}
