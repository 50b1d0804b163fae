import { timingSafeEqual } from 'node:crypto';
import { ANONYMOUS, type Caller, type CallerEntry, type Scope } from '../domain/caller.ts';
import type { Secret } from '../domain/secret.ts';
import { UnauthenticatedError } from '../errors/access-errors.ts';
import { hashToken } from './token.ts';

/** Knows who asks. */
export interface CallerRegistry {
  /**
   * Finds the caller of an `Authorization` header.
   * @throws {UnauthenticatedError} for a token that nobody holds, and for none where strangers may not ask.
   */
  identify(authorization: Secret | undefined): Caller;
}

/** @param anonymousScopes what a caller without a token may do; undefined where it may not ask at all. */
export function createCallerRegistry(
  entries: readonly CallerEntry[],
  anonymousScopes: ReadonlySet<Scope> | undefined,
): CallerRegistry {
  const anonymous: Caller | undefined = anonymousScopes && { name: ANONYMOUS, scopes: anonymousScopes };

  return {
    identify(authorization) {
      // Where nobody holds a token there is none to be wrong, so a stray header locks nobody out.
      if (anonymous !== undefined && (authorization === undefined || entries.length === 0)) return anonymous;
      const token = authorization && /^Bearer +(\S+) *$/i.exec(authorization.reveal())?.[1];
      if (token === undefined) throw new UnauthenticatedError();
      const sha256 = hashToken(token);
      let holder: Caller | undefined;
      // Every entry is compared, whichever fits: the time taken tells nothing.
      for (const entry of entries) if (timingSafeEqual(entry.tokenSha256, sha256)) holder = entry;
      if (holder === undefined) throw new UnauthenticatedError();
      return holder;
    },
  };
}
