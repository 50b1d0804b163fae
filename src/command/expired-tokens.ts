import type { Config } from '../config/config.ts';
import { systemClock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';

/** Names the callers whose tokens have expired: an entry that nobody can use any more is one to take out. */
export function warnOfExpiredTokens({ callers }: Config, log: Log): void {
  const now = systemClock.epochNow();
  const names = callers
    .filter(({ tokens }) => tokens.some(({ expiresAt }) => expiresAt !== undefined && expiresAt <= now))
    .map(({ name }) => name);
  if (names.length > 0) log.warn({ callers: names }, 'Tokens of these callers have expired.');
}
