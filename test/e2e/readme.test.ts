import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { VARIABLES } from '../../src/config/parse-config.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { killProgram, type Program, startProgram } from '../support/program.ts';
import { readCode, readPage } from '../support/readme.ts';

// A process starts in a second, on a machine that does nothing else.
jest.setTimeout(60_000);

const ROOT = new URL('../../', import.meta.url);
const readme = readPage(new URL('README.md', ROOT));
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...listDocs()];

function listDocs(): string[] {
  return readdirSync(new URL('docs/', ROOT), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`);
}

/** What an error code looks like in the source of its type. */
function listErrorCodes(): string[] {
  const source = readFileSync(new URL('src/errors/gateway-error.ts', ROOT), 'utf8');
  return [...source.matchAll(/^ {2}\| '([A-Z_]+)'/gm)].map(([, code = '']) => code);
}

/** What npm can be told to do here, less the parts of `check`. `npm pack` runs the script `prepack`. */
const SCRIPTS = [
  'ci',
  ...Object.keys(JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')).scripts)
    .filter((name) => !name.startsWith('check:'))
    .map((name) => name.replace(/^pre/, '')),
];

function listNamedScripts(text: string): string[] {
  return [...text.matchAll(/npm (?:run )?([a-z:]+)/g)].map(([, name = '']) => name);
}

async function ask(origin: string, query: string, token?: string): Promise<unknown> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

describe('README.md', () => {
  const sandbox = createSandbox();
  let program: Program | undefined;
  afterEach(async () => {
    if (program !== undefined) killProgram(program);
    await sandbox.close();
  });
  const directory = mkdtempSync(join(tmpdir(), 'readme-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('shows the answer that its first command gives to its query', async () => {
    expect(readme.blocks('sh')[0]).toBe('npm ci && npm start\n');
    program = startProgram('npm');
    expect(await ask(await program.origin, readme.block('graphql'))).toEqual(
      JSON.parse(readme.block('json')),
    );
  });

  it('explains its query', () => {
    const path = join(directory, 'query.graphql');
    writeFileSync(path, readme.block('graphql'));
    const plan = execFileSync('npm', ['run', '--silent', 'explain', '--', path], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(plan).toContain('→ 1 call');
  });

  it('leads from a vendor account to an answer', async () => {
    const [, tokenCommand = '', curl = ''] = readme.blocks('sh');
    const [npm = '', ...args] = tokenCommand.trim().split(' ');
    const printed = execFileSync(npm, args, { cwd: ROOT, encoding: 'utf8' });
    const [, token = ''] = /^ {2}([\w-]{43})$/m.exec(printed) ?? [];
    const [line = ''] = /\{"name".*\}/.exec(printed) ?? [];
    const callersPath = join(directory, 'callers.json');
    writeFileSync(callersPath, `[${line}]`);

    await sandbox.listen();
    const variables = parseEnv(readme.block('ini'));
    expect(Object.keys(variables).sort()).toEqual([
      'CALLERS_FILE',
      'ITNIO_API_KEY',
      'ITNIO_API_SECRET',
      'ITNIO_APPS',
    ]);
    program = startProgram('npm', {
      ITNIO_APPS: variables['ITNIO_APPS'] ?? '',
      // What a reader puts in: an account of their own, which here is the sandbox's.
      ITNIO_BASE_URL: sandbox.baseUrl,
      ITNIO_API_KEY: sandbox.credentials.apiKey,
      ITNIO_API_SECRET: sandbox.credentials.apiSecret,
      CALLERS_FILE: callersPath,
    });
    const [, body = ''] = /-d '(.+)'/.exec(curl) ?? [];
    const { query } = JSON.parse(body);
    expect(await ask(await program.origin, query, token)).toEqual({
      data: { apps: [{ appId: '4luaKsL2', name: 'Support', phones: { totalCount: 437 } }] },
    });
  });

  it('names npm scripts that exist', () => {
    expect(listNamedScripts(readme.text).filter((name) => !SCRIPTS.includes(name))).toEqual([]);
  });

  it('has a row for each variable, and no other', () => {
    const named = readme.table('Configuration').flatMap(([cell = '']) => readCode(cell));
    expect([...named].sort()).toEqual([...VARIABLES].sort());
  });

  it('has a row for each error code, and no other', () => {
    const named = readme.table('Error codes').flatMap(([cell = '']) => readCode(cell));
    expect(listErrorCodes().length).toBeGreaterThan(20);
    expect([...named].sort()).toEqual(listErrorCodes().sort());
  });
});

describe('CONTRIBUTING.md', () => {
  it('names npm scripts that exist, and leaves out none that is meant for people', () => {
    const { text } = readPage(new URL('CONTRIBUTING.md', ROOT));
    expect(new Set(listNamedScripts(text))).toEqual(new Set(SCRIPTS));
  });
});

describe('the links of', () => {
  it.each(pages)('%s lead somewhere', (path) => {
    const url = new URL(path, ROOT);
    const lost = readPage(url).links.filter((link) => {
      const target = link.path === '' ? url : new URL(link.path, url);
      if (!existsSync(target)) return true;
      return link.fragment !== undefined && !readPage(target).fragments.has(link.fragment);
    });
    expect(lost).toEqual([]);
  });
});
