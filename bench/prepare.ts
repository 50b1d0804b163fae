import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Builds the gateway as `npm start` does. */
export function buildGateway(): void {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  execFileSync(process.execPath, ['packaging/build.mjs', '--if-stale'], {
    cwd,
    stdio: 'inherit',
    timeout: 120_000,
  });
}

/** Installs the peers where they are not yet: nothing but the benchmark needs them. */
export function installPeers(): void {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  if (existsSync(`${cwd}node_modules/mercurius`)) return;
  process.stderr.write('Installing the peers …\n');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 300_000,
  });
}
