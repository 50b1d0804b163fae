import { createHash } from 'node:crypto';
import type { Scope } from '../domain/caller.ts';

/** 32 bytes from a random source that cannot be guessed. */
export type RandomBytes = (size: number) => Buffer;

export interface NewCaller {
  /** For the caller alone; kept nowhere. */
  readonly token: string;
  /** For the configuration: one item of the array in CALLERS or CALLERS_FILE. */
  readonly line: string;
}

const TOKEN_BYTES = 32;

/** Makes a token, and the line of the configuration that admits its holder. */
export function createToken(
  caller: {
    readonly name: string;
    readonly scopes: readonly Scope[];
    readonly apps?: readonly string[] | undefined;
    readonly expiresAt?: string | undefined;
  },
  randomBytes: RandomBytes,
): NewCaller {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const { name, scopes, apps, expiresAt } = caller;
  return {
    token,
    line: JSON.stringify({ name, tokenSha256: hashToken(token).toString('hex'), scopes, apps, expiresAt }),
  };
}

/** SHA-256 without salt or stretching, which long random tokens do not need. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
