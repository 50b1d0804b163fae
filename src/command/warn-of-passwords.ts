import type { Config } from '../config/config.ts';
import { findPasswordsOverHttp } from '../config/passwords-over-http.ts';
import type { Log } from '../domain/log.ts';

/** Says loudly that passwords can be read on their way. */
export function warnOfPasswordsOverHttp(config: Config, address: string, log: Log): void {
  if (findPasswordsOverHttp(config, address))
    log.warn(
      { address, variables: ['TLS_CERT_FILE', 'TLS_KEY_FILE', 'PASSWORDS_OVER_HTTP'] },
      'PASSWORDS LEAVE OVER PLAIN HTTP: whoever is on the way of an answer can read them.',
    );
}
