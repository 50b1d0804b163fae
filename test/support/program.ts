import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The gateway as a process of its own. */
export interface Program {
  readonly process: ChildProcess;
  /** Everything it has written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the address in its log once it listens; rejects when it ends before. */
  readonly origin: Promise<string>;
  /** Resolves when it has ended. */
  readonly exit: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

const ROOT = new URL('../..', import.meta.url);
/** As `build-program.js` has built it before the tests. */
const MAIN = fileURLToPath(new URL('dist/main.js', ROOT));

/**
 * @param command `npm start` as a newcomer types it, or node as npm starts it, with `full` in a shell that lets no file
 * grow beyond 16 KiB, with `few` in one that lets it have 64 files and connections.
 * @param output an open file to take the place of its standard output. Its address is then found in its greeting.
 * @param start where node is started, and what arguments the program gets.
 */
export function startProgram(
  command: 'npm' | 'node' | 'full' | 'few',
  variables: Readonly<Record<string, string>> = {},
  output: number | 'pipe' = 'pipe',
  start: { readonly folder?: string; readonly args?: readonly string[] } = {},
): Program {
  const node = [process.execPath, MAIN, ...(start.args ?? [])];
  const [file = '', ...args] = {
    npm: ['npm', 'start', '--silent'],
    node,
    // Blocks of 512 bytes.
    full: ['sh', '-c', 'ulimit -f 32; exec "$0" "$@"', ...node],
    few: ['sh', '-c', 'ulimit -n 64; exec "$0" "$@"', ...node],
  }[command];
  return watch([file, ...args], variables, { cwd: start.folder ?? ROOT }, output);
}

/** Starts a built program. @param where its working directory, and who it runs as. */
export function startFile(
  path: string,
  variables: Readonly<Record<string, string>>,
  where: Pick<SpawnOptions, 'cwd' | 'uid' | 'gid'>,
): Program {
  return watch([process.execPath, path], variables, where, 'pipe');
}

function watch(
  [file = '', ...args]: readonly string[],
  variables: Readonly<Record<string, string>>,
  where: SpawnOptions,
  output: number | 'pipe',
): Program {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(file, args, {
    ...where,
    env: { PATH, HOME, PORT: '0', ...variables },
    // A group of its own, so that a test can end what npm has started.
    detached: true,
    stdio: ['ignore', output, 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const exit = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const origin = new Promise<string>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const found = /"origin":"([^"]+)"/.exec(stdout)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      const found = / is at (\S+)\/graphql\n/.exec(stderr)?.[1];
      if (found !== undefined && child.stdout === null) resolve(found);
    });
    void exit.then(({ code }) => reject(new Error(`ended with ${code}: ${stderr}`)));
  });
  // Whoever expects the program not to start waits for its exit alone.
  origin.catch(() => undefined);
  return { process: child, stdout: () => stdout, stderr: () => stderr, origin, exit };
}

/** Ends a program that a failed test has left behind, and what it has started. */
export function killProgram({ process: child }: Program): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Runs the program to its end, while this process can go on answering it. */
export async function runProgram(
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  folder: string,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const program = watch(
    [process.execPath, MAIN, ...args],
    { PORT: '', ...variables },
    { cwd: folder },
    'pipe',
  );
  const { code } = await program.exit;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}
