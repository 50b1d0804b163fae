import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { readEnvFile } from './env-file.ts';
import type { Files } from './files.ts';
import { parseConfig, VARIABLES } from './parse-config.ts';
import type { ReadFile } from './text-file.ts';
import type { VariableRecord } from './variables.ts';

/** A configuration and what it was read from, so that a later one can be held against it. */
export interface ConfigSource {
  readonly config: Config;
  /** The environment over the file `.env`. */
  readonly variables: VariableRecord;
  /** The file `.env` alone. */
  readonly file: VariableRecord;
  /** What each file held that a variable names, by its path. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads the configuration of a process: its environment, and below it the file `.env` of the working directory.
 * Every program that is configured reads it here.
 * @throws {ConfigError} listing what cannot be used.
 */
export function readConfigSource(environment: VariableRecord, files: Files): ConfigSource {
  const file = readEnvFile('.env', files, VARIABLES);
  // An empty variable counts as absent, but does its writer want the file's value, or none?
  const unclear = Object.keys(file).filter((name) => environment[name]?.trim() === '' && file[name] !== '');
  if (unclear.length > 0)
    throw new ConfigError(
      unclear.map((name) => `${name}: empty in the environment, but set in .env; take it out of one of them`),
    );
  const variables = { ...file, ...environment };
  const contents = new Map<string, Uint8Array>();
  const read: ReadFile = (path) => {
    const content = contents.get(path) ?? files.read(path);
    contents.set(path, content);
    return content;
  };
  return { config: parseConfig(variables, read), variables, file, contents };
}

/** As {@link readConfigSource}, for a program that reads its configuration once. */
export function readConfig(environment: VariableRecord, files: Files): Config {
  return readConfigSource(environment, files).config;
}
