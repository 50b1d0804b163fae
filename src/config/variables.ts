import { findErrorCode } from '../domain/error-code.ts';
import { Secret } from '../domain/secret.ts';
import { HIDDEN_CHARACTER } from './hidden-character.ts';
import { decodeTextFile, type ReadFile } from './text-file.ts';

/** The environment, or whatever stands in for it. */
export type VariableRecord = Readonly<Record<string, string | undefined>>;

/** Reads variables one by one and collects what is wrong with them. An empty variable counts as absent. */
export interface Variables {
  readonly mistakes: string[];
  readText(name: string): string | undefined;
  /** Reads NAME, or the one line of the file that NAME_FILE names. */
  readSecret(name: string): Secret | undefined;
  /** Reads the file that a variable names. */
  readFileOf(name: string): string | undefined;
  readInteger(
    name: string,
    range: { readonly min: number; readonly max: number; readonly fallback: number },
  ): number;
  readChoice<Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice;
  readSwitch(name: string, fallback: boolean): boolean;
  /** Reads a comma-separated list; blanks around items and empty items do not count, but one there must be. */
  readList(name: string): string[] | undefined;
}

/** @param names the variables that will be read. */
export function createVariables(
  record: VariableRecord,
  readFile: ReadFile,
  names: readonly string[],
): Variables {
  const mistakes = Object.entries(record).flatMap(([name, value = '']) => {
    const fault = names.includes(name) ? findValueFault(name, value.trim()) : undefined;
    return fault === undefined ? [] : [`${name}: ${fault}`];
  });

  function readText(name: string): string | undefined {
    const text = record[name]?.trim();
    return text === '' ? undefined : text;
  }

  function readFileOf(name: string): string | undefined {
    const path = readText(name);
    if (path === undefined) return undefined;
    try {
      const file = decodeTextFile(readFile(path));
      if ('text' in file) return file.text;
      mistakes.push(`${name}: ${file.fault}`);
    } catch (error) {
      mistakes.push(`${name}: the file cannot be read (${findErrorCode(error) ?? 'unknown'})`);
    }
    return undefined;
  }

  function readLineOf(name: string): string | undefined {
    const text = readFileOf(name)?.trim();
    const [line = ''] = text?.split(/[\r\n]/, 1) ?? [];
    const fault = line === text || text === undefined ? findValueFault(name, line) : 'expected one line';
    if (text === '') mistakes.push(`${name}: the file is empty`);
    else if (fault !== undefined) mistakes.push(`${name}: ${fault}`);
    return line === '' ? undefined : line;
  }

  function readChoice<Choice extends string>(
    name: string,
    choices: readonly Choice[],
    fallback: Choice,
  ): Choice {
    const text = readText(name);
    if (text === undefined) return fallback;
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) mistakes.push(`${name}: expected one of ${choices.join(', ')}`);
    return choice ?? fallback;
  }

  return {
    mistakes,
    readText,
    readFileOf,
    readChoice,
    readSecret(name) {
      const file = `${name}_FILE`;
      if (readText(name) !== undefined && readText(file) !== undefined)
        mistakes.push(`${name}: set either it or ${file}, not both`);
      const text = readText(name) ?? readLineOf(file);
      return text === undefined ? undefined : new Secret(text);
    },
    readInteger(name, { min, max, fallback }) {
      const text = readText(name);
      if (text === undefined) return fallback;
      const value = /^(?:0|[1-9]\d*)$/.test(text) ? Number(text) : Number.NaN;
      if (value >= min && value <= max) return value;
      mistakes.push(`${name}: expected a whole number from ${min} to ${max}`);
      return fallback;
    },
    readSwitch: (name, fallback) => readChoice(name, ['on', 'off'], fallback ? 'on' : 'off') === 'on',
    readList(name) {
      const items = readText(name)
        ?.split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
      if (items?.length === 0) mistakes.push(`${name}: expected a list, and found only commas`);
      return items;
    },
  };
}

/** Says what keeps a value from being what its writer meant, whatever it is for. */
function findValueFault(name: string, value: string): string | undefined {
  // Some tools that read files of variables leave the quotes where they are.
  if (/^(["'`]).*\1$/s.test(value)) return 'the quotes are part of the value; take them off';
  const isJson = name === 'CALLERS';
  return HIDDEN_CHARACTER.test(isJson ? value.replace(/[\r\n\t]/g, '') : value)
    ? 'a line break, a control character or one that cannot be seen; take it out'
    : undefined;
}
