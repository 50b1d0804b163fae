import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { killProgram, type Program, startFile } from '../support/program.ts';
import { readPage } from '../support/readme.ts';

// The package is made once, and a process starts in a second, on a machine that does nothing else.
jest.setTimeout(120_000);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'package-'));
const installed = join(folder, 'package');
const empty = join(folder, 'empty');

/** Someone who owns nothing, where this test may become that. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

function listFiles(): string[] {
  return readdirSync(installed, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(installed, path)).isFile())
    .sort();
}

describe('the package', () => {
  const sandbox = createSandbox();
  let program: Program | undefined;

  beforeAll(async () => {
    await sandbox.listen();
    const [{ filename }] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
        cwd: ROOT,
        encoding: 'utf8',
      }).replace(/^[^[]*/, ''),
    );
    execFileSync('tar', ['-xzf', join(folder, filename), '-C', folder]);
    execFileSync('chmod', ['-R', 'a-w', installed]);
    chmodSync(folder, 0o755);
    mkdirSync(empty);
  });
  afterEach(() => {
    if (program !== undefined) killProgram(program);
  });
  afterAll(async () => {
    await sandbox.close();
    execFileSync('chmod', ['-R', 'u+w', installed]);
    rmSync(folder, { recursive: true });
  });

  const readJson = (name: string) => JSON.parse(readFileSync(join(installed, name), 'utf8'));
  const start = (variables: Readonly<Record<string, string>>) => {
    program = startFile(join(installed, 'dist/main.js'), variables, { cwd: empty, ...NOBODY });
    return program;
  };

  it('holds the program in one file and what starts it, and nothing to install', () => {
    expect(listFiles().filter((path) => !/^(?:docs|deploy|examples)\//.test(path))).toEqual([
      '.env.example',
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'dist/THIRD-PARTY-LICENSES.txt',
      'dist/browse.html',
      'dist/graphiql.html',
      'dist/index.d.ts',
      'dist/index.js',
      'dist/main.js',
      'dist/program.js',
      'dist/program.js.map',
      'dist/sbom.cdx.json',
      'package.json',
      'schema/api.graphql',
      'schema/subgraph.graphql',
    ]);
    expect(readJson('package.json')).toMatchObject({
      private: true,
      bin: { 'itnio-gateway': 'dist/main.js' },
    });
    for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundleDependencies'])
      expect(readJson('package.json')).not.toHaveProperty(kind);
  });

  it('holds every page that its README links to, and of what those link to all but the source', () => {
    const pages = listFiles().filter((path) => path.endsWith('.md'));
    const lost = pages.flatMap((path) => {
      const from = pathToFileURL(join(installed, path));
      return readPage(from)
        .links.filter((link) => link.path !== '' && !existsSync(new URL(link.path, from)))
        .map((link) => `${path} ${relative(installed, fileURLToPath(new URL(link.path, from)))}`);
    });
    expect(pages).toEqual(
      expect.arrayContaining(['docs/operations.md', 'docs/decisions/072-one-file-to-install.md']),
    );
    expect(
      lost.filter((link) => !/^(?!README\.md )\S+ (?:src|test|bench|packaging|codegen\.yml)\b/.test(link)),
    ).toEqual([]);
  });

  it('lists what it holds: graphql once, and each package with its licence', () => {
    const { components } = readJson('dist/sbom.cdx.json');
    const names: string[] = components.map(({ name }: { name: string }) => name);
    expect(names.filter((name) => name === 'graphql')).toHaveLength(1);
    expect(names).toEqual(
      expect.arrayContaining(['graphql-yoga', '@pothos/core', 'dataloader', 'node-fetch', 'preact']),
    );
    const notices = readFileSync(join(installed, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const { name, version } of components) expect(notices).toContain(`\n${name} ${version} (`);
  });

  it('passes nothing on under a licence that forbids it', () => {
    const { components } = readJson('dist/sbom.cdx.json');
    const licenses = components.map((component: { licenses: object[] }) =>
      JSON.stringify(component.licenses),
    );
    expect(licenses.join()).not.toMatch(/Elastic|GPL|SSPL|BUSL/);
    expect(readFileSync(join(installed, 'dist/program.js'), 'utf8')).not.toContain('@apollo/subgraph');
  });

  it('has a program that V8 keeps at a byte a character, without the languages of a library that nobody asks for', () => {
    const program = readFileSync(join(installed, 'dist/program.js'));
    expect(program.findIndex((byte) => byte > 0x7f)).toBe(-1);
    expect(program.includes('node_modules/zod/v4/locales/en.js')).toBe(true);
    expect(program.includes('node_modules/zod/v4/locales/fr.js')).toBe(false);
  });

  it('serves the sandbox and GraphiQL from an empty folder, for a user who owns nothing, and writes nothing', async () => {
    const before = listFiles();
    const running = start({});
    const origin = await running.origin;
    const answer = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ sipPhone(appId: \\"4luaKsL2\\", account: \\"test_001\\") { account } }"}',
    });
    expect(await answer.json()).toMatchObject({ data: { sipPhone: { account: 'test_001' } } });
    const page = await fetch(`${origin}/graphql`, { headers: { accept: 'text/html' } });
    const html = await page.text();
    expect(html).toContain('<title>Itnio voice</title>');
    expect(html).toContain('query Forward(');
    expect(html).not.toContain('__GRAPHIQL_');
    running.process.kill('SIGTERM');
    expect(await running.exit).toEqual({ code: 0, signal: null });
    expect(listFiles()).toEqual(before);
    expect(readdirSync(empty)).toEqual([]);
  });

  it('runs in production, twice at once', async () => {
    const account = {
      NODE_ENV: 'production',
      ITNIO_BASE_URL: sandbox.baseUrl,
      ITNIO_API_KEY: sandbox.credentials.apiKey,
      ITNIO_API_SECRET: sandbox.credentials.apiSecret,
      ITNIO_APPS: '4luaKsL2',
    };
    const programs = [start(account), start(account)];
    for (const running of programs) {
      const response = await fetch(`${await running.origin}/ready`);
      expect(response.status).toBe(200);
      running.process.kill('SIGTERM');
      expect(await running.exit).toEqual({ code: 0, signal: null });
    }
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGUSR2'])(
    'takes %s before it loads what it needs, and ends with 0',
    async (signal) => {
      // Runs before the program: signals it at the first moment at which it listens, and says whether it has loaded a server.
      const hook = `process.on('newListener', (event) => {
        if (event !== '${signal}') return;
        process.stdout.write(String(process.moduleLoadList.includes('NativeModule http')));
        process.nextTick(() => process.kill(process.pid, '${signal}'));
      });`;
      const running = start({ NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(hook)}` });
      expect(await running.exit).toEqual({ code: 0, signal: null });
      // Node 22 and later load and start the program in one turn of the event loop: what listens by then is drained.
      expect(running.stdout()).toMatch(/^false(?:$|\{.*"msg":"Stopped\."\}\n$)/s);
    },
  );

  it('is a command', () => {
    const path = join(installed, 'dist/main.js');
    const run = (...args: string[]) => spawnSync(path, args, { cwd: empty, encoding: 'utf8' });
    expect(run('--version').stdout).toBe(`${readJson('package.json').version}\n`);
    expect(run('schema').stdout).toBe(readFileSync(join(installed, 'schema/api.graphql'), 'utf8'));
    expect(run('nothing').status).toBe(2);
  });

  describe('embedded', () => {
    const QUERY = '{ app(appId: "4luaKsL2") { phones { totalCount } } }';
    const answered = { data: { app: { phones: { totalCount: 437 } } } };
    const example = (name: string) => join(ROOT, 'examples/embedding', name);

    it('is a route of a Fastify server', async () => {
      const child = spawn(process.execPath, [example('fastify.mjs')], {
        env: { PATH: process.env['PATH'], PORT: '0' },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const said = await new Promise<string>((resolve) => {
        let text = '';
        child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          if (text.includes('/graphql\n')) resolve(text);
        });
      });
      const url = /GraphQL is at (\S+)/.exec(said)?.[1] ?? '';
      const headers = { 'content-type': 'application/json' };
      const byPost = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: QUERY }) });
      const byGet = await fetch(`${url}?query=${encodeURIComponent(QUERY)}`);
      expect(await byPost.json()).toMatchObject(answered);
      expect(await byGet.json()).toMatchObject(answered);
      child.kill('SIGTERM');
      expect((await once(child, 'exit'))[0]).toBe(0);
    });

    it('is a serverless function', () => {
      const event = {
        requestContext: { http: { method: 'POST', sourceIp: '10.0.0.7' } },
        rawPath: '/graphql',
        rawQueryString: '',
        headers: { host: 'id.lambda-url.example', 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify({ query: QUERY })).toString('base64'),
        isBase64Encoded: true,
      };
      const program = `import { close, handler } from ${JSON.stringify(example('lambda.mjs'))};
        console.log(JSON.stringify(await handler(${JSON.stringify(event)})));
        await close();`;
      const args = ['--input-type=module', '--eval', program];
      const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', env: {} });
      expect(stderr).toBe('');
      const { statusCode, body } = JSON.parse(stdout);
      expect([statusCode, JSON.parse(body)]).toEqual([200, expect.objectContaining(answered)]);
    });
  });
});
