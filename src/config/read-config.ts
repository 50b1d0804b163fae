import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { readEnvFile } from './env-file.ts';
import type { Files } from './files.ts';
import { parseConfig, VARIABLES } from './parse-config.ts';
import type { VariableRecord } from './variables.ts';

/**
 * Reads the configuration of a process: its environment, and below it the file `.env` of the working directory.
 * Every program that is configured reads it here.
 * @throws {ConfigError} listing what cannot be used.
 */
export function readConfig(environment: VariableRecord, files: Files): Config {
  const file = readEnvFile('.env', files, VARIABLES);
  // An empty variable counts as absent, but does its writer want the file's value, or none?
  const unclear = Object.keys(file).filter((name) => environment[name]?.trim() === '' && file[name] !== '');
  if (unclear.length > 0)
    throw new ConfigError(
      unclear.map((name) => `${name}: empty in the environment, but set in .env; take it out of one of them`),
    );
  return parseConfig({ ...file, ...environment }, files.read);
}
