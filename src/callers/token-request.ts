import { parseArgs } from 'node:util';
import { findCallerNameFault, SCOPES, type Scope } from '../domain/caller.ts';
import { findAppIdFault } from '../domain/identifier.ts';

/** Who is to get a token, and for what: nothing that the configuration would refuse. */
export interface TokenRequest {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly apps: readonly string[] | undefined;
}

/**
 * Reads the arguments of the command that makes tokens.
 * @throws {TypeError} saying which one cannot be used.
 */
export function parseTokenRequest(args: string[]): TokenRequest {
  const { values } = parseArgs({
    args,
    options: {
      name: { type: 'string' },
      scopes: { type: 'string', default: SCOPES[0] },
      apps: { type: 'string' },
    },
  });
  if (values.name === undefined) throw new TypeError('--name is missing.');
  assertFaultless('--name', findCallerNameFault(values.name));
  const scopes = splitList('--scopes', values.scopes).map(parseScope);
  const apps = values.apps === undefined ? undefined : splitList('--apps', values.apps);
  for (const appId of apps ?? []) assertFaultless('--apps: an app id', findAppIdFault(appId));
  return { name: values.name, scopes, apps };
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
