import { VARIABLES } from '../config/parse-config.ts';
import type { Option } from './command.ts';

/** Everyone on the machine can read the command line of a process. */
const SECRETS: ReadonlySet<string> = new Set(['ITNIO_API_KEY', 'ITNIO_API_SECRET', 'CURSOR_KEYS']);

/** An option for each variable, but for those that hold a secret: `--port 4000` says the same as `PORT=4000`. */
export const VARIABLE_OPTIONS: Readonly<Record<string, Option>> = Object.fromEntries(
  VARIABLES.filter((variable) => !SECRETS.has(variable)).map((variable) => [
    variable.toLowerCase().replaceAll('_', '-'),
    { value: 'VALUE', help: variable, variable },
  ]),
);
