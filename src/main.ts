import { isatty } from 'node:tty';
import { takeSignals } from './command/signals.ts';

const args = process.argv.slice(2);
const [first = 'start'] = args;
/**
 * What serves takes the signals before all else is loaded: the first process of a container does not end by one that
 * nobody takes, and one that comes during the start is no failure.
 */
const signals =
  first === 'start' || first.startsWith('-')
    ? takeSignals({
        on: (event, listener) => process.on(event, listener),
        exit: (code) => process.exit(code),
        isTerminal: () => isatty(0),
      })
    : undefined;

const { runProgram } = await import('./command/run-program.ts');
process.exitCode = await runProgram(args, process.env, signals);
