import type { Failure } from './api.ts';

/** What a person can do about a failure. The gateway's own message says what has happened. */
const ADVICE: Readonly<Record<string, string>> = {
  NO_ANSWER: 'Check the connection, then try again.',
  UNAUTHENTICATED: 'Enter the token that you were given. If you have, it is not valid here, or not any more.',
  FORBIDDEN: 'Ask whoever runs this gateway for a token that may do this.',
  CURSOR_EXPIRED: 'The list has changed. It is shown from its start.',
  RATE_LIMITED: 'You have asked often in a short time. Wait a moment.',
  OVERLOADED: 'Nothing was lost.',
  DEADLINE_EXCEEDED: 'The list is long, and what was read of it is kept: trying again gets further.',
  QUERY_TOO_COMPLEX:
    'The list is too long to be searched. Browse it without search and order, or look for one account.',
  UPSTREAM_TIMEOUT: 'Try again in a moment.',
  UPSTREAM_UNAVAILABLE: 'Try again in a moment.',
  UPSTREAM_CIRCUIT_OPEN: 'The gateway asks again by itself, every few seconds.',
  UPSTREAM_RATE_LIMITED: 'Wait a moment.',
  UPSTREAM_MISCONFIGURED: 'Whoever runs this gateway has to fix this. Its log says what is wrong.',
  UPSTREAM_REJECTED: 'Check the id of the app.',
  UPSTREAM_INCONSISTENT: 'The list changes faster than it can be read. Try again, or choose an order.',
};

export function adviseOn({ code }: Failure): string {
  return ADVICE[code] ?? 'Tell whoever runs this gateway, with the id below.';
}
