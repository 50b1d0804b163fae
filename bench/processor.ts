import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The server has a core of its own; whatever asks it and whatever it asks share the other. */
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

/** Whether processes can be bound to cores here: by `taskset`, on Linux with two cores or more. */
export const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** The command that runs node on one core, or anywhere where that cannot be had. */
export function nodeOn(core: number, args: readonly string[]): readonly [command: string, args: string[]] {
  return canPin
    ? ['taskset', ['-c', String(core), process.execPath, ...args]]
    : [process.execPath, [...args]];
}

/** Moves this process, threads included, to a core. */
export function pinSelf(core: number): void {
  if (canPin) spawnSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)]);
}
