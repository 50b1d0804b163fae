import { ANONYMOUS_BODY_BYTES, type Config, LOG_LEVELS } from './config.ts';
import { ConfigError } from './config-error.ts';
import { parseHost } from './host.ts';
import { listMisspelt } from './misspelt.ts';
import {
  hasCallers,
  readAnonymousScopes,
  readCallers,
  readCorsOrigins,
  readTrustedProxies,
} from './read-access.ts';
import { readCursorKeys } from './read-cursor-keys.ts';
import { readJwt } from './read-jwt.ts';
import { readProxy } from './read-proxy.ts';
import { readTls } from './read-tls.ts';
import { readTrustedDocuments } from './read-trusted-documents.ts';
import { readUpstream } from './read-upstream.ts';
import type { ReadFile } from './text-file.ts';
import { createVariables, type VariableRecord, type Variables } from './variables.ts';

/** Every variable that the gateway reads, `_FILE` forms included. */
export const VARIABLES = [
  'NODE_ENV',
  'HOST',
  'PORT',
  'TLS_CERT_FILE',
  'TLS_KEY_FILE',
  'TLS_CLIENT_CA_FILE',
  'ITNIO_BASE_URL',
  'ITNIO_API_KEY',
  'ITNIO_API_KEY_FILE',
  'ITNIO_API_SECRET',
  'ITNIO_API_SECRET_FILE',
  'ITNIO_APPS',
  'ITNIO_TRANSPORT',
  'HTTPS_PROXY',
  'NO_PROXY',
  'CALLERS',
  'CALLERS_FILE',
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'JWT_JWKS_URL',
  'JWT_SCOPES_CLAIM',
  'JWT_APPS_CLAIM',
  'ANONYMOUS_SCOPES',
  'CALLER_CALLS_PER_MINUTE',
  'CORS_ORIGINS',
  'TRUSTED_PROXIES',
  'CURSOR_KEYS',
  'CURSOR_KEYS_FILE',
  'PHONES_CACHE_TTL_MS',
  'PHONES_LIST_TTL_MS',
  'LIST_MAX_CALLS',
  'REQUEST_TIMEOUT_MS',
  'MAX_BODY_BYTES',
  'SHUTDOWN_GRACE_MS',
  'MAX_IN_FLIGHT',
  'LOG_LEVEL',
  'AUDIT_LOG',
  'AUDIT_FSYNC',
  'PASSWORDS',
  'PASSWORDS_OVER_HTTP',
  'PASSWORD_READS_PER_HOUR',
  'METRICS',
  'METRICS_PORT',
  'GRAPHIQL',
  'BROWSE_PAGE',
  'ANONYMOUS_INTROSPECTION',
  'TRUSTED_DOCUMENTS_FILE',
  'TRUSTED_DOCUMENTS',
  'PERSISTED_QUERIES',
  'FEDERATION_NODE',
  'FEDERATION_SCOPES',
  'FEDERATION_PASSWORD',
] as const;

/** Vendor calls a minute for all callers without a token together, where others have one. */
const ANONYMOUS_CALLS_PER_MINUTE = 1200;

/**
 * Reads the whole configuration.
 * @throws {ConfigError} listing every mistake at once, by the name of its variable.
 */
