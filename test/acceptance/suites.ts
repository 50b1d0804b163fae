import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Bar, holds } from './bar.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Bars that are held by tests, each by the files that hold it. */
const SUITES: Readonly<Record<string, readonly string[]>> = {
  'documents that would fill the memory': ['test/e2e/heavy-documents'],
  'clients that do not read, or send and never end': ['test/e2e/siege'],
  'standard output unread, slow, or on a full disk': ['test/e2e/stalled-output', 'test/unit/output'],
  "the vendor's totals, up to 2^53, on every way to a phone": ['test/integration/gateway/vendor-numbers'],
  'files .env of every making': ['test/unit/config/env-file', 'test/e2e/env-file'],
  'whatever account the vendor lists comes back by its id and key': ['test/integration/gateway/lookups'],
};

export async function runSuites(): Promise<readonly Bar[]> {
  const bars: Bar[] = [];
  for (const [name, patterns] of Object.entries(SUITES)) {
    const child = spawn('npm', ['test', '--silent', '--', '--silent', ...patterns], {
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
