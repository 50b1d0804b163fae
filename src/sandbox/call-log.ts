import type { SipQuery } from './parameters.ts';

/** One call, as far as it is remembered: never its key, signature or rows. */
interface Call {
  /** Null, like the other two, when the parameters could not be read. */
  readonly appId: string | null;
  readonly current: number | null;
  readonly size: number | null;
  /** The vendor's status: "0", "-16", … What was made of it on the way is `fault`. */
  readonly status: string;
  /** The fault that spoiled it, or null. */
  readonly fault: string | null;
}

/** How many calls are remembered one by one; the counters go on for ever. */
export const RECENT_CALLS = 10_000;

/** What reached the sandbox since it started, or since the last reset. */
export interface CallLog {
  readonly total: number;
  /** Calls by app id. */
  readonly byApp: Readonly<Record<string, number>>;
  /** The latest calls, oldest first; at least the last {@link RECENT_CALLS}. */
  readonly recent: readonly Call[];
  /** Calls that are being answered. */
  readonly inFlight: number;
  /** The most calls that were being answered at once. */
  readonly peakInFlight: number;
  /** Calls whose client left before the end of the answer. */
  readonly abandoned: number;
  /** TCP connections that were opened, those to the control interface included. */
  readonly connections: number;
  reset(): void;
}

/** The writing side of the log. */
export interface CallRecorder {
  connected(): void;
  started(): void;
  answered(query: SipQuery | undefined, status: number, fault: string | undefined): void;
  ended(abandoned: boolean): void;
}

export function createCallLog(): CallLog & CallRecorder {
  let [total, inFlight, peakInFlight, abandonedCalls, connections] = [0, 0, 0, 0, 0];
  let byApp = new Map<string, number>();
  let recent: Call[] = [];

  return {
    get total() {
      return total;
    },
    get byApp() {
      return Object.fromEntries(byApp);
    },
    get recent() {
      return recent;
    },
    get inFlight() {
      return inFlight;
    },
    get peakInFlight() {
      return peakInFlight;
    },
    get abandoned() {
      return abandonedCalls;
    },
    get connections() {
      return connections;
    },
    reset() {
      [total, peakInFlight, abandonedCalls, connections] = [0, inFlight, 0, 0];
      byApp = new Map();
      recent = [];
    },
    connected() {
      connections += 1;
    },
    started() {
      total += 1;
      inFlight += 1;
      peakInFlight = Math.max(peakInFlight, inFlight);
    },
    answered(query, status, fault) {
      const { appId = null, current = null, size = null } = query ?? {};
      if (appId !== null) byApp.set(appId, (byApp.get(appId) ?? 0) + 1);
      // Halved now and then: cheaper per call than a ring, and never shorter than promised.
      if (recent.length >= 2 * RECENT_CALLS) recent = recent.slice(-RECENT_CALLS);
      recent.push({ appId, current, size, status: String(status), fault: fault ?? null });
    },
    ended(abandoned) {
      inFlight -= 1;
      if (abandoned) abandonedCalls += 1;
    },
  };
}
