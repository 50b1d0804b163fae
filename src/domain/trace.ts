import { type Channel, channel } from 'node:diagnostics_channel';

/** A request for GraphQL has arrived. Whoever makes a span of it may set its trace id, which then stands in the log. */
export interface RequestStart {
  readonly requestId: string;
  /** The client's headers, whole, undefined where they are missing. */
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
  readonly method: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  traceId?: string;
}

/** Its answer is made. */
export interface RequestEnd {
  readonly requestId: string;
  readonly status: number;
  /** The operation's name, where it has one. */
  readonly operation: string | undefined;
  readonly caller: string | undefined;
  /** A code for each error of the answer. */
  readonly codes: readonly string[];
}

/** Something that was done for a request: it is told of when it has ended. */
interface Step {
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
}

/** One plan of vendor calls, and all of these. */
interface PlanStep extends Step {
  readonly appId: string;
  readonly calls: number;
}

/** One attempt at the vendor. Calls that requests share stand with the one that started them. */
export interface AttemptStep extends Step {
  readonly endpoint: string;
  /** `OK`, an error code, or `ABORTED`. */
  readonly outcome: string;
  readonly waitedMs: number;
}

/**
 * What a tracer is told. Nothing is made up for it as long as none has subscribed.
 * @see https://nodejs.org/api/diagnostics_channel.html
 */
export const TRACE = {
  requestStart: channel('itnio-gateway:request:start'),
  requestEnd: channel('itnio-gateway:request:end'),
  plan: channel('itnio-gateway:plan'),
  attempt: channel('itnio-gateway:attempt'),
} as const satisfies Readonly<Record<string, Channel>>;

/** Tells that a request has arrived. @returns the trace id that a tracer has given it. */
export function traceStart(start: RequestStart): string | undefined {
  TRACE.requestStart.publish(start);
  return start.traceId;
}

/** Makes the calls of a plan, and tells that they are made. */
export async function tracePlan<T>(
  plan: Pick<PlanStep, 'requestId' | 'appId' | 'calls'>,
  makeCalls: () => Promise<T>,
): Promise<T> {
  if (!TRACE.plan.hasSubscribers) return makeCalls();
  const startedAt = Date.now();
  const result = await makeCalls();
  const step: PlanStep = { ...plan, startedAt, durationMs: Date.now() - startedAt };
  TRACE.plan.publish(step);
  return result;
}
