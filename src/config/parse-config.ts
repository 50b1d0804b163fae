import { hkdfSync } from 'node:crypto';
import type { ServedApps } from '../domain/app.ts';
import { type CallerEntry, SCOPES, type Scope } from '../domain/caller.ts';
import { Secret } from '../domain/secret.ts';
import { parseAppList } from './app-list.ts';
import { parseCallerList } from './caller-list.ts';
import { type Config, LOG_LEVELS, type Upstream } from './config.ts';
import { ConfigError } from './config-error.ts';
import { listMisspelt } from './misspelt.ts';
import { createVariables, type ReadFile, type VariableRecord, type Variables } from './variables.ts';

/** Every variable that the gateway reads, `_FILE` forms included. */
export const VARIABLES = [
  'NODE_ENV',
  'HOST',
  'PORT',
  'ITNIO_BASE_URL',
  'ITNIO_API_KEY',
  'ITNIO_API_KEY_FILE',
  'ITNIO_API_SECRET',
  'ITNIO_API_SECRET_FILE',
  'ITNIO_APPS',
  'CALLERS',
  'CALLERS_FILE',
  'ANONYMOUS_SCOPES',
  'CORS_ORIGINS',
  'CURSOR_KEYS',
  'CURSOR_KEYS_FILE',
  'PHONES_CACHE_TTL_MS',
  'REQUEST_TIMEOUT_MS',
  'SHUTDOWN_GRACE_MS',
  'LOG_LEVEL',
  'AUDIT_LOG',
  'GRAPHIQL',
  'ANONYMOUS_INTROSPECTION',
  'FEDERATION_NODE',
  'FEDERATION_SCOPES',
  'FEDERATION_PASSWORD',
] as const;

const DEFAULT_BASE_URL = 'https://api.itniotech.com/voice';
const LOOPBACK_HOSTS = new Set(['127.0.0.1', '::1', '[::1]', 'localhost']);
const MIN_CURSOR_KEY_LENGTH = 32;
/** What a header can carry, and what the vendor's console gives out. */
const PRINTABLE_ASCII = /^[\x21-\x7e]+$/;

/**
 * Reads the whole configuration.
 * @throws {ConfigError} listing every mistake at once, by the name of its variable.
 */
export function parseConfig(record: VariableRecord, readFile: ReadFile): Config {
  const variables = createVariables(record, readFile);
  const { mistakes } = variables;
  mistakes.push(...listMisspelt(Object.keys(record), VARIABLES));

  const production =
    variables.readChoice('NODE_ENV', ['development', 'production', 'test'], 'development') === 'production';
  const host = variables.readText('HOST') ?? '127.0.0.1';
  const upstream = readUpstream(variables);
  if (production && upstream === undefined)
    mistakes.push(
      'ITNIO_API_KEY: NODE_ENV=production needs credentials; the sandbox is for trying things out',
    );
  const callers = readCallers(variables, upstream);

  const config: Config = {
    production,
    host,
    port: variables.readInteger('PORT', { min: 0, max: 65_535, fallback: 4000 }),
    upstream,
    callers,
    anonymousScopes: readAnonymousScopes(variables, { host, upstream }),
    loopbackNamesOnly:
      upstream !== undefined &&
      !hasCallers(variables) &&
      variables.readList('ANONYMOUS_SCOPES') === undefined,
    corsOrigins: readCorsOrigins(variables),
    cursorKeys: readCursorKeys(variables, upstream),
    phonesCacheTtlMs: variables.readInteger('PHONES_CACHE_TTL_MS', { min: 0, max: 600_000, fallback: 2000 }),
    requestTimeoutMs: variables.readInteger('REQUEST_TIMEOUT_MS', { min: 500, max: 60_000, fallback: 8000 }),
    shutdownGraceMs: variables.readInteger('SHUTDOWN_GRACE_MS', { min: 0, max: 9_000, fallback: 500 }),
    logLevel: variables.readChoice('LOG_LEVEL', LOG_LEVELS, 'info'),
    auditLog: variables.readText('AUDIT_LOG'),
    graphiql: variables.readSwitch('GRAPHIQL', !production),
    anonymousIntrospection: variables.readSwitch('ANONYMOUS_INTROSPECTION', !production),
    federation: {
      node: variables.readChoice('FEDERATION_NODE', ['off', 'hidden', 'on'], 'off'),
      requiresScopes: variables.readSwitch('FEDERATION_SCOPES', false),
      password: variables.readChoice('FEDERATION_PASSWORD', ['off', 'inaccessible', 'on'], 'on'),
    },
  };
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return Object.freeze(config);
}

