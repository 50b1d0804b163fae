import { findCallerNameFault, SCOPES, type Scope } from '../domain/caller.ts';
import { findAppIdFault } from '../domain/identifier.ts';
import { parseMoment } from '../domain/moment.ts';

/** Who is to get a token, and for what: nothing that the configuration would refuse. */
export interface TokenRequest {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly apps: readonly string[] | undefined;
  /** With its zone; undefined for never. */
  readonly expiresAt: string | undefined;
}

/**
 * Reads the options of the command that makes tokens.
 * @throws {TypeError} saying which one cannot be used.
 */
export function parseTokenRequest(
  options: Readonly<Record<string, string | true | undefined>>,
): TokenRequest {
  const { name, scopes = SCOPES[0], apps, 'expires-at': expiresAt } = options;
  if (name === undefined) throw new TypeError('--name is missing.');
  assertFaultless('--name', findCallerNameFault(String(name)));
  const appIds = apps === undefined ? undefined : splitList('--apps', String(apps));
  for (const appId of appIds ?? []) assertFaultless('--apps: an app id', findAppIdFault(appId));
  if (expiresAt !== undefined && parseMoment(String(expiresAt)) === undefined)
    throw new TypeError('--expires-at: expected a date, a time and a zone, such as 2027-01-31T00:00:00Z.');
  return {
    name: String(name),
    scopes: splitList('--scopes', String(scopes)).map(parseScope),
    apps: appIds,
    expiresAt: expiresAt === undefined ? undefined : String(expiresAt),
  };
}

function parseScope(text: string): Scope {
  const scope = SCOPES.find((candidate) => candidate === text);
  if (scope === undefined) throw new TypeError(`There is no scope "${text}".`);
  return scope;
}

function splitList(option: string, text: string): string[] {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) throw new TypeError(`${option} names none.`);
  return [...new Set(items)];
}

function assertFaultless(subject: string, fault: string | undefined): void {
  if (fault !== undefined) throw new TypeError(`${subject} ${fault}.`);
}
