/** Longest wait that a server may ask of us, in milliseconds. */
export const MAX_RETRY_AFTER_MS = 60_000;

/**
 * Reads a `Retry-After` header: seconds, or an HTTP date.
 * @param now the moment of the answer, in milliseconds since the epoch: its own `Date` where it has one, so that a clock
 * of ours that is off does no harm.
 * @returns milliseconds from then, 0 to {@link MAX_RETRY_AFTER_MS}; undefined when it says nothing readable.
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const waitMs = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  if (Number.isNaN(waitMs)) return undefined;
  return Math.min(Math.max(waitMs, 0), MAX_RETRY_AFTER_MS);
}
