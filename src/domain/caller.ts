import { findIdentifierFault } from './identifier.ts';

export const SCOPES = ['phones:read', 'passwords:read'] as const;

/** What a caller may do. */
export type Scope = (typeof SCOPES)[number];

/** What a caller without a token is called. */
export const ANONYMOUS = 'anonymous';

/** Who asks: the holder of a token, or nobody in particular. */
export interface Caller {
  /** As configured; {@link ANONYMOUS} for one without a token. */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The apps this caller may see; undefined means all that are served. */
  readonly appIds?: ReadonlySet<string>;
}

/** A caller as configured: who holds the token of this hash. */
export interface CallerEntry extends Caller {
  /** SHA-256 of the token, 32 bytes. */
  readonly tokenSha256: Uint8Array;
}

/** Says what keeps a text from being the name of a caller, as the end of a sentence, or undefined when nothing does. */
export function findCallerNameFault(name: string): string | undefined {
  if (name.trim().toLowerCase() === ANONYMOUS) return 'must not be what callers without a token are called';
  return findIdentifierFault(name);
}
