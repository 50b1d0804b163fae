import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { parseConfig, VARIABLES } from './parse-config.ts';
import type { ConfigSource } from './read-config.ts';
import type { VariableRecord } from './variables.ts';

type VariableName = (typeof VARIABLES)[number];

/** What changes while the gateway runs: who may ask, for what, and how much. All else is as it was at the start. */
export const RELOADED: ReadonlySet<string> = new Set<VariableName>([
  'CALLERS',
  'CALLERS_FILE',
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'JWT_JWKS_URL',
  'JWT_SCOPES_CLAIM',
  'JWT_APPS_CLAIM',
  'ANONYMOUS_SCOPES',
  'ANONYMOUS_INTROSPECTION',
  'ITNIO_APPS',
  'CURSOR_KEYS',
  'CURSOR_KEYS_FILE',
  'CORS_ORIGINS',
  'TLS_CERT_FILE',
  'TLS_KEY_FILE',
  'TLS_CLIENT_CA_FILE',
  'TRUSTED_PROXIES',
  'REQUEST_TIMEOUT_MS',
  'CALLER_CALLS_PER_MINUTE',
  'LIST_MAX_CALLS',
  'SHUTDOWN_GRACE_MS',
  'PASSWORDS_OVER_HTTP',
  'MAX_BODY_BYTES',
  'MAX_IN_FLIGHT',
  'PASSWORD_READS_PER_HOUR',
  'TRUSTED_DOCUMENTS_FILE',
  'TRUSTED_DOCUMENTS',
  'PERSISTED_QUERIES',
  'LOG_LEVEL',
]);

/** What a running gateway takes over from a configuration that was read again. */
export interface Reload {
  /** What holds from now on. */
  readonly config: Config;
  /** The variables whose value, or whose file's content, holds from now on. */
  readonly changed: readonly string[];
  /** Those that differ and hold after a restart only. */
  readonly needsRestart: readonly string[];
  /** Those that `.env` sets in vain, since the environment of the process wins and stays. */
  readonly heldByEnvironment: readonly string[];
}

/**
 * Decides what a new configuration changes in a running gateway.
 * @param started what the gateway was started with.
 * @param before what held until now.
 * @throws {ConfigError} when what would hold from now on cannot be used: callers cannot go while the address that is
 * listened on can be reached by others.
 */
export function planReload(started: ConfigSource, before: ConfigSource, next: ConfigSource): Reload {
  const kept = VARIABLES.filter(
    (name) =>
      !RELOADED.has(name) ||
      (name === 'ITNIO_APPS' && !isSetInBoth(started, next, ({ upstream }) => upstream)) ||
      (name.startsWith('TLS_') && !isSetInBoth(started, next, ({ tls }) => tls)) ||
      (name === 'TLS_CLIENT_CA_FILE' && !isSetInBoth(started, next, ({ tls }) => tls?.clientAuthorities)),
  );
  const variables: VariableRecord = {
    ...next.variables,
    ...Object.fromEntries(kept.map((name) => [name, started.variables[name]])),
  };
  const keptPaths = new Set(
    kept.filter((name) => name.endsWith('_FILE')).map((name) => started.variables[name]?.trim()),
  );
  const config = parseConfig(variables, (path) => {
    const content = (keptPaths.has(path) ? started : next).contents.get(path);
    if (content === undefined) throw new ConfigError([`${path}: was not read`]);
    return content;
  });
  const differing = (names: readonly string[], from: ConfigSource) =>
    names.filter((name) => differs(name, from, next));
  return {
    config,
    changed: differing(
      VARIABLES.filter((name) => !kept.includes(name)),
      before,
    ),
    needsRestart: differing(kept, started),
    heldByEnvironment: Object.keys(next.file).filter((name) => next.file[name] !== next.variables[name]),
  };
}

/** The apps of an account come and go with it, a certificate with HTTPS, and clients' certificates: that takes a restart. */
function isSetInBoth(
  started: ConfigSource,
  next: ConfigSource,
  find: (config: Config) => object | string | undefined,
): boolean {
  return (find(started.config) === undefined) === (find(next.config) === undefined);
}

function differs(name: string, from: ConfigSource, to: ConfigSource): boolean {
  const [before, after] = [from, to].map(({ variables }) => variables[name]?.trim() ?? '');
  if (before !== after) return true;
  if (!name.endsWith('_FILE') || after === '' || after === undefined) return false;
  const [held, holds] = [from.contents.get(after), to.contents.get(after)];
  return held === undefined || holds === undefined ? held !== holds : Buffer.compare(held, holds) !== 0;
}
