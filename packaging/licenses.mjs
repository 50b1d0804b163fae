import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What may be passed on to anyone, in a program of any licence, with the notice beside it. */
const ALLOWED = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  '(Apache-2.0 AND MIT)',
  'CC0-1.0',
  'Unlicense',
]);

/**
 * The packages that files belong to, in the order of their names.
 * @throws {Error} for a licence that may not be passed on.
 */
export async function listPackages(root, files) {
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  const packages = await Promise.all([...folders].map((folder) => readPackage(join(root, folder))));
  const unique = new Map(packages.map((found) => [`${found.name}@${found.version}`, found]));
  const refused = [...unique.values()].filter(({ license, text }) => !ALLOWED.has(license) || text === '');
  if (refused.length > 0)
    throw new Error(
      `Not to be passed on: ${refused.map(({ name, license }) => `${name} (${license})`).join(', ')}`,
    );
  return [...unique.keys()].sort().map((key) => unique.get(key));
}

async function readPackage(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const names = (await readdir(folder)).filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file)).sort();
  const texts = await Promise.all(names.map((file) => readFile(join(folder, file), 'utf8')));
  const text = texts.join('\n').trim();
  return { name, version, license, text: text === '' && license === 'MIT' ? printMit(name, author) : text };
}

/** The text of the licence, for a package that names it only. */
function printMit(name, author) {
  const holder = typeof author === 'string' ? author : (author?.name ?? `the authors of ${name}`);
  return `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}

/** The notices that have to go with the program. */
export function printLicenses(packages) {
  const parts = packages.map(({ name, version, license, text }) =>
    [`${name} ${version} (${license})`, '', text].join('\n'),
  );
  return `${['This program contains the following packages; graphiql.html is made by @graphql-yoga/render-graphiql,\nwhich holds GraphiQL, React and the Monaco editor (all MIT).', ...parts].join(`\n\n${'-'.repeat(78)}\n\n`)}\n`;
}
