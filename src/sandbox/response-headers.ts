import type { Quirks } from './quirks.ts';
import type { Delivery, Reply } from './reply.ts';

const WITHOUT_LENGTH: ReadonlySet<Delivery> = new Set([
  'chunked',
  'truncatedChunks',
  'truncatedWithoutLength',
]);

/**
 * The headers of a reply, with what the vendor's server itself sends: the time as it believes it to be, the length of the
 * whole body, even where less will be delivered, and, with the quirks, a cookie and names in lower case.
 */
export function createResponseHeaders(
  { headers, body, delivery }: Reply,
  quirks: Quirks,
  nowMs: number,
): Reply['headers'] {
  const all = {
    Date: new Date(nowMs + quirks.clockSkewSeconds * 1000).toUTCString(),
    ...headers,
    ...(WITHOUT_LENGTH.has(delivery) ? {} : { 'Content-Length': Buffer.byteLength(body) }),
    ...(quirks.sessionCookie ? { 'Set-Cookie': 'JSESSIONID=5D1C0FFEE; Path=/; HttpOnly' } : {}),
    ...quirks.extraHeaders,
  };
  if (!quirks.lowerCaseHeaders) return all;
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name.toLowerCase(), value]));
}
