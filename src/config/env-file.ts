import { parseEnv } from 'node:util';
import { findErrorCode } from '../domain/error-code.ts';
import { ConfigError } from './config-error.ts';
import type { ReadFile, VariableRecord } from './variables.ts';

/**
 * Reads a file of `NAME=value` lines; without the file there are none.
 * @throws {ConfigError} when there is one that cannot be read.
 */
export function readEnvFile(path: string, readFile: ReadFile): VariableRecord {
  try {
    return parseEnv(readFile(path));
  } catch (error) {
    const code = findErrorCode(error);
    if (code === 'ENOENT') return {};
    throw new ConfigError([`${path}: the file cannot be read (${code})`]);
  }
}
