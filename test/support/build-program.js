import { execFileSync } from 'node:child_process';

/** Builds the program once, before the tests that start it as a process: it starts in a third of the time of its sources. */
export default function buildProgram() {
  execFileSync(process.execPath, ['packaging/build.mjs', '--if-stale'], {
    cwd: new URL('../..', import.meta.url),
    stdio: 'inherit',
  });
}
