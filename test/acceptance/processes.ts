import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { VendorMode, VendorOrder, VendorReport } from './vendor.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The memory that the bars are for, in megabytes. */
const HEAP_MB = 384;

type VendorCounts = Omit<Extract<VendorReport, { kind: 'counted' }>, 'kind'>;

/** The vendor, in a process of its own. */
export interface Vendor {
  readonly port: number;
  behave(mode: VendorMode, callsPerSecond: number): void;
  /** What reached it since the last count. */
  count(): Promise<VendorCounts>;
  end(): void;
}

export async function startVendor(): Promise<Vendor> {
  const child = fork(fileURLToPath(new URL('vendor.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const order = (message: VendorOrder) => void child.send(message);
  const [listening] = await once(child, 'message');
  return {
    port: listening.port,
    behave: (mode, callsPerSecond) => order({ kind: 'behave', mode, callsPerSecond }),
    async count() {
      order({ kind: 'count' });
      for (;;) {
        const [report]: VendorReport[] = await once(child, 'message', { signal: AbortSignal.timeout(5_000) });
        if (report?.kind === 'counted') return report;
      }
    },
    end: () => void child.kill('SIGKILL'),
  };
}

/** The gateway as it is shipped, in a process of its own with little memory. */
export interface GatewayProcess {
  readonly origin: string;
  /** The most memory that it has held so far, in MB. */
  peakMemoryMb(): number;
  /** Sends SIGTERM. @returns how it ended, and after how many milliseconds. */
  terminate(): Promise<{ readonly code: number | null; readonly ms: number }>;
}

export async function startGateway(
  vendor: Vendor,
  variables: Readonly<Record<string, string>> = {},
  { isLogRead } = { isLogRead: true },
): Promise<GatewayProcess> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, `${ROOT}dist/main.js`, 'start'], {
    cwd: `${ROOT}dist`,
    env: {
      PATH,
      HOME,
      PORT: '0',
      LOG_LEVEL: 'info',
      ITNIO_BASE_URL: `http://127.0.0.1:${vendor.port}/voice`,
      ITNIO_API_KEY: 'acceptance',
      ITNIO_API_SECRET: 'nobody-checks-it',
      ITNIO_APPS: '*',
      PHONES_CACHE_TTL_MS: '0',
      ...variables,
    },
    // What it says to a person is none of the table.
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const origin = await findOrigin(child);
  if (!isLogRead) child.stdout?.pause();
  return {
    origin,
    peakMemoryMb() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    },
    async terminate() {
      const startedAt = performance.now();
      const exit = once(child, 'exit', { signal: AbortSignal.timeout(30_000) });
      child.kill('SIGTERM');
      const [code] = await exit;
      return { code, ms: performance.now() - startedAt };
    },
  };
}

/** Reads its log to the end, so that it never waits for a reader. */
function findOrigin(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    let isFound = false;
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      if (isFound) return;
      text += chunk;
      const origin = /"origin":"([^"]+)"/.exec(text)?.[1];
      if (origin === undefined) return;
      isFound = true;
      resolve(origin);
    });
    child.once('exit', (code) => reject(new Error(`The gateway ended with ${code} before it listened.`)));
  });
}
