import { timingSafeEqual } from 'node:crypto';
import { ANONYMOUS, type Caller, type CallerEntry, type Scope } from '../domain/caller.ts';
import type { Clock } from '../domain/clock.ts';
import type { Secret } from '../domain/secret.ts';
import { UnauthenticatedError } from '../errors/access-errors.ts';
import { hashToken } from './token.ts';

/** Knows who asks. */
export interface CallerRegistry {
  /**
   * Finds the caller of an `Authorization` header, `Bearer …` or, as GitHub's clients say it, `token …`: one object for each token, as long as the registry lives.
   * @throws {UnauthenticatedError} for a token that nobody holds or that has expired, and for none where anonymous callers may
   * not ask.
   */
  identify(authorization: Secret | undefined): Caller;
}

/**
 * @param anonymousScopes what a caller without a token may do; undefined where it may not ask at all.
 * @param takesOthers whether there are valid tokens beside those of the entries.
 */
export function createCallerRegistry(
  entries: readonly CallerEntry[],
  anonymousScopes: ReadonlySet<Scope> | undefined,
  { epochNow }: Pick<Clock, 'epochNow'>,
  takesOthers = false,
): CallerRegistry {
  const anonymous: Caller | undefined = anonymousScopes && { name: ANONYMOUS, scopes: anonymousScopes };
  const holders = entries.flatMap(({ tokens, ...caller }) =>
    tokens.map(({ sha256, label, expiresAt }) => {
      const holder: Caller = {
        ...caller,
        known: true,
        ...(label === undefined ? {} : { tokenLabel: label }),
      };
      return { sha256, expiresAt: expiresAt ?? Number.POSITIVE_INFINITY, holder };
    }),
  );

  const isOpen = holders.length === 0 && !takesOthers;

  return {
    identify(authorization) {
      // Where nobody holds a token there is none to be wrong, so a stray header locks nobody out.
      if (anonymous !== undefined && (authorization === undefined || isOpen)) return anonymous;
      const token = authorization && /^(?:Bearer|token) +(\S+) *$/i.exec(authorization.reveal())?.[1];
      if (token === undefined) throw new UnauthenticatedError();
      const sha256 = hashToken(token);
      let found: (typeof holders)[number] | undefined;
      // Every one is compared, whichever fits: the time taken tells nothing.
      for (const candidate of holders) if (timingSafeEqual(candidate.sha256, sha256)) found = candidate;
      if (found === undefined) throw new UnauthenticatedError();
      if (found.expiresAt <= epochNow()) throw new UnauthenticatedError('This token has expired.');
      return found.holder;
    },
  };
}
