import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';
import { nodeOn } from './processor.ts';

/** What a process has used since it started. */
export interface Usage {
  /** User and system time of all threads, in microseconds. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
}

/** A server as a process of its own. */
export interface ServerProcess {
  readonly port: number;
  readonly origin: string;
  /** From the start of the process to its first answer, in milliseconds. */
  readonly readyMs: number;
  readUsage(): Promise<Usage>;
  /** Resolves when it has ended. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly script: URL;
  readonly core: number;
  /** Its environment, beside `PORT` and `NODE_ENV=production`. Nothing is inherited: a benchmark measures what is written in it. */
  readonly variables: Readonly<Record<string, string>>;
}

const PROBE = new URL('./probe.ts', import.meta.url);
const POLL_MS = 5;
const START_MS = 20_000;
const STOP_MS = 10_000;

/** Starts a server and waits for its first answer, whatever it says. @throws {Error} when it ends before. */
export async function startServer({ script, core, variables }: ServerOptions): Promise<ServerProcess> {
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  // The gateway is built before, and peers run as they are: with packages of their own beside them.
  const isSource = script.pathname.endsWith('.ts');
  const [probe, program] = await Promise.all([
    bundle(PROBE),
    isSource ? bundle(script) : fileURLToPath(script),
  ]);
  const [command, args] = nodeOn(core, ['--import', probe, program]);
  const startedAt = performance.now();
  const child = spawn(command, args, {
    // Away from a developer's `.env`.
    cwd: tmpdir(),
    env: { NODE_ENV: 'production', ...variables, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  const exit = once(child, 'exit');
  let isStopping = false;
  void exit.then(([code, signal]) => {
    if (!isStopping) process.stderr.write(`${script} ended with ${code ?? signal}: ${complaint}\n`);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });

  while (!(await answers(origin))) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() - startedAt > START_MS) {
      child.kill('SIGKILL');
      throw new Error(`${script} does not start: ${complaint}`);
    }
    await delay(POLL_MS);
  }
  const readyMs = performance.now() - startedAt;

  return {
    port,
    origin,
    readyMs,
    readUsage: () => askUsage(child),
    async stop() {
      isStopping = true;
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exit;
      clearTimeout(force);
    },
  };
}

async function askUsage(child: ChildProcess): Promise<Usage> {
  const answer = once(child, 'message');
  child.send('usage');
  const [usage]: Usage[] = await answer;
  if (usage === undefined) throw new Error('The probe has sent nothing.');
  return usage;
}

async function answers(origin: string): Promise<boolean> {
  try {
    await (await fetch(`${origin}/ready`)).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port was given.');
  return address.port;
}
