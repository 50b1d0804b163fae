import type { Command } from './command.ts';
import { COMMANDS } from './commands.ts';

/** Says what the program does. */
export function describeProgram(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  return [
    'Usage: itnio-gateway [COMMAND] [OPTIONS]',
    '',
    ...Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'itnio-gateway COMMAND --help lists its options; --version says which version this is.',
    'Options win over the environment, and that over the file .env. Nothing that is not known is ignored.',
    'Exit codes: 0 done; 1 it could not be done, or something is wrong; 2 the command line cannot be read.',
    '',
  ].join('\n');
}

/** Says how one command is called. */
export function describeCommand(name: string, { summary, argument, notes = [], options }: Command): string {
  const lines = Object.entries(options).map(([option, { value, help, variable }]) => {
    const call = value === undefined ? `--${option}` : `--${option} ${value}`;
    return { call, help: variable === undefined || help === variable ? help : `${help} (${variable})` };
  });
  const width = Math.max(0, ...lines.map(({ call }) => call.length));
  return [
    `Usage: itnio-gateway ${name}${argument === undefined ? '' : ` ${argument}`} [OPTIONS]`,
    '',
    `It ${summary}.`,
    '',
    ...(notes.length > 0 ? [...notes, ''] : []),
    ...lines.map(({ call, help }) => `  ${call.padEnd(width)}  ${help}`),
    '',
    ...(lines.some(({ help }) => /^[A-Z_]+$/.test(help))
      ? ['A word in capitals is the variable that says the same; what it is for stands in the README.', '']
      : []),
  ].join('\n');
}
