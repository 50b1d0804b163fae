import type { VariableRecord } from '../config/variables.ts';
import type { ExitCode } from './command.ts';
import type { Signals } from './signals.ts';
import { startGateway } from './start.ts';

/** Starts what runs until a signal ends it. */
export async function runStart(environment: VariableRecord, signals: Signals | undefined): Promise<ExitCode> {
  if (signals === undefined) throw new TypeError('Nobody has taken the signals.');
  await startGateway(environment, signals);
  return 0;
}
