import type { Quirks } from './quirks.ts';
import type { Reply } from './reply.ts';

/** Adds what the vendor's server itself sends: its own idea of the time and, with the quirks, a cookie and lower-case names. */
export function createResponseHeaders(
  headers: Reply['headers'],
  quirks: Quirks,
  nowMs: number,
): Reply['headers'] {
  const vendorNow = new Date(nowMs + quirks.clockSkewSeconds * 1000);
  const all = {
    Date: vendorNow.toUTCString(),
    ...headers,
    ...(quirks.sessionCookie ? { 'Set-Cookie': 'JSESSIONID=5D1C0FFEE; Path=/; HttpOnly' } : {}),
  };
  if (!quirks.lowerCaseHeaders) return all;
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name.toLowerCase(), value]));
}
