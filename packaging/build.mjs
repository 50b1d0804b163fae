import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { renderBrowsePage } from './browse-page.mjs';
import { isStale } from './freshness.mjs';
import { listPackages, printLicenses } from './licenses.mjs';
import { printSbom } from './sbom.mjs';

/*
 * Writes dist/: the program and all that it needs, as one file, and the few lines that take the signals before it is loaded.
 *   --if-stale  only where a source is newer, so that a start from files that nobody may write builds nothing
 *   --package   with what is passed on beside it: the library, the licences, the bill of materials
 */
const { values } = parseArgs({
  options: { 'if-stale': { type: 'boolean' }, package: { type: 'boolean' } },
});

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
const GRAPHIQL = '@graphql-yoga/render-graphiql';

/** Packages written for CommonJS ask for Node's own modules by `require`, which a module does not have. */
const BANNER = [
  "import { createRequire as createBundleRequire } from 'node:module';",
  'const require = createBundleRequire(import.meta.url);',
].join('\n');

/** Stand in GraphiQL's page, as it is built, for what the gateway is set up with. */
const GRAPHIQL_OPTIONS = { title: '__GRAPHIQL_TITLE__', options: '__GRAPHIQL_OPTIONS__' };

/** GraphiQL is 9 MB of text, which takes a fifth of a second as a module: it is a file, read when someone wants to see it. */
const graphiqlAsFile = {
  name: 'graphiql-as-file',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^${GRAPHIQL}$`) }, ({ path }) => ({ path, namespace: 'graphiql' }));
    onLoad({ filter: /.*/, namespace: 'graphiql' }, () => ({
      contents: `import { readFile } from 'node:fs/promises';
        export const renderGraphiQL = async (options) =>
          (await readFile(new URL('graphiql.html', import.meta.url), 'utf8'))
            .replace(${JSON.stringify(JSON.stringify(GRAPHIQL_OPTIONS))}, () => JSON.stringify(options))
            .replace('${GRAPHIQL_OPTIONS.title}', () => options.title);`,
    }));
  },
};

/** The page at `/` is made here, and read by the program: esbuild is not part of it. */
const browsePageAsFile = {
  name: 'browse-page-as-file',
  setup({ onLoad }) {
    onLoad({ filter: /packaging.browse-page\.mjs$/ }, () => ({
      contents: `import { readFile } from 'node:fs/promises';
        export const renderBrowsePage = () => readFile(new URL('browse.html', import.meta.url), 'utf8');`,
    }));
  },
};

/** What main.ts loads once it has the signals: to read 4 MB takes longer than to start Node. */
const programAsFile = {
  name: 'program-as-file',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/command\/run-program\.ts$/ }, () => ({ path: './program.js', external: true }));
  },
};

async function bundle(entry, options = {}) {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(ROOT, entry)],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    outfile: join(DIST, 'program.js'),
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Modules before CommonJS: what nobody uses of them is left out.
    mainFields: ['module', 'main'],
    banner: { js: BANNER },
    sourcemap: 'linked',
    // Names and lines are what a stack trace needs.
    sourcesContent: false,
    logLevel: 'warning',
    legalComments: 'none',
    ...options,
  });
  return {
    outputFiles: outputFiles.map(({ path, text }) => ({ path, contents: toAscii(text) })),
    inputs: Object.keys(metafile.inputs),
  };
}

/**
 * V8 keeps the text of a program, and takes two bytes for each character if a single one needs two: 4.5 MB more, for quotes in comments.
 * @throws {Error} where a character has no escape that means the same.
 */
function toAscii(text) {
  const [raw] = /\\[\u0080-\uffff]|String\.raw`[^`]*[\u0080-\uffff]/.exec(text) ?? [];
  if (raw !== undefined) throw new Error(`This cannot be written as ASCII: ${raw}`);
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Two starts at once must not read each other's half. */
async function put(name, content, options) {
  const draft = join(DIST, `${name}.${process.pid}`);
  await writeFile(draft, content, options);
  await rename(draft, join(DIST, name));
}

/** The same for whoever has a server of their own. */
async function buildLibrary() {
  const { outputFiles } = await bundle('src/index.ts', {
    plugins: [browsePageAsFile, graphiqlAsFile],
    sourcemap: false,
  });
  await put('index.js', outputFiles[0].contents);
  await copyFile(join(ROOT, 'packaging/index.d.ts'), join(DIST, 'index.d.ts'));
}

/** The last to be written: by it a start tells whether what was built is fresh. */
async function buildEntry() {
  const { outputFiles } = await bundle('src/main.ts', {
    plugins: [programAsFile],
    banner: { js: '#!/usr/bin/env node' },
    sourcemap: false,
  });
  await put('main.js', outputFiles[0].contents, { mode: 0o755 });
}

async function buildAll() {
  await mkdir(DIST, { recursive: true });
  const { outputFiles, inputs } = await bundle('src/command/run-program.ts', {
    plugins: [browsePageAsFile, graphiqlAsFile],
  });
  await put('browse.html', await renderBrowsePage());
  const { renderGraphiQL } = await import(GRAPHIQL);
  await put('graphiql.html', renderGraphiQL(GRAPHIQL_OPTIONS));
  if (values.package === true) {
    const packages = await listPackages(ROOT, [
      ...inputs,
      // In pages that are files beside the program.
      ...[GRAPHIQL, 'preact'].map((name) => `node_modules/${name}/package.json`),
    ]);
    await buildLibrary();
    await put('THIRD-PARTY-LICENSES.txt', printLicenses(packages));
    await put('sbom.cdx.json', await printSbom(ROOT, packages));
  }
  for (const { path, contents } of outputFiles.toReversed()) await put(path.slice(DIST.length + 1), contents);
  await buildEntry();
}

if (values['if-stale'] !== true || (await isStale(ROOT, join(DIST, 'main.js')))) {
  try {
    await buildAll();
  } catch (error) {
    if (!['EROFS', 'EACCES', 'EPERM'].includes(error.code)) throw error;
    console.error(
      `dist/ is missing or older than src/, and cannot be written (${error.code}): run "npm run build" before.`,
    );
    process.exitCode = 1;
  }
}
