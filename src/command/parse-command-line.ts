import { parseArgs } from 'node:util';
import { findTypedName } from '../config/near-name.ts';
import type { VariableRecord } from '../config/variables.ts';
import { type Command, type CommandInput, UsageError } from './command.ts';

/**
 * Reads what stands behind the name of a command.
 * @throws {UsageError} naming what is not known, stands twice or is missing. Nothing is ignored.
 */
export function parseCommandLine(
  { argument, options }: Pick<Command, 'argument' | 'options'>,
  args: readonly string[],
  environment: VariableRecord,
): Omit<CommandInput, 'signals'> {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { value }]) => [
        name,
        { type: value === undefined ? 'boolean' : 'string' } as const,
      ]),
    ),
    allowPositionals: true,
    // Its own messages say less than ours.
    strict: false,
    tokens: true,
  });
  const values: Record<string, string | true> = {};
  const variables: Record<string, string> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(options, name) && rawName === `--${name}` ? options[name] : undefined;
    if (option === undefined) throw new UsageError(describeUnknownOption(rawName, options));
    if (name in values) throw new UsageError(`${rawName} stands there twice.`);
    // Whoever means a value that begins like an option writes `--name=-x`.
    const isForgotten = inlineValue === false && value?.startsWith('-');
    values[name] = readValue(rawName, option.value !== undefined, isForgotten ? undefined : value);
    if (option.variable !== undefined) variables[option.variable] = String(values[name]);
  }
  const [first, ...others] = positionals;
  const [unknown] = argument === undefined ? positionals : others;
  if (unknown !== undefined)
    throw new UsageError(
      Object.hasOwn(options, unknown)
        ? `There is no argument "${unknown}"; is --${unknown} meant?`
        : `There is no argument "${unknown}".`,
    );
  if (argument !== undefined && first === undefined) throw new UsageError(`${argument} is missing.`);
  return { values, argument: first, environment: { ...environment, ...variables } };
}

function describeUnknownOption(rawName: string, options: Command['options']): string {
  const name = rawName.replace(/^-+/, '').toLowerCase();
  const file = Object.hasOwn(options, `${name}-file`) ? options[`${name}-file`]?.variable : undefined;
  if (file !== undefined)
    return `There is no option ${rawName}: everyone on the machine could read it. Use --${name}-file, or the variable ${file.replace(/_FILE$/, '')}.`;
  const near = findTypedName(name, Object.keys(options));
  return `There is no option ${rawName}${near === undefined ? '.' : `; is --${near} meant?`}`;
}

function readValue(rawName: string, takesValue: boolean, value: string | undefined): string | true {
  if (!takesValue) {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value.`);
    return true;
  }
  if (value === undefined || value.trim() === '') throw new UsageError(`${rawName} needs a value.`);
  return value;
}
