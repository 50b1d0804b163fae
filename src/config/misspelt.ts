import { findNearName } from './near-name.ts';

/** How names begin that nobody else gives to a variable: what begins so is meant for us. */
const OWN_BEGINNINGS = [
  'ITNIO_',
  'CALLERS_',
  'ANONYMOUS_',
  'CORS_ORIGIN',
  'CURSOR_KEY',
  'AUDIT_LOG',
  'PHONES_CACHE',
  'PHONES_LIST',
  'LIST_MAX_CALLS',
  'REQUEST_TIMEOUT',
  'SHUTDOWN_GRACE',
  'FEDERATION_',
  'BROWSE_',
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

/** What Kubernetes sets for each service, whose name may be ours. */
const SERVICE_LINK = /_SERVICE_(?:HOST|PORT)(?:_|$)|_PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_|$)|$)/;

/** Says of each variable that is meant for us and that we do not know what may be meant: a door left open by a typing error stays unseen. */
export function listMisspelt(names: readonly string[], known: readonly string[]): string[] {
  const distinctive = known.filter((name) => !COMMON_NAMES.has(name));
  return names
    .filter((name) => !known.includes(name) && !SERVICE_LINK.test(name))
    .flatMap((name) => {
      const near = findMeantName(name, distinctive);
      const isOurs = OWN_BEGINNINGS.some((beginning) => name.toUpperCase().startsWith(beginning));
      if (near === undefined && !isOurs) return [];
      const meant = near ?? known.find((other) => other.startsWith(name) || name.startsWith(other));
      return [`${name}: there is no such variable${meant === undefined ? '' : `; is ${meant} meant?`}`];
    });
}

/** Finds the name that another is meant to be: the same in other letters, or one that comes near. */
export function findMeantName(name: string, known: readonly string[]): string | undefined {
  const inCapitals = name.toUpperCase().replaceAll('-', '_');
  return known.includes(inCapitals) ? inCapitals : findNearName(inCapitals, known);
}
