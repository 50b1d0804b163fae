import { isIP } from 'node:net';
import type { ServedApps } from '../domain/app.ts';
import { type CallerEntry, SCOPES, type Scope } from '../domain/caller.ts';
import { isLoopbackAddress } from '../domain/loopback.ts';
import { parseSubnet, type Subnet } from '../domain/subnet.ts';
import { parseCallerList } from './caller-list.ts';
import type { Upstream } from './config.ts';
import { describeExposure } from './host.ts';
import type { Variables } from './variables.ts';

/** Reads who may ask by a token. */
export function readCallers(variables: Variables, upstream: Upstream | undefined): readonly CallerEntry[] {
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

/** Reads what a caller without a token may do; undefined where it may not ask at all. */
export function readAnonymousScopes(
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
  // A name is judged by its address, once that is known.
  if (isIP(host) !== 0 && !isLoopbackAddress(host)) mistakes.push(describeExposure(host));
  return new Set(['phones:read']);
}

/** Callers with a mistake in them are callers all the same: nothing opens up because of a typing error. */
export function hasCallers({ readText }: Variables): boolean {
  return ['CALLERS', 'CALLERS_FILE', 'JWT_ISSUER'].some((name) => readText(name) !== undefined);
}

/** Reads whose web pages may read answers. */
export function readCorsOrigins(variables: Variables): readonly string[] {
  const origins = variables.readList('CORS_ORIGINS') ?? [];
  for (const origin of origins)
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      variables.mistakes.push(`CORS_ORIGINS: "${origin}" is not an origin such as https://app.example.com`);
  return origins;
}

export function readTrustedProxies(variables: Variables): readonly Subnet[] {
  return (variables.readList('TRUSTED_PROXIES') ?? []).flatMap((text) => {
    const subnet = parseSubnet(text);
    if (subnet !== undefined && subnet.bits > 0) return [subnet];
    variables.mistakes.push(
      subnet === undefined
        ? `TRUSTED_PROXIES: "${text}" is not an IP address or a network such as 10.0.0.0/8`
        : `TRUSTED_PROXIES: "${text}" is every address, so that anyone could say to be any other`,
    );
    return [];
  });
}
