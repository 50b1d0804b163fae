import { randomUUID } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Where bundles go: inside the project, so that they find its packages. */
const OUT_DIR = fileURLToPath(new URL('../dist/bench', import.meta.url));

/** Compiles a script as `npm run build` compiles the gateway. @returns the path of what is to be run. */
export async function bundle(script: URL): Promise<string> {
  const name = script.pathname.split('/').slice(-2).join('-').replace(/\.ts$/, '');
  const bundled = `${OUT_DIR}/${name}.js`;
  // Servers start side by side: none may read what another is just writing.
  const outfile = `${OUT_DIR}/${name}.${randomUUID()}.js`;
  await build({
    entryPoints: [fileURLToPath(script)],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    outfile,
  });
  await rename(outfile, bundled);
  return bundled;
}
