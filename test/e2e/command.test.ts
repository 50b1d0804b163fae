import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { parseCallerList } from '../../src/config/caller-list.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createConnectProxy } from '../support/connect-proxy.ts';
import { createIdentityProvider } from '../support/identity-provider.ts';
import { killProgram, type Program, runProgram, startProgram } from '../support/program.ts';
import { readCode, readPage } from '../support/readme.ts';
import { createSelfSignedCertificate, createUntrustedServer } from '../support/untrusted-server.ts';

// A process starts in a second, on a machine that does nothing else.
jest.setTimeout(60_000);

const ROOT = new URL('../../', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'command-'));
writeFileSync(join(folder, 'empty.graphql'), ' \n');
afterAll(() => rmSync(folder, { recursive: true }));

describe('itnio-gateway', () => {
  let program: Program | undefined;
  afterEach(() => {
    if (program !== undefined) killProgram(program);
  });
  const run = (args: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
    runProgram(args, variables, folder);

  it('says which version it is', async () => {
    const { version } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'));
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('lists its commands, which the documentation has as well', async () => {
    const { code, stdout } = await run(['--help']);
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) {2}/gm)].map(([, name]) => name);
    const documented = readPage(new URL('docs/command.md', ROOT))
      .table('Commands')
      .flatMap(([cell = '']) => readCode(cell));
    expect(code).toBe(0);
    expect(documented.map((text) => text.split(' ')[0]).sort()).toEqual([...listed].sort());
  });

  it.each([[['start', '--help']], [['start', '--port', '1', '-h']], [['help', 'start']]])(
    'lists the options of a command for %j',
    async (args) => {
      const { code, stdout } = await run(args);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^ {2}--callers-file VALUE +CALLERS_FILE$/m);
    },
  );

  it.each<[string[], string]>([
    [['serve'], 'There is no command "serve".'],
    [['strat'], 'There is no command "strat"; is "start" meant?'],
    [['help', 'me'], 'There is no command "me".'],
    [['start', '--prot', '1'], 'There is no option --prot; is --port meant?'],
    [['start', '--TLS-Cert-File', 'a'], 'There is no option --TLS-Cert-File; is --tls-cert-file meant?'],
    [['start', 'now'], 'There is no argument "now".'],
    [['schema', 'subgraph'], 'There is no argument "subgraph"; is --subgraph meant?'],
    [
      ['check', '--itnio-api-secret', 'x'],
      'There is no option --itnio-api-secret: everyone on the machine could read it. Use --itnio-api-secret-file, or the variable ITNIO_API_SECRET.',
    ],
    [['doctor', '--app', 'a'.repeat(129)], '--app: an app id must not be longer than 128 characters.'],
    [
      ['export', '--app', 'nope'],
      '--app: "nope" is not served here; 4luaKsL2, Empty000, Single01, Full0100, Over0101, Large10k are.',
    ],
    [['explain', 'empty.graphql'], 'empty.graphql is empty.'],
    [
      ['token', '--name', 'a', '--expires-at', '2020-01-01T00:00:00Z'],
      '--expires-at: this moment has passed.',
    ],
    [['token'], '--name is missing.'],
    [['token', '--name', 'a', '--scopes', 'b'], 'There is no scope "b".'],
    [['explain'], 'QUERY.graphql is missing.'],
    [['explain', 'none.graphql'], 'none.graphql cannot be read (ENOENT).'],
    [['--version', 'please'], 'There is no option --version.'],
  ])('ends with 2 and one plain line for %j', async (args, line) => {
    expect(await run(args)).toEqual({
      code: 2,
      stdout: '',
      stderr: `${line}\nitnio-gateway --help says what there is.\n`,
    });
  });

  it('refuses a port of the sandbox that is none', async () => {
    expect(await run(['sandbox', '--port', '65536'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'The sandbox cannot start: PORT: expected a whole number from 0 to 65535.\n',
    });
  });

  it('starts by options as by variables', async () => {
    program = startProgram('node', { GRAPHIQL: 'on', PORT: '1' }, 'pipe', {
      args: ['start', '--port', '0', '--graphiql=off'],
    });
    const page = await fetch(await program.origin, { redirect: 'manual' });
    expect(page.status).toBe(404);
  });

  it('checks that trusted documents fit the schema', async () => {
    writeFileSync(join(folder, 'documents.json'), '{"a1":"{ apps { fax } }"}');
    expect(await run(['check', '--trusted-documents-file', 'documents.json'])).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('TRUSTED_DOCUMENTS_FILE: document "a1": Cannot query field "fax"'),
    });
  });

  it('checks a configuration, and shows no secret of it', async () => {
    const account = { ITNIO_API_KEY: 'canary', ITNIO_API_SECRET: 'canary', ITNIO_APPS: 'a=Sales,b' };
    expect(await run(['check', '--port', '80'], account)).toEqual({
      code: 0,
      stdout: [
        'The configuration can be used.',
        '  listens on 127.0.0.1, port 80, by http',
        '  asks https://api.itniotech.com/voice',
        '  apps: a (Sales), b',
        '  callers: none',
        '  without a token: phones:read',
        '',
      ].join('\n'),
      stderr: '',
    });
    const { cert, key } = createSelfSignedCertificate();
    writeFileSync(join(folder, 'cert.pem'), cert);
    writeFileSync(join(folder, 'key.pem'), key);
    const tls = [
      '--tls-cert-file',
      'cert.pem',
      '--tls-key-file',
      'key.pem',
      '--tls-client-ca-file',
      'cert.pem',
    ];
    expect((await run(['check', ...tls], account)).stdout).toContain(
      'port 4000, by https\n  clients need a certificate\n',
    );
    expect(await run(['check', '--port', 'x'], account)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'The configuration cannot be used:\n  PORT: expected a whole number from 0 to 65535\n',
    });
  });

  it.each([
    ['api.graphql', []],
    ['subgraph.graphql', ['--subgraph']],
  ])('prints the schema of %s', async (name, options) => {
    const text = readFileSync(new URL(`schema/${name}`, ROOT), 'utf8');
    expect(await run(['schema', ...options])).toEqual({ code: 0, stdout: text, stderr: '' });
  });

  it('prints the schema as it is configured', async () => {
    expect((await run(['schema', '--passwords', 'off'])).stdout).not.toContain('password: String');
  });

  it('makes a token that expires', async () => {
    const { stdout } = await run(['token', '--name', 'web', '--expires-at', '2099-01-31T00:00:00Z']);
    const [line] = /\{"name".*\}/.exec(stdout) ?? [];
    const { callers, faults } = parseCallerList(`[${line}]`, undefined);
    expect(faults).toEqual([]);
    expect(callers[0]?.tokens[0]?.expiresAt).toBe(Date.UTC(2099, 0, 31));
  });

  it('says where a document is wrong', async () => {
    writeFileSync(join(folder, 'two.graphql'), 'query A { apps { appId } } query B { apps { name } }');
    expect(await run(['explain', 'two.graphql', '--operation', 'C'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/\(OPERATION_RESOLUTION_FAILURE\)\nName it by --operation: A, B\.\n$/),
    });
    writeFileSync(join(folder, 'wrong.graphql'), '{ apps { ');
    expect(await run(['explain', 'wrong.graphql'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Syntax Error: Expected Name, found <EOF>. (GRAPHQL_PARSE_FAILED, at 1:10)\n',
    });
  });
});

