import { findNearName } from './near-name.ts';
import type { VariableRecord } from './variables.ts';

/** Prefixes that only this gateway uses: whatever begins so is meant for it. */
const OWN_PREFIXES = [
  'ITNIO_',
  'CALLERS_',
  'ANONYMOUS_SCOPE',
  'CURSOR_KEY',
  'AUDIT_LOG',
  'PHONES_CACHE',
  'PHONES_LIST',
  'LIST_MAX_CALLS',
  'REQUEST_TIMEOUT',
  'SHUTDOWN_GRACE',
];

/** Names that many programs know: what comes near them may be meant for another. */
const COMMON_NAMES: ReadonlySet<string> = new Set([
  'NODE_ENV',
  'HOST',
  'PORT',
  'LOG_LEVEL',
  'GRAPHIQL',
  'HTTPS_PROXY',
  'NO_PROXY',
]);

const SWITCH = /^(?:on|off|true|false|yes|no)$/i;

/** Everyday words: a name near one is meant for this gateway only with a value of this form. `PASSWORD` is anybody's. */
const EVERYDAY_NAMES: ReadonlyMap<string, RegExp> = new Map([
  ['PASSWORDS', SWITCH],
  ['METRICS', SWITCH],
  ['METRICS_PORT', /^\d+$/],
  ['CALLERS', /^\[/],
]);

/** What Kubernetes sets for each service, whose name may be ours. */
const SERVICE_LINK = /_SERVICE_(?:HOST|PORT)(?:_|$)|_PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_|$)|$)/;

/**
 * Says of each variable that looks like one of ours, and is none, which may be meant: with a misspelt name a setting
 * would be missing without anybody seeing it.
 */
export function listMisspelt(record: VariableRecord, known: readonly string[]): string[] {
  const distinctive = known.filter((name) => !COMMON_NAMES.has(name));
  return Object.entries(record)
    .filter(([name]) => !known.includes(name) && !SERVICE_LINK.test(name))
    .flatMap(([name, value]) => {
      const near = findMeantName(name, value, distinctive);
      const isOurs = OWN_PREFIXES.some((prefix) => name.toUpperCase().startsWith(prefix));
      if (near === undefined && !isOurs) return [];
      const meant = near ?? known.find((other) => other.startsWith(name) || name.startsWith(other));
      return [`${name}: there is no such variable${meant === undefined ? '' : `; is ${meant} meant?`}`];
    });
}

/** Finds the name that another is meant to be: the same in other letters, or one that comes near. */
export function findMeantName(
  name: string,
  value: string | undefined,
  known: readonly string[],
): string | undefined {
  const inCapitals = name.toUpperCase().replaceAll('-', '_');
  const near = known.includes(inCapitals) ? inCapitals : findNearName(inCapitals, known);
  const form = near === undefined ? undefined : EVERYDAY_NAMES.get(near);
  return form === undefined || form.test(value?.trim() ?? '') ? near : undefined;
}
