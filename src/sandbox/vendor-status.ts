export const SUCCESS = 0;
export const AUTHENTICATION_ERROR = -1;
export const TIMESTAMP_EXPIRES = -16;
export const PARAMETER_EXCEPTION = -22;

/** The vendor's own words, the leading space of its sample included. */
const REASONS: ReadonlyMap<number, string> = new Map([
  [SUCCESS, ' success'],
  [AUTHENTICATION_ERROR, 'Authentication error'],
  [-2, 'Restricted IP access'],
  [-15, 'frequent query'],
  [TIMESTAMP_EXPIRES, 'timestamp expires'],
  [-18, 'Port program unusual'],
  [PARAMETER_EXCEPTION, 'Parameter exception'],
]);

/** The `reason` that goes with a status; one for a status that `sipQuery` does not document as well. */
export function getReason(status: number): string {
  return REASONS.get(status) ?? 'Unknown error';
}
