import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { hashToken } from '../../src/callers/token.ts';
import { killProgram, type Program, startProgram } from '../support/program.ts';
import { createSelfSignedCertificate } from '../support/untrusted-server.ts';

// A process starts in a second, on a machine that does nothing else.
jest.setTimeout(60_000);

function callersOf(token: string): string {
  const tokenSha256 = hashToken(token).toString('hex');
  return JSON.stringify([{ name: 'web', tokenSha256, scopes: ['phones:read'] }]);
}

async function ask(origin: string, token: string): Promise<number> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: '{"query":"{ apps { appId } }"}',
  });
  await response.arrayBuffer();
  return response.status;
}

/** The certificate that a new connection gets, in PEM. */
async function findCertificate(origin: string): Promise<string> {
  const socket = connect({
    host: '127.0.0.1',
    port: Number(new URL(origin).port),
    rejectUnauthorized: false,
  });
  await once(socket, 'secureConnect');
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return `-----BEGIN CERTIFICATE-----\n${raw.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

describe('a process', () => {
  let folder: string;
  let program: Program | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'reload-'));
  });
  afterEach(() => {
    if (program !== undefined) killProgram(program);
    rmSync(folder, { recursive: true });
  });

  function start(variables: Readonly<Record<string, string>> = {}): Program {
    program = startProgram('node', variables, 'pipe', { folder });
    return program;
  }
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  /** Sends SIGHUP and gives the lines of the log that it has caused, up to the one with this message. */
  async function reload({ process: child, stdout }: Program, message: string): Promise<string[]> {
    const before = stdout().length;
    child.kill('SIGHUP');
    for (;;) {
      const lines = stdout().slice(before).split('\n').slice(0, -1);
      if (lines.some((line) => line.includes(message))) return lines;
      await new Promise((resolve) => child.stdout?.once('data', resolve));
    }
  }

  it('reads its files again by SIGHUP: an old token ends, and a wrong configuration changes nothing', async () => {
    write('.env', 'CALLERS_FILE=callers.json\n');
    write('callers.json', callersOf('old'));
    const running = start({ LOG_LEVEL: 'info' });
    const origin = await running.origin;
    expect([await ask(origin, 'old'), await ask(origin, 'new')]).toEqual([200, 401]);

    write('callers.json', callersOf('new'));
    await reload(running, '"changed":["CALLERS_FILE"]');
    expect([await ask(origin, 'old'), await ask(origin, 'new')]).toEqual([401, 200]);

    write('.env', 'CALLERS_FILE=callers.json\nPORT: 1\n');
    write('callers.json', callersOf('old'));
    const refused = await reload(running, 'the old one stays');
    expect(refused.join()).toContain('"mistakes":[".env: line 2: expected NAME=value');
    expect([await ask(origin, 'old'), await ask(origin, 'new')]).toEqual([401, 200]);

    write('.env', 'CALLERS_FILE=callers.json\nGRAPHIQL=off\nLOG_LEVEL=debug\n');
    const lines = await reload(running, 'which .env cannot change');
    expect(lines.join('\n')).toMatch(/"variables":\["GRAPHIQL"\],"msg":"These changes need a restart\."/);
    expect(lines.join('\n')).toMatch(/"variables":\["LOG_LEVEL"\],"msg":"These are set in the environment/);
    expect([await ask(origin, 'old'), await ask(origin, 'new')]).toEqual([200, 401]);
  });

  it('takes a list of documents that fit its schema, at its start and by SIGHUP, and names those that do not', async () => {
    const askById = async (origin: string, documentId: string) => {
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ documentId }),
      });
      return response.text();
    };
    const list = (documents: Readonly<Record<string, string>>) =>
      write('documents.json', JSON.stringify(documents));
    list({ good: '{ __typename }', bad: '{ fax }' });
    const refused = start({ TRUSTED_DOCUMENTS_FILE: 'documents.json' });
    expect(await refused.exit).toMatchObject({ code: 1 });
    const mistake =
      'TRUSTED_DOCUMENTS_FILE: document "bad": Cannot query field "fax" on type "Query". (at 1:3)';
    expect(refused.stderr()).toBe(`The configuration cannot be used:\n  ${mistake}\n`);

    list({ good: '{ __typename }' });
    const running = start({ TRUSTED_DOCUMENTS_FILE: 'documents.json' });
    const origin = await running.origin;
    list({ better: '{ apps { appId } }', bad: '{ fax }' });
    const lines = await reload(running, 'the old one stays');
    expect(lines.join()).toContain(JSON.stringify({ mistakes: [mistake] }).slice(1, -1));
    expect(await askById(origin, 'good')).toContain('"data":{"__typename":"Query"}');
    expect(await askById(origin, 'better')).toContain('PERSISTED_QUERY_NOT_IN_LIST');

    list({ better: '{ apps { appId } }' });
    await reload(running, '"changed":["TRUSTED_DOCUMENTS_FILE"]');
    expect(await askById(origin, 'better')).toContain('"data":{"apps":');
    expect(await askById(origin, 'good')).toContain('PERSISTED_QUERY_NOT_IN_LIST');
  });

  it('renews its certificate by SIGHUP, and refuses a pair that does not belong together', async () => {
    const [first, second] = [createSelfSignedCertificate(), createSelfSignedCertificate()];
    write('cert.pem', first.cert);
    write('key.pem', first.key);
    const running = start({ TLS_CERT_FILE: 'cert.pem', TLS_KEY_FILE: 'key.pem' });
    const origin = await running.origin;
    expect(origin).toMatch(/^https:/);
    expect(await findCertificate(origin)).toBe(first.cert);

    write('cert.pem', second.cert);
    const refused = await reload(running, 'the old one stays');
    expect(refused.join()).toContain('TLS_KEY_FILE: not the key of the certificate in TLS_CERT_FILE');
    expect(await findCertificate(origin)).toBe(first.cert);

    write('key.pem', second.key);
    await reload(running, '"changed":["TLS_CERT_FILE","TLS_KEY_FILE"]');
    expect(await findCertificate(origin)).toBe(second.cert);
  });

  it('warns at its start where passwords can be read over plain HTTP, or refuses it', async () => {
    const [caller] = JSON.parse(callersOf('ops'));
    write('callers.json', JSON.stringify([{ ...caller, scopes: ['phones:read', 'passwords:read'] }]));
    const exposed = {
      HOST: '0.0.0.0',
      ITNIO_API_KEY: 'key',
      ITNIO_API_SECRET: 'secret',
      ITNIO_APPS: 'a',
      CALLERS_FILE: 'callers.json',
    };
    const running = start(exposed);
    await running.origin;
    running.process.kill('SIGTERM');
    await running.exit;
    expect(running.stdout().match(/PASSWORDS LEAVE OVER PLAIN HTTP/g)).toHaveLength(1);

    const refused = start({ ...exposed, PASSWORDS_OVER_HTTP: 'refuse' });
    expect(await refused.exit).toMatchObject({ code: 1 });
    expect(refused.stderr()).toContain('  PASSWORDS_OVER_HTTP: refuse');
  });

  it('starts though a token has expired, and names its caller', async () => {
    const [caller] = JSON.parse(callersOf('old'));
    write('callers.json', JSON.stringify([{ ...caller, expiresAt: '2020-01-01T00:00:00Z' }]));
    const running = start({ CALLERS_FILE: 'callers.json' });
    expect(await ask(await running.origin, 'old')).toBe(401);
    running.process.kill('SIGTERM');
    await running.exit;
    expect(running.stdout()).toContain('"callers":["web"],"msg":"Tokens of these callers have expired."');
  });

  it.each<NodeJS.Signals>(['SIGQUIT', 'SIGUSR2'])('drains by %s', async (signal) => {
    const running = start();
    await running.origin;
    running.process.kill(signal);
    expect(await running.exit).toEqual({ code: 0, signal: null });
    expect(running.stdout()).toMatch(/"msg":"Stopped\."}\n$/);
  });

  it('ends with 0 by a signal while it starts', async () => {
    // As soon as someone takes it, which is before anything is configured or listens. One from outside would come too late:
    // Node 22 and later load and start the program in one turn of the event loop.
    const early = `process.on('newListener', (name) => {
      if (name === 'SIGTERM') queueMicrotask(() => process.emit('SIGTERM', 'SIGTERM'));
    });`;
    const running = start({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(early)}` });
    expect(await running.exit).toEqual({ code: 0, signal: null });
    expect(running.stdout()).toBe('');
  });

  it.each([
    ['a rejection that nobody handles', 'void Promise.reject(new Error("lost"))'],
    ['an error that nobody catches', 'throw new Error("lost")'],
  ])('writes %s down once, drains, and ends with 1', async (_, code) => {
    const bug = `process.on('SIGCONT', () => { setImmediate(() => { ${code} }); setImmediate(() => { ${code} }); });`;
    const running = start({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(bug)}` });
    await running.origin;
    running.process.kill('SIGCONT');
    expect(await running.exit).toEqual({ code: 1, signal: null });
    expect(running.stdout().match(/Error: lost/g)).toHaveLength(1);
    expect(running.stdout()).toMatch(/"msg":"Stopped\."}\n$/);
  });
});
