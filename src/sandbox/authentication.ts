import type { IncomingHttpHeaders } from 'node:http';
import { type Credentials, createSign } from './signature.ts';
import { AUTHENTICATION_ERROR, SUCCESS, TIMESTAMP_EXPIRES } from './vendor-status.ts';

/** How far a `Timestamp` may be from the vendor's clock, before or after it: "within half an hour of the system time". */
const TIMESTAMP_TOLERANCE_SECONDS = 1800;

/**
 * Judges the three signing headers and returns the vendor's status: success, -1 or -16.
 * Which of two faults is named is undocumented; here a forged stale call learns only that it is forged.
 */
export function authenticate(
  headers: IncomingHttpHeaders,
  credentials: Credentials,
  nowSeconds: number,
): number {
  const { 'api-key': apiKey, sign, timestamp } = headers;
  if (apiKey !== credentials.apiKey || typeof sign !== 'string' || typeof timestamp !== 'string') {
    return AUTHENTICATION_ERROR;
  }
  if (sign.toLowerCase() !== createSign(credentials, timestamp)) return AUTHENTICATION_ERROR;
  if (!/^\d{1,15}$/.test(timestamp)) return TIMESTAMP_EXPIRES;
  const ageSeconds = Math.abs(Math.floor(nowSeconds) - Number(timestamp));
  return ageSeconds <= TIMESTAMP_TOLERANCE_SECONDS ? SUCCESS : TIMESTAMP_EXPIRES;
}
