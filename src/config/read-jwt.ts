import type { CallerEntry } from '../domain/caller.ts';
import { isLoopbackAddress } from '../domain/loopback.ts';
import type { JwtConfig } from './config.ts';
import type { FindProxy } from './read-proxy.ts';
import type { Variables } from './variables.ts';

const REQUIRED = ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URL'];
const OPTIONAL = ['JWT_SCOPES_CLAIM', 'JWT_APPS_CLAIM'];

/** Reads whose tokens are taken beside those of the callers; undefined where nobody's are. */
export function readJwt(
  { readText, mistakes }: Variables,
  callers: readonly CallerEntry[],
  findProxy: FindProxy,
): JwtConfig | undefined {
  const [issuer, audience, jwksUrl] = REQUIRED.map(readText);
  if (issuer === undefined && audience === undefined && jwksUrl === undefined) {
    for (const name of OPTIONAL)
      if (readText(name) !== undefined)
        mistakes.push(`${name}: has no effect without ${REQUIRED.join(', ')}`);
    if (callers.some(({ forwardsUser }) => forwardsUser === true))
      mistakes.push('JWT_ISSUER: missing, though a caller has forwardsUser; users are known by their JWT');
    return undefined;
  }
  for (const name of REQUIRED)
    if (readText(name) === undefined) mistakes.push(`${name}: missing; ${REQUIRED.join(', ')} come together`);
  if (jwksUrl !== undefined && !isSafe(jwksUrl))
    mistakes.push('JWT_JWKS_URL: expected an https address, or http on a loopback address');
  return {
    issuer: issuer ?? '',
    audience: audience ?? '',
    jwksUrl: jwksUrl ?? '',
    proxyUrl: findProxy(jwksUrl),
    scopesClaim: readText('JWT_SCOPES_CLAIM') ?? 'scope',
    appsClaim: readText('JWT_APPS_CLAIM'),
  };
}

/** Whoever can change the keys on their way decides who is let in. */
function isSafe(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return (
    protocol === 'https:' || hostname === 'localhost' || isLoopbackAddress(hostname.replace(/^\[|\]$/g, ''))
  );
}
