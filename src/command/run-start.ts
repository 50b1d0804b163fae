import { isatty } from 'node:tty';
import type { VariableRecord } from '../config/variables.ts';
import type { ExitCode } from './command.ts';
import { takeSignals } from './signals.ts';

/** Takes the signals before the gateway is loaded: the first process of a container does not end by one that nobody takes. */
export async function runStart(environment: VariableRecord): Promise<ExitCode> {
  const signals = takeSignals({
    on: (event, listener) => process.on(event, listener),
    exit: (code) => process.exit(code),
    isTerminal: () => isatty(0),
  });
  const { startGateway } = await import('./start.ts');
  await startGateway(environment, signals);
  return 0;
}
