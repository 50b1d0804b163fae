import type { Clock } from '../domain/clock.ts';
import { parseHttpDate } from '../domain/http-date.ts';
import { UpstreamMisconfiguredError } from '../errors/upstream-errors.ts';
import type { VendorObserver } from './events.ts';

/** A moment on the vendor's clock, as far as it is known. */
export interface ClockReading {
  /** Since the epoch, whole. */
  readonly epochSeconds: number;
  /** Grows whenever the clock is corrected. */
  readonly correction: number;
}

/** What an answer tells of the vendor's clock. */
interface ClockEvidence {
  /** The answer's `Date` header; null when there is none. */
  readonly date: string | null;
  /** Whether a cache in between has kept the answer (`Age`), so that its date is of another time. */
  readonly isKept: boolean;
  /** From sending the request to receiving the answer's headers, in milliseconds. */
  readonly roundTripMs: number;
}

/** The vendor's clock: ours, until the vendor says that a timestamp has expired. */
export interface VendorClock {
  read(): ClockReading;
  /**
   * Takes back a reading that the vendor refused, so that the next one is right. Of many calls refused together only
   * the first corrects the clock.
   * @throws {UpstreamMisconfiguredError} when the answer does not tell the vendor's time.
   */
  correct(refused: ClockReading, evidence: ClockEvidence): void;
}

/** Largest difference, in milliseconds, that counts as none: a `Date` header is only good to a second. */
const NEGLIGIBLE_OFFSET_MS = 3_000;

export function createVendorClock(dependencies: {
  readonly clock: Pick<Clock, 'epochNow'>;
  readonly observer: Pick<VendorObserver, 'onChange'>;
}): VendorClock {
  const { clock, observer } = dependencies;
  let offsetMs = 0;
  let correction = 0;
  return {
    read: () => ({ epochSeconds: Math.floor((clock.epochNow() + offsetMs) / 1000), correction }),

    correct(refused, evidence) {
      // Another call of the same moment was faster: its correction is ours.
      if (refused.correction !== correction) return;
      const measuredMs = measureOffset(evidence, clock.epochNow());
      const nextMs = Math.abs(measuredMs) < NEGLIGIBLE_OFFSET_MS ? 0 : measuredMs;
      if (Math.abs(nextMs - offsetMs) < NEGLIGIBLE_OFFSET_MS) return;
      offsetMs = nextMs;
      correction += 1;
      observer.onChange({ kind: 'clock-corrected', offsetMs });
    },
  };
}

/** How far the vendor's clock is ahead of ours. The half second is what its `Date` cuts off, on average. */
function measureOffset({ date, isKept, roundTripMs }: ClockEvidence, receivedAt: number): number {
  if (isKept) throw createClockFault('an Age header: a cache has kept it, and its Date is of another time');
  if (date === null) throw createClockFault('no Date header to set the clock by');
  const vendorTime = parseHttpDate(date, receivedAt);
  if (vendorTime === undefined) throw createClockFault('a Date header that is no HTTP date');
  // Counted back from the receipt: our own clock may have been set while the call was under way.
  return Math.round(vendorTime + 500 - (receivedAt - roundTripMs / 2));
}

function createClockFault(evidence: string): UpstreamMisconfiguredError {
  return new UpstreamMisconfiguredError(`status -16, and the answer has ${evidence}`);
}