function readUpstream(variables: Variables): Upstream | undefined {
  const { mistakes } = variables;
  const apiKey = readCredential(variables, 'ITNIO_API_KEY');
  const apiSecret = readCredential(variables, 'ITNIO_API_SECRET');
  const baseUrl = readBaseUrl(variables);
  const items = variables.readList('ITNIO_APPS');
  const { apps, faults } = parseAppList(items ?? []);
  mistakes.push(...faults.map((fault) => `ITNIO_APPS: ${fault}`));

  if (apiKey === undefined && apiSecret === undefined) {
    for (const name of ['ITNIO_BASE_URL', 'ITNIO_APPS'])
      if (variables.readText(name) !== undefined)
        mistakes.push(`${name}: has no effect without ITNIO_API_KEY and ITNIO_API_SECRET`);
    return undefined;
  }
  if (apiKey === undefined) mistakes.push('ITNIO_API_KEY: missing, though ITNIO_API_SECRET is set');
  if (apiSecret === undefined) mistakes.push('ITNIO_API_SECRET: missing, though ITNIO_API_KEY is set');
  if (items === undefined)
    mistakes.push('ITNIO_APPS: missing; list the apps to serve as "id=Name,id", or "*" for any');
  // A half is reported above; the rest is still read, so that all mistakes are found at once.
  const missing = new Secret('');
  return { baseUrl, apiKey: apiKey ?? missing, apiSecret: apiSecret ?? missing, apps };
}

function readCredential({ readSecret, mistakes }: Variables, name: string): Secret | undefined {
  const secret = readSecret(name);
  if (secret !== undefined && !PRINTABLE_ASCII.test(secret.reveal()))
    mistakes.push(`${name}: expected printable ASCII characters without blanks`);
  return secret;
}

function readBaseUrl({ readText, mistakes }: Variables): string {
  const text = readText('ITNIO_BASE_URL') ?? DEFAULT_BASE_URL;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname));
  if (!isSafe) mistakes.push('ITNIO_BASE_URL: expected an https address, or http on a loopback address');
  else if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    mistakes.push('ITNIO_BASE_URL: expected an address without user, query or fragment');
  return text.replace(/\/+$/, '');
}

function readCallers(variables: Variables, upstream: Upstream | undefined): readonly CallerEntry[] {
  const { mistakes } = variables;
  const name = variables.readText('CALLERS_FILE') === undefined ? 'CALLERS' : 'CALLERS_FILE';
  if (name === 'CALLERS_FILE' && variables.readText('CALLERS') !== undefined)
    mistakes.push('CALLERS: set either it or CALLERS_FILE, not both');
  const text = name === 'CALLERS' ? variables.readText(name) : variables.readFileOf(name);
  if (text === undefined) return [];
  const { callers, faults } = parseCallerList(text, findServedApps(upstream));
  mistakes.push(...faults.map((fault) => `${name}: ${fault}`));
  return callers;
}

/** A list that is missing is a mistake of its own, and a sandbox brings apps that are known only when it runs. */
function findServedApps(upstream: Upstream | undefined): ServedApps | undefined {
  return upstream === undefined || upstream.apps.length === 0 ? undefined : upstream.apps;
}

interface Exposure {
  readonly host: string;
  readonly upstream: Upstream | undefined;
}

function readAnonymousScopes(
  variables: Variables,
  { host, upstream }: Exposure,
): ReadonlySet<Scope> | undefined {
  const { mistakes } = variables;
  const items = variables.readList('ANONYMOUS_SCOPES');
  const scopes = new Set(SCOPES.filter((scope) => items?.includes(scope)));
  if (items?.some((item) => !SCOPES.some((scope) => scope === item)))
    mistakes.push(`ANONYMOUS_SCOPES: expected a list of ${SCOPES.join(', ')}`);
  if (upstream !== undefined && scopes.has('passwords:read'))
    mistakes.push('ANONYMOUS_SCOPES: passwords are never readable without a token');
  if (items !== undefined) return scopes;

  if (hasCallers(variables)) return undefined;
  if (upstream === undefined) return new Set(SCOPES);
  if (!LOOPBACK_HOSTS.has(host))
    mistakes.push(
      `HOST: ${host} can be reached by others and no callers are configured; set CALLERS_FILE, or ANONYMOUS_SCOPES=phones:read to let anyone read phones`,
    );
  return new Set(['phones:read']);
}

/** Callers with a mistake in them are callers all the same: nothing opens up because of a typing error. */
function hasCallers({ readText }: Variables): boolean {
  return readText('CALLERS') !== undefined || readText('CALLERS_FILE') !== undefined;
}

function readCorsOrigins(variables: Variables): readonly string[] {
  const origins = variables.readList('CORS_ORIGINS') ?? [];
  for (const origin of origins)
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      variables.mistakes.push(`CORS_ORIGINS: "${origin}" is not an origin such as https://app.example.com`);
  return origins;
}

function readCursorKeys(variables: Variables, upstream: Upstream | undefined): readonly Secret[] {
  const text = variables.readSecret('CURSOR_KEYS')?.reveal();
  const keys = text?.split(',').map((key) => key.trim()) ?? [];
  if (keys.some((key) => key.length < MIN_CURSOR_KEY_LENGTH))
    variables.mistakes.push(`CURSOR_KEYS: a key needs at least ${MIN_CURSOR_KEY_LENGTH} characters`);
  if (keys.length > 0) return keys.map((key) => new Secret(key));
  return [deriveCursorKey(upstream?.apiSecret ?? new Secret('sandbox'))];
}

/** Equal on every replica that shares the API secret, and tells nothing about it. */
function deriveCursorKey(apiSecret: Secret): Secret {
  const key = hkdfSync('sha256', apiSecret.reveal(), '', 'itnio-graphql-gateway cursors', 32);
  return new Secret(Buffer.from(key).toString('hex'));
}
