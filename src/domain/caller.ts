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
  /** Set for whoever has shown who they are. */
  readonly known?: true;
  /** Which of its tokens was shown, where that has a label. */
  readonly tokenLabel?: string;
  /** For whom it asks, where it is a router that says so. */
  readonly user?: string;
  /** Whether it is a router, which asks for others and has to say for whom. */
  readonly forwardsUser?: true;
  /** Vendor calls that it may cause in a minute; undefined for what holds for all. */
  readonly callsPerMinute?: number | undefined;
  /** Passwords that it may read in an hour; undefined for what holds for all. */
  readonly passwordReadsPerHour?: number | undefined;
  /** Whether it may send documents that are not on the list of trusted ones. */
  readonly trustedDocumentsExempt?: true;
}

/**
 * How much of what all share a caller may hold where some are known, from 0 to 1, so that room is left for others. All
 * who are not known together count as one.
 */
export function findMostOfShared({ known }: Pick<Caller, 'known'>): number {
  return known ? 3 / 4 : 1 / 2;
}

/** A caller as configured, and the tokens it may show. */
export interface CallerEntry extends Caller {
  /** Never empty: while a token is replaced, the old and the new one hold. */
  readonly tokens: readonly CallerToken[];
}

export interface CallerToken {
  /** SHA-256 of the token, 32 bytes. */
  readonly sha256: Uint8Array;
  readonly label?: string;
  /** When it ceases to hold, in milliseconds since the epoch; undefined for never. */
  readonly expiresAt?: number;
}

/** Says what keeps a text from being the name of a caller, as the end of a sentence, or undefined when nothing does. */
export function findCallerNameFault(name: string): string | undefined {
  if (name.trim().toLowerCase() === ANONYMOUS) return 'must not be what callers without a token are called';
  if (/^jwt(?:$|:)/i.test(name.trim())) return 'must not be what holders of a JWT are called';
  return findIdentifierFault(name);
}