describe('itnio-gateway export', () => {
  it('goes through the outbound proxy', async () => {
    const proxy = await createConnectProxy();
    proxy.answer(407);
    const { code, stdout, stderr } = await runProgram(
      ['export', '--app', 'a'],
      {
        ITNIO_BASE_URL: 'https://vendor.invalid/voice',
        ITNIO_API_KEY: 'key',
        ITNIO_API_SECRET: 'secret',
        ITNIO_APPS: 'a',
        HTTPS_PROXY: proxy.url,
      },
      folder,
    ).finally(proxy.close);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^Nothing was exported: .+ \(UPSTREAM_MISCONFIGURED\)\nitnio-gateway doctor says .+\n$/,
      ),
    });
    expect(proxy.requests.map(({ target }) => target)).toContain('vendor.invalid:443');
  });

  it('says that it found no phones', async () => {
    const { code, stdout, stderr } = await runProgram(['export', '--app', 'Empty000'], {}, folder);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '',
      stderr: 'App Empty000 has no phones, or the vendor does not know it.\n',
    });
  });
});

describe('itnio-gateway doctor', () => {
  const sandbox = createSandbox();
  afterEach(() => sandbox.close());
  const account = () => ({
    ITNIO_BASE_URL: sandbox.baseUrl,
    ITNIO_API_KEY: sandbox.credentials.apiKey,
    ITNIO_API_SECRET: 'canary-secret',
    ITNIO_APPS: '4luaKsL2',
  });
  const run = (args: readonly string[], variables: Readonly<Record<string, string>>) =>
    runProgram(['doctor', ...args], variables, folder);

  it('ends with 0 where all is well, an app without phones included', async () => {
    await sandbox.listen();
    const variables = { ...account(), ITNIO_API_SECRET: sandbox.credentials.apiSecret };
    const { code, stdout } = await run(['--itnio-apps', '4luaKsL2,Empty000'], variables);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^well {3}App 4luaKsL2: 437 phones/m);
    expect(stdout).toMatch(/^note {3}App Empty000 has no phones/m);
  });

  it('ends with 1 where something is wrong, and shows no secret', async () => {
    await sandbox.listen();
    const { code, stdout, stderr } = await run([], account());
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^WRONG {2}The vendor does not know this key and secret together \(status -1\)\.\n {7}To do: .+\n {7}Who: whoever runs this gateway\.$/m,
    );
    expect(stdout + stderr).not.toMatch(/canary|bDqJFiq9/);
  });

  it('asks the identity provider for its keys, and names what keeps it from them', async () => {
    await sandbox.listen();
    const provider = await createIdentityProvider();
    const variables = {
      ...account(),
      ...provider.variables,
      ITNIO_API_SECRET: sandbox.credentials.apiSecret,
    };
    const { host } = new URL(provider.variables['JWT_JWKS_URL'] ?? '');
    const well = await run([], variables);
    expect(well).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`provider at ${host} has 1 key.`),
    });
    provider.isUp = false;
    const down = await run([], variables);
    expect(down).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /^WRONG {2}The keys of .+ cannot be fetched: HTTP 503\.\n {7}To do: .+\n {7}Who: /m,
      ),
    });
    provider.redirects = true;
    expect((await run([], variables)).stdout).toContain(
      'cannot be fetched: a redirect, which is not followed.',
    );
    await provider.close();
    const gone = await run([], variables);
    expect(gone.stdout).toContain('cannot be fetched: no connection (ECONNREFUSED).');
  });

  it('names a certificate that has expired', async () => {
    await sandbox.listen();
    const server = await createUntrustedServer('210101');
    const authority = join(folder, 'authority.pem');
    writeFileSync(authority, server.certificate);
    const variables = { ...account(), ITNIO_BASE_URL: server.url, NODE_EXTRA_CA_CERTS: authority };
    const { code, stdout } = await run([], variables).finally(server.close);
    expect(code).toBe(1);
    expect(stdout).toContain('has expired (CERT_HAS_EXPIRED).');
    expect(stdout).toContain('Check the date of this machine');
  });

  it('has nobody to ask where no account is configured', async () => {
    const { code, stdout } = await run([], {});
    expect(code).toBe(0);
    expect(stdout).toContain('serves its own sandbox');
  });

  it('wants an app where any is served', async () => {
    await sandbox.listen();
    const { code, stderr } = await run(['--itnio-apps', '*'], account());
    expect(code).toBe(2);
    expect(stderr).toContain('ITNIO_APPS is "*", so --app has to name one.');
  });
});
