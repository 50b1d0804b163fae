import { findErrorCode } from '../domain/error-code.ts';
import { ConfigError } from './config-error.ts';
import { parseEnvLine } from './env-line.ts';
import type { Files } from './files.ts';
import { findMeantName } from './misspelt.ts';
import { decodeTextFile } from './text-file.ts';
import type { VariableRecord } from './variables.ts';

/** Longest list of faults of one file; a text of another kind has one in each of its lines. */
const MAX_FAULTS = 20;

/** Read by Node itself when it starts, which is before any file of ours. */
const READ_BY_NODE = /^(?:NODE_(?!ENV$)|SSL_CERT_|UV_)/;

/**
 * Reads a file of `NAME=value` lines, exactly or not at all; without the file there are none.
 * @throws {ConfigError} when there is one that cannot be read, or with lines that mean nothing, or one thing here and
 * another elsewhere: each by its number, none quoted.
 * @param known the names that mean something; a name that comes near one of them is a fault.
 */
export function readEnvFile(path: string, files: Files, known: readonly string[]): VariableRecord {
  const bytes = readBytes(path, files);
  if (bytes === undefined) return {};
  const file = decodeTextFile(bytes);
  if ('fault' in file) throw new ConfigError([`${path}: ${file.fault}`]);
  return parseEnvFile(path, file.text, known);
}

function readBytes(path: string, { read, exists }: Files): Uint8Array | undefined {
  try {
    return read(path);
  } catch (error) {
    const code = findErrorCode(error);
    if (code === 'ENOENT' && !exists(path)) return undefined;
    throw new ConfigError([`${path}: the file cannot be read (${code})`]);
  }
}

function parseEnvFile(path: string, text: string, known: readonly string[]): VariableRecord {
  const settings = new Map<string, { readonly value: string; readonly line: number }>();
  const faults: string[] = [];
  // A carriage return stays where it ends no line, and is then a control character.
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    const number = index + 1;
    const line = parseEnvLine(content);
    if (line === undefined) continue;
    const before = 'name' in line ? settings.get(line.name) : undefined;
    if ('fault' in line) faults.push(`line ${number}: ${line.fault}`);
    else if (before !== undefined) faults.push(`line ${number}: sets what line ${before.line} has set`);
    else settings.set(line.name, { value: line.value, line: number });
  }
  for (const [name, { value, line }] of settings) {
    const fault = findNameFault(name, value, known);
    if (fault !== undefined) faults.push(`line ${line}: ${fault}`);
  }
  if (faults.length > 0) throw new ConfigError(cut(faults).map((fault) => `${path}: ${fault}`));
  return Object.fromEntries([...settings].map(([name, { value }]) => [name, value]));
}

/** A name that is neither ours nor near may be for another program that reads this file. */
function findNameFault(name: string, value: string, known: readonly string[]): string | undefined {
  if (known.includes(name)) return undefined;
  const meant = findMeantName(name, value, known);
  if (meant !== undefined) return `${name}: there is no such variable; is ${meant} meant?`;
  return READ_BY_NODE.test(name) ? `${name} has no effect in a file; set it in the environment` : undefined;
}

function cut(faults: readonly string[]): readonly string[] {
  if (faults.length <= MAX_FAULTS) return faults;
  return [...faults.slice(0, MAX_FAULTS), `and ${faults.length - MAX_FAULTS} more`];
}
