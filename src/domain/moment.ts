const MOMENT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Reads a moment with its zone, such as `2027-01-31T00:00:00Z`, as milliseconds since the epoch; undefined for anything
 * else: a date alone ends at another hour for each reader.
 */
export function parseMoment(text: string): number | undefined {
  const date = MOMENT.exec(text)?.[1];
  const moment = Date.parse(text);
  // The parser takes 30 February for 2 March.
  if (date === undefined || Number.isNaN(moment) || Number.isNaN(Date.parse(date))) return undefined;
  return new Date(date).toISOString().startsWith(date) ? moment : undefined;
}
