import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Bar, holds } from './bar.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const SIEGE = ['--config', 'test/siege/jest.config.js'];

/** Bars that are held by tests, each by what Jest is told to run. */
const SUITES: Readonly<Record<string, readonly string[]>> = {
  'documents that would fill the memory': [...SIEGE, 'heavy-documents'],
  'clients that do not read, or send and never end': [...SIEGE, 'siege/siege'],
  'standard output unread, slow, or on a full disk': [...SIEGE, 'stalled-output'],
  'lines of the log and of the audit stay whole': ['test/unit/output'],
  "the vendor's totals, up to 2^53, on every way to a phone": ['test/integration/gateway/vendor-numbers'],
  'files .env of every making': ['test/unit/config/env-file', 'test/e2e/env-file'],
  'whatever account the vendor lists comes back by its id and key': ['test/integration/gateway/lookups'],
};

export async function runSuites(): Promise<readonly Bar[]> {
  const bars: Bar[] = [];
  for (const [name, args] of Object.entries(SUITES)) {
    const child = spawn('npm', ['test', '--silent', '--', '--silent', ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let report = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      report += text;
    });
    const [code] = await once(child, 'close');
    const counted = /^Tests: +(.*)$/m.exec(report)?.[1] ?? 'no test ran';
    bars.push(holds(name, 'every test passes', counted, code === 0));
  }
  return bars;
}
