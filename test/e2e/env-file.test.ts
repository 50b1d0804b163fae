import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { killProgram, type Program, startProgram } from '../support/program.ts';

// A process starts in a second, on a machine that does nothing else.
jest.setTimeout(60_000);

const CALLERS = JSON.stringify([{ name: 'web', tokenSha256: 'ab'.repeat(32), scopes: ['phones:read'] }]);

describe('a file .env', () => {
  let folder: string;
  let program: Program | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'env-file-'));
  });
  afterEach(() => {
    if (program !== undefined) killProgram(program);
    rmSync(folder, { recursive: true });
  });

  function start(file: string | Uint8Array, args: readonly string[] = []): Program {
    writeFileSync(join(folder, '.env'), file);
    program = startProgram('node', {}, 'pipe', { folder, args });
    return program;
  }

  it('closes the gateway by its first line, with a byte order mark before it', async () => {
    const { origin } = start(`\uFEFFCALLERS='${CALLERS}'\r\n`);
    const response = await fetch(`${await origin}/graphql?query={apps{appId}}`, {
      headers: { 'graphql-require-preflight': '1' },
    });
    expect(response.status).toBe(401);
  });

  it.each<[string, string | Uint8Array, string]>([
    [
      'a heading that is no comment',
      `Who may ask\nCALLERS='${CALLERS}'\n`,
      '.env: line 1: expected NAME=value',
    ],
    ['a colon', `PORT=0\nCALLERS: ${CALLERS}\n`, '.env: line 2: expected NAME=value'],
    ['UTF-16', Buffer.from(`\uFEFFCALLERS='${CALLERS}'`, 'utf16le'), '.env: the file is UTF-16'],
  ])('keeps the gateway from starting by %s', async (_, file, line) => {
    const { exit, stderr, stdout } = start(file);
    expect(await exit).toEqual({ code: 1, signal: null });
    expect(stderr()).toContain(`The configuration cannot be used:\n  ${line}`);
    expect(stdout()).toBe('');
  });
});

it('keeps the gateway from starting by an argument that nobody reads', async () => {
  const program = startProgram('node', {}, 'pipe', { args: ['--caller-file', 'callers.json'] });
  expect(await program.exit).toEqual({ code: 2, signal: null });
  expect(program.stderr()).toBe(
    'There is no option --caller-file; is --callers-file meant?\nitnio-gateway --help says what there is.\n',
  );
});
