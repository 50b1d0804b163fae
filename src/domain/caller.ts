export const SCOPES = ['phones:read', 'passwords:read'] as const;

/** What a caller may do. */
export type Scope = (typeof SCOPES)[number];

/** Who asks: the holder of a token, or nobody in particular. */
export interface Caller {
  /** As configured; `anonymous` for one without a token. */
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
