import type { GatewayError } from '../errors/gateway-error.ts';
import {
  UpstreamBadResponseError,
  UpstreamMisconfiguredError,
  UpstreamRateLimitedError,
  UpstreamUnavailableError,
} from '../errors/upstream-errors.ts';

/** What a 429 without `Retry-After` is taken to mean for clients, in milliseconds. */
const GUESSED_WAIT_MS = 1_000;

/**
 * What an HTTP status other than 2xx says, whatever the body: it comes from a server in between, since the vendor reports
 * its own failures with 200.
 * @param retryAfterMs what the answer's `Retry-After` asks for.
 */
export function createHttpFault(status: number, retryAfterMs: number | undefined): GatewayError {
  const fault = `HTTP ${status}`;
  if (status === 429)
    return retryAfterMs === undefined
      ? new UpstreamRateLimitedError(GUESSED_WAIT_MS, { isWaitKnown: false })
      : new UpstreamRateLimitedError(retryAfterMs);
  if (status === 401 || status === 403 || status === 404 || status === 407)
    return new UpstreamMisconfiguredError(`${fault}: check base URL, key and allow-list`);
  if (status === 408 || status >= 500) return new UpstreamUnavailableError({ fault, retryAfterMs });
  return new UpstreamBadResponseError(`${fault}, expected 2xx`);
}
