import packageFile from '../../package.json' with { type: 'json' };
import { ConfigError } from '../config/config-error.ts';
import { findTypedName } from '../config/near-name.ts';
import type { VariableRecord } from '../config/variables.ts';
import { type ExitCode, UsageError } from './command.ts';
import { COMMANDS } from './commands.ts';
import { describeCommand, describeProgram } from './help.ts';
import { parseCommandLine } from './parse-command-line.ts';
import type { Signals } from './signals.ts';

const HELP = ['--help', '-h'];
const VERSION = ['--version', '-v'];

/** Does what a command line asks for. @param args without node and the program. */
export async function runProgram(
  args: readonly string[],
  environment: VariableRecord,
  signals: Signals | undefined,
): Promise<ExitCode> {
  const [first = '', second] = args;
  try {
    if (args.length === 1 && VERSION.includes(first)) console.log(packageFile.version);
    else if (args.length === 1 && HELP.includes(first)) process.stdout.write(describeProgram());
    else if (first === 'help' && args.length <= 2)
      return await runProgram([...(second === undefined ? [] : [second]), '--help'], environment, signals);
    else return await runCommand(args, environment, signals);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\nitnio-gateway --help says what there is.`);
      return 2;
    }
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    return 1;
  }
}

async function runCommand(
  args: readonly string[],
  environment: VariableRecord,
  signals: Signals | undefined,
): Promise<ExitCode> {
  const [first = ''] = args;
  const isNamed = args.length > 0 && !first.startsWith('-');
  const name = isNamed ? first : 'start';
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const near = findTypedName(name, Object.keys(COMMANDS));
    throw new UsageError(
      `There is no command "${name}"${near === undefined ? '.' : `; is "${near}" meant?`}`,
    );
  }
  const rest = isNamed ? args.slice(1) : args;
  if (rest.some((arg) => HELP.includes(arg))) {
    process.stdout.write(describeCommand(name, command));
    return 0;
  }
  return command.run({ ...parseCommandLine(command, rest, environment), signals });
}
