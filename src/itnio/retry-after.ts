import { parseHttpDate } from './http-date.ts';

/** Longest wait that a server may ask of us, in milliseconds. */
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * Reads a `Retry-After` header: seconds, or an HTTP date. A date counts from the answer's own `Date`, so that a clock of
 * ours that is off does no harm.
 * @returns milliseconds, 0 to {@link MAX_RETRY_AFTER_MS}; undefined when it says nothing readable.
 */
export function parseRetryAfter(retryAfter: string | null, date: string | null): number | undefined {
  const waitMs = findWait(retryAfter, date);
  return waitMs === undefined ? undefined : Math.min(Math.max(waitMs, 0), MAX_RETRY_AFTER_MS);
}

function findWait(retryAfter: string | null, date: string | null): number | undefined {
  if (retryAfter !== null && /^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const answeredAt = parseHttpDate(date);
  const retryAt = parseHttpDate(retryAfter);
  return answeredAt === undefined || retryAt === undefined ? undefined : retryAt - answeredAt;
}
