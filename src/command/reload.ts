import { ConfigError } from '../config/config-error.ts';
import { regularFiles } from '../config/files.ts';
import { assertListenAddress } from '../config/host.ts';
import { findPasswordsOverHttp } from '../config/passwords-over-http.ts';
import { planReload } from '../config/plan-reload.ts';
import { type ConfigSource, readConfigSource } from '../config/read-config.ts';
import type { ReplaceableSettings } from '../config/settings.ts';
import type { VariableRecord } from '../config/variables.ts';
import type { Log } from '../domain/log.ts';
import { assertTrustedDocuments } from '../gateway.ts';
import { warnOfExpiredTokens } from './expired-tokens.ts';
import { warnOfPasswordsOverHttp } from './warn-of-passwords.ts';

export interface ReloadOptions {
  readonly environment: VariableRecord;
  readonly started: ConfigSource;
  readonly settings: ReplaceableSettings;
  /** The address that is listened on. */
  readonly listenAddress: string;
  readonly log: Log;
  setLogLevel(level: string): void;
  /** Has new connections get the certificate of the settings. */
  renewCertificate(): void;
  /** Told whether the configuration that was read could be used. */
  noteConfig(isValid: boolean): void;
}

/** @returns reads the configuration again and takes over what can change; where it cannot be used, the old one stays. */
export function createReload(options: ReloadOptions): () => void {
  const { environment, started, settings, listenAddress, log, setLogLevel, renewCertificate, noteConfig } =
    options;
  let before = started;

  return () => {
    try {
      const next = readConfigSource(environment, regularFiles);
      const { config, changed, needsRestart, heldByEnvironment } = planReload(started, before, next);
      assertListenAddress(config, listenAddress);
      findPasswordsOverHttp(config, listenAddress);
      assertTrustedDocuments(config);
      settings.replace(config);
      renewCertificate();
      setLogLevel(config.logLevel);
      before = next;
      noteConfig(true);
      log.info({ changed }, 'The configuration was read again.');
      if (needsRestart.length > 0) log.warn({ variables: needsRestart }, 'These changes need a restart.');
      if (heldByEnvironment.length > 0)
        log.warn(
          { variables: heldByEnvironment },
          'These are set in the environment, which .env cannot change.',
        );
      warnOfExpiredTokens(config, log);
      warnOfPasswordsOverHttp(config, listenAddress, log);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      noteConfig(false);
      log.error({ mistakes: error.mistakes }, 'The new configuration is refused; the old one stays.');
    }
  };
}
