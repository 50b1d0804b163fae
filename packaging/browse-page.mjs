import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const PAGE = new URL('../src/page/', import.meta.url);

/**
 * Makes the page at `/`: one file of HTML with its script and its styles.
 * @returns {Promise<string>}
 */
export async function renderBrowsePage() {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('main.tsx', PAGE))],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const script = outputFiles[0].text.replaceAll('</script', '<\\/script');
  const style = await readFile(new URL('style.css', PAGE), 'utf8');
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Itnio phones</title>',
    `<link rel="icon" href="data:,"><style>${style}</style></head>`,
    `<body><div id="root"></div><script>${script}</script></body></html>`,
  ].join('');
}
