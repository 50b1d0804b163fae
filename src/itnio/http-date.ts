const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Reads a date as HTTP writes it, "Sun, 01 Mar 2026 12:00:00 GMT". `Date.parse` alone makes a date of nearly any text.
 * @returns milliseconds since the epoch; undefined when it is not one.
 * @see RFC 9110, section 5.6.7
 */
export function parseHttpDate(text: string | null): number | undefined {
  if (text === null || !IMF_FIXDATE.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
