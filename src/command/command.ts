import type { VariableRecord } from '../config/variables.ts';
import type { Signals } from './signals.ts';

/** One thing that the program does. */
export interface Command {
  /** One line of the list of commands. */
  readonly summary: string;
  /** What it takes beside options, such as `QUERY.graphql`. */
  readonly argument?: string;
  /** Lines of its help between the summary and the options. */
  readonly notes?: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  /** Does it. @returns the exit code. */
  run(input: CommandInput): Promise<ExitCode>;
}

export interface Option {
  /** What stands in the place of its value in the help; a switch has none. */
  readonly value?: string;
  readonly help: string;
  /** The variable that says the same. */
  readonly variable?: string;
}

export interface CommandInput {
  /** By the names of the options, without those of variables. */
  readonly values: Readonly<Record<string, string | true | undefined>>;
  /** The argument; undefined where there is none. */
  readonly argument: string | undefined;
  /** The environment of the process, and over it the options that say the same as variables. */
  readonly environment: VariableRecord;
  /** Undefined for what does not serve. */
  readonly signals: Signals | undefined;
}

/** 0: done. 1: it could not be done, or something is wrong. 2: the command line cannot be read. */
export type ExitCode = 0 | 1 | 2;

/** A command line that cannot be read. */
export class UsageError extends Error {}