export function parseConfig(record: VariableRecord, readFile: ReadFile): Config {
  const variables = createVariables(record, readFile, VARIABLES);
  const { mistakes } = variables;
  mistakes.push(...listMisspelt(record, VARIABLES));

  const production =
    variables.readChoice('NODE_ENV', ['development', 'production', 'test'], 'development') === 'production';
  const host = readHost(variables);
  const upstream = readUpstream(variables);
  if (production && upstream === undefined)
    mistakes.push(
      'ITNIO_API_KEY: NODE_ENV=production needs credentials; the sandbox is for trying things out',
    );
  const callers = readCallers(variables, upstream);
  const callerCallsPerMinute =
    variables.readText('CALLER_CALLS_PER_MINUTE') === undefined
      ? undefined
      : variables.readInteger('CALLER_CALLS_PER_MINUTE', { min: 1, max: 1_000_000, fallback: 1 });

  const graphiql = variables.readSwitch('GRAPHIQL', !production);
  const findProxy = readProxy(variables);
  const config: Config = {
    production,
    host,
    port: variables.readInteger('PORT', { min: 0, max: 65_535, fallback: 4000 }),
    tls: readTls(variables),
    upstream,
    itnioTransport: variables.readChoice('ITNIO_TRANSPORT', ['node-fetch', 'undici'], 'node-fetch'),
    proxyUrl: findProxy(upstream?.baseUrl),
    callers,
    jwt: readJwt(variables, callers, findProxy),
    anonymousScopes: readAnonymousScopes(variables, { host, upstream }),
    callerCallsPerMinute,
    anonymousCallsPerMinute:
      callerCallsPerMinute ??
      (upstream !== undefined && hasCallers(variables) ? ANONYMOUS_CALLS_PER_MINUTE : undefined),
    loopbackNamesOnly:
      upstream !== undefined &&
      !hasCallers(variables) &&
      variables.readText('ANONYMOUS_SCOPES') === undefined,
    corsOrigins: readCorsOrigins(variables),
    trustedProxies: readTrustedProxies(variables),
    cursorKeys: readCursorKeys(variables, upstream),
    phonesCacheTtlMs: variables.readInteger('PHONES_CACHE_TTL_MS', { min: 0, max: 600_000, fallback: 2000 }),
    phonesListTtlMs: variables.readInteger('PHONES_LIST_TTL_MS', { min: 0, max: 600_000, fallback: 30_000 }),
    listMaxCalls: variables.readInteger('LIST_MAX_CALLS', { min: 1, max: 10_000, fallback: 120 }),
    requestTimeoutMs: variables.readInteger('REQUEST_TIMEOUT_MS', { min: 500, max: 60_000, fallback: 8000 }),
    maxBodyBytes: variables.readInteger('MAX_BODY_BYTES', {
      min: ANONYMOUS_BODY_BYTES,
      max: 8 * 1024 * 1024,
      fallback: 1024 * 1024,
    }),
    shutdownGraceMs: variables.readInteger('SHUTDOWN_GRACE_MS', { min: 0, max: 9_000, fallback: 500 }),
    maxInFlight: variables.readInteger('MAX_IN_FLIGHT', { min: 1, max: 1000, fallback: 60 }),
    logLevel: variables.readChoice('LOG_LEVEL', LOG_LEVELS, 'info'),
    auditLog: variables.readText('AUDIT_LOG'),
    auditFsync: variables.readSwitch('AUDIT_FSYNC', true),
    passwords: variables.readSwitch('PASSWORDS', true),
    passwordsOverHttp: variables.readChoice('PASSWORDS_OVER_HTTP', ['warn', 'refuse'], 'warn'),
    passwordReadsPerHour:
      variables.readText('PASSWORD_READS_PER_HOUR') === undefined
        ? undefined
        : variables.readInteger('PASSWORD_READS_PER_HOUR', { min: 1, max: 1_000_000, fallback: 1 }),
    metricsPort: readMetricsPort(variables),
    graphiql,
    browsePage: variables.readSwitch('BROWSE_PAGE', graphiql),
    anonymousIntrospection: variables.readSwitch('ANONYMOUS_INTROSPECTION', !production),
    trustedDocuments: readTrustedDocuments(variables),
    persistedQueries: variables.readSwitch('PERSISTED_QUERIES', true),
    federation: {
      node: variables.readChoice('FEDERATION_NODE', ['off', 'hidden', 'on'], 'off'),
      requiresScopes: variables.readSwitch('FEDERATION_SCOPES', false),
      password: variables.readChoice('FEDERATION_PASSWORD', ['off', 'inaccessible', 'on'], 'on'),
    },
  };
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return Object.freeze(config);
}

function readMetricsPort(variables: Variables): number | undefined {
  const isOn = variables.readSwitch('METRICS', false);
  const port = variables.readInteger('METRICS_PORT', { min: 0, max: 65_535, fallback: 9464 });
  if (isOn) return port;
  if (variables.readText('METRICS_PORT') !== undefined)
    variables.mistakes.push('METRICS_PORT: has no effect without METRICS=on');
  return undefined;
}

function readHost({ readText, mistakes }: Variables): string {
  const parsed = parseHost(readText('HOST') ?? '127.0.0.1');
  if ('host' in parsed) return parsed.host;
  mistakes.push(`HOST: ${parsed.fault}`);
  // Nothing is said of what the address exposes until it is one.
  return '127.0.0.1';
}
