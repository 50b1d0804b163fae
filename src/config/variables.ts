import { Secret } from '../domain/secret.ts';

/** The environment, or whatever stands in for it. */
export type VariableRecord = Readonly<Record<string, string | undefined>>;

/** Reads a file as UTF-8 text. */
export type ReadFile = (path: string) => string;

/** Reads variables one by one and collects what is wrong with them. An empty variable counts as absent. */
export interface Variables {
  readonly mistakes: string[];
  readText(name: string): string | undefined;
  /** Reads NAME, or the file that NAME_FILE names, without the line break at its end. */
  readSecret(name: string): Secret | undefined;
  /** Reads the file that a variable names. */
  readFileOf(name: string): string | undefined;
  readInteger(
    name: string,
    range: { readonly min: number; readonly max: number; readonly fallback: number },
  ): number;
  readChoice<Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice;
  readSwitch(name: string, fallback: boolean): boolean;
  /** Reads a comma-separated list; blanks around items and empty items do not count. */
  readList(name: string): string[] | undefined;
}

export function createVariables(record: VariableRecord, readFile: ReadFile): Variables {
  const mistakes: string[] = [];

  function readText(name: string): string | undefined {
    const text = record[name]?.trim();
    return text === '' ? undefined : text;
  }

  function readFileOf(name: string): string | undefined {
    const path = readText(name);
    if (path === undefined) return undefined;
    try {
      return readFile(path);
    } catch {
      mistakes.push(`${name}: the file cannot be read`);
      return undefined;
    }
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
      const text = readText(name) ?? readFileOf(file)?.trim();
      if (text === '') mistakes.push(`${file}: the file is empty`);
      return text === undefined || text === '' ? undefined : new Secret(text);
    },
    readInteger(name, { min, max, fallback }) {
      const text = readText(name);
      if (text === undefined) return fallback;
      const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
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
      return items?.length === 0 ? undefined : items;
    },
  };
}
