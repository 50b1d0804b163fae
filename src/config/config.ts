import type { ServedApps } from '../domain/app.ts';
import type { CallerEntry, Scope } from '../domain/caller.ts';
import type { Secret } from '../domain/secret.ts';
import type { Subnet } from '../domain/subnet.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** Bytes of a request body of whoever is not trusted. */
export const ANONYMOUS_BODY_BYTES = 64 * 1024;

/** Everything that an operator decides, validated and frozen. */
export interface Config {
  readonly production: boolean;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** What the listener shows, by HTTPS; undefined where it speaks plain HTTP. */
  readonly tls: TlsConfig | undefined;
  /** The vendor account; undefined when none is configured, so the sandbox takes its place. */
  readonly upstream: Upstream | undefined;
  /** What sends the requests to the vendor. */
  readonly itnioTransport: 'node-fetch' | 'undici';
  /** The proxy through which the vendor is reached, with user and password where it has them. */
  readonly proxyUrl: Secret | undefined;
  readonly callers: readonly CallerEntry[];
  /** The identity provider whose tokens are taken; undefined for none. */
  readonly jwt: JwtConfig | undefined;
  /** What a caller without a token may do; undefined where it may not ask at all. */
  readonly anonymousScopes: ReadonlySet<Scope> | undefined;
  /** Vendor calls that each caller with a token may make in a minute, where its entry does not say; undefined for any number. */
  readonly callerCallsPerMinute: number | undefined;
  /** Vendor calls that all callers without a token may make together in a minute; undefined for any number. */
  readonly anonymousCallsPerMinute: number | undefined;
  /** Anonymous callers may ask only because they are on this machine, so a page that a browser here has open must not ask for them. */
  readonly loopbackNamesOnly: boolean;
  readonly corsOrigins: readonly string[];
  /** Proxies that are believed when they say for whom they ask. */
  readonly trustedProxies: readonly Subnet[];
  /** The first signs new cursors, all verify. Never empty. */
  readonly cursorKeys: readonly Secret[];
  /** How long rows may be kept, in milliseconds; 0 keeps none. */
  readonly phonesCacheTtlMs: number;
  /** How long a whole list may be kept, in milliseconds; 0 keeps none. */
  readonly phonesListTtlMs: number;
  /** Vendor calls that reading one whole list may be planned to take. */
  readonly listMaxCalls: number;
  /** Longest time for one request, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Bytes of a request body of a caller who is trusted; others may send {@link ANONYMOUS_BODY_BYTES}. */
  readonly maxBodyBytes: number;
  /** How long a draining process still accepts connections, in milliseconds. */
  readonly shutdownGraceMs: number;
  /** Requests that are treated at a time; heavy ones count for more. */
  readonly maxInFlight: number;
  readonly logLevel: LogLevel;
  /** The file for the records of passwords read; undefined for standard output. */
  readonly auditLog: string | undefined;
  /** Whether an audit record waits until it would survive a loss of power, where it goes to a file. */
  readonly auditFsync: boolean;
  /** Whether `SipPhone.password` is part of the graph. */
  readonly passwords: boolean;
  /** What comes of passwords that others than this machine may read over plain HTTP. */
  readonly passwordsOverHttp: 'warn' | 'refuse';
  /** Passwords that one caller may read in an hour, where its entry does not say; undefined for any number. */
  readonly passwordReadsPerHour: number | undefined;
  /** The port of `/metrics`; 0 takes any free one. Undefined where nothing is counted. */
  readonly metricsPort: number | undefined;
  readonly graphiql: boolean;
  /** Whether `/` is a page to look at phones with. */
  readonly browsePage: boolean;
  /** Whether callers without a token see the schema. */
  readonly anonymousIntrospection: boolean;
  /** The documents that the operator vouches for; undefined where there is no list. */
  readonly trustedDocuments: TrustedDocuments | undefined;
  /** Whether clients may store documents by their hash. */
  readonly persistedQueries: boolean;
  readonly federation: FederationConfig;
}

/** What a federation router is told of this graph. */
export interface FederationConfig {
  /** `Query.node` and `Query.nodes`: left out, `@shareable @inaccessible`, or claimed for this subgraph alone. */
  readonly node: 'off' | 'hidden' | 'on';
  /** Whether the router is asked to enforce scopes, by `@requiresScopes`. */
  readonly requiresScopes: boolean;
  /** `SipPhone.password`: left out, `@inaccessible`, or shown. */
  readonly password: 'off' | 'inaccessible' | 'on';
}

/** A pair that belongs together, in PEM. */
export interface TlsConfig {
  /** The certificate, and below it those that vouch for it. */
  readonly certificate: string;
  readonly key: Secret;
  /** The authorities one of which has to vouch for each client; undefined where clients need no certificate. */
  readonly clientAuthorities: string | undefined;
}

export interface Upstream {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly apiKey: Secret;
  readonly apiSecret: Secret;
  readonly apps: ServedApps;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

type LogLevel = (typeof LOG_LEVELS)[number];

/** Whose tokens are taken beside those of the callers, and where they say what their holders may do. */
export interface JwtConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  /** The proxy through which the keys are fetched. */
  readonly proxyUrl: Secret | undefined;
  readonly scopesClaim: string;
  /** Undefined where the holders of tokens see all apps that are served. */
  readonly appsClaim: string | undefined;
}
