import { isLoopbackAddress } from '../domain/loopback.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';

/** What decides whether passwords of the vendor's phones can leave in clear. */
type Exposure = Pick<Config, 'upstream' | 'passwords' | 'callers' | 'jwt' | 'tls' | 'passwordsOverHttp'>;

/**
 * Holds a configuration against the address that is listened on.
 * @returns whether someone may read passwords over plain HTTP from elsewhere.
 * @throws {ConfigError} when that is so, and not to be.
 */
export function findPasswordsOverHttp(config: Exposure, address: string): boolean {
  const { upstream, passwords, callers, jwt, tls, passwordsOverHttp } = config;
  if (upstream === undefined || !passwords || tls !== undefined || isLoopbackAddress(address)) return false;
  // The scopes of a JWT are known only when it comes.
  if (jwt === undefined && !callers.some(({ scopes }) => scopes.has('passwords:read'))) return false;
  if (passwordsOverHttp === 'refuse')
    throw new ConfigError([
      `PASSWORDS_OVER_HTTP: refuse, and ${address} can be reached by others over plain HTTP; set TLS_CERT_FILE and TLS_KEY_FILE, or PASSWORDS=off`,
    ]);
  return true;
}
