import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { type Caller, SCOPES, type Scope } from '../domain/caller.ts';
import type { Clock } from '../domain/clock.ts';
import { findIdentifierFault } from '../domain/identifier.ts';
import { UnauthenticatedError } from '../errors/access-errors.ts';
import type { Jwks } from './jwks.ts';
import { hashToken } from './token.ts';

/** What a JWT has to say, and where it says it. */
export interface JwtRules {
  readonly issuer: string;
  readonly audience: string;
  /** The claim with the scopes: a list, or a text with blanks between. */
  readonly scopesClaim: string;
  /** The claim with the apps, alike; undefined where all that are served are visible. */
  readonly appsClaim: string | undefined;
}

/** Knows the holders of tokens that an identity provider has signed. */
export interface JwtCallers {
  /** The holder of a token that was verified a moment ago; undefined for any other. */
  find(token: string): Caller | undefined;
  /**
   * Verifies a token. One holder is one object while its token is remembered.
   * @throws {UnauthenticatedError} for one that is not signed, not for us, or has expired.
   * @throws {IdentityUnavailableError} when there are no keys to verify it by.
   */
  verify(token: string): Promise<Caller>;
}

/** Signatures that need a private key, which the provider alone has: neither `none` nor HMAC. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const CLOCK_TOLERANCE_SECONDS = 30;
/** How long a verified token is taken for good, in milliseconds: then its key is looked at again. */
const REMEMBER_MS = 60_000;
const MAX_REMEMBERED = 5_000;
/** Keys that are tried for a token which does not name one. */
const MAX_KEYS = 10;

export function createJwtCallers(rules: JwtRules, jwks: Jwks, clock: Clock): JwtCallers {
  const verified = new LRUCache<string, { readonly caller: Caller; readonly until: number }>({
    max: MAX_REMEMBERED,
  });

  async function verifyByOne(token: string, keys: JWTVerifyGetKey): Promise<JWTPayload> {
    const options = {
      issuer: rules.issuer,
      audience: rules.audience,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(clock.epochNow()),
    };
    try {
      return (await jwtVerify(token, keys, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      let tried = 0;
      for await (const key of error) {
        if (tried++ === MAX_KEYS) break;
        try {
          return (await jwtVerify(token, key, options)).payload;
        } catch (failure) {
          if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
        }
      }
      throw new errors.JWSSignatureVerificationFailed();
    }
  }

  return {
    find(token) {
      const entry = verified.get(hashToken(token).toString('base64'));
      return entry !== undefined && entry.until > clock.epochNow() ? entry.caller : undefined;
    },
    async verify(token) {
      let payload: JWTPayload;
      try {
        payload = await jwks.use((keys) => verifyByOne(token, keys));
      } catch (error) {
        if (error instanceof errors.JWTExpired) throw new UnauthenticatedError('This token has expired.');
        if (error instanceof errors.JOSEError) throw new UnauthenticatedError();
        throw error;
      }
      const caller = readCaller(payload, rules);
      const expiresAt = ((payload.exp ?? 0) + CLOCK_TOLERANCE_SECONDS) * 1000;
      verified.set(hashToken(token).toString('base64'), {
        caller,
        until: Math.min(clock.epochNow() + REMEMBER_MS, expiresAt),
      });
      return caller;
    },
  };
}

function readCaller(payload: JWTPayload, { scopesClaim, appsClaim }: JwtRules): Caller {
  const { sub = '' } = payload;
  if (findIdentifierFault(sub) !== undefined) throw new UnauthenticatedError();
  const named = new Set(readWords(payload[scopesClaim]));
  const scopes: ReadonlySet<Scope> = new Set(SCOPES.filter((scope) => named.has(scope)));
  const caller = { name: `jwt:${sub}`, scopes, known: true } as const;
  // A claim that is missing shows no app: it is named so that not everyone sees all.
  return appsClaim === undefined ? caller : { ...caller, appIds: new Set(readWords(payload[appsClaim])) };
}

function readWords(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(/[ ,]+/).filter((word) => word !== '');
  return Array.isArray(claim) ? claim.filter((word): word is string => typeof word === 'string') : [];
}
