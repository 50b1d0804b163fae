import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';

// A process starts in a second, on a machine that does nothing else.
jest.setTimeout(60_000);

const ROOT = new URL('../../', import.meta.url);
const directory = mkdtempSync(join(tmpdir(), 'export-'));
const out = join(directory, 'phones');
afterAll(() => rmSync(directory, { recursive: true }));

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = createSandbox();
  await sandbox.listen();
});
afterEach(async () => {
  await sandbox.close();
  for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
});

interface End {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(...args: string[]): ChildProcess {
  const { apiKey, apiSecret } = sandbox.credentials;
  return spawn(process.execPath, ['dist/main.js', 'export', ...args], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      ITNIO_BASE_URL: sandbox.baseUrl,
      ITNIO_API_KEY: apiKey,
      ITNIO_API_SECRET: apiSecret,
      ITNIO_APPS: '*',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(...args: string[]): Promise<End> {
  const child = start(...args);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

describe('npm run export', () => {
  it('writes all 10,000 phones in at most 116 calls, into a file of its owner alone', async () => {
    expect(await run('--app', 'Large10k', '--out', out)).toEqual({ code: 0, stdout: '', stderr: '' });
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
    const accounts = new Set(lines.map((line) => JSON.parse(line).account));
    expect([lines.length, accounts.size]).toEqual([10_000, 10_000]);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['phones']);
    expect(sandbox.calls.total).toBeLessThanOrEqual(116);
    expect(readFileSync(out, 'utf8')).not.toContain('password');
  });

  it('writes CSV that another’s parser reads back, whatever the names hold', async () => {
    const names = [
      'a,b',
      'say "hi"',
      'two\r\nlines',
      ' blank ',
      '=1+1',
      '+86 157',
      '-x',
      '@y',
      '\ttab',
      'ünï',
    ];
    sandbox.control.change({
      appId: 'Empty000',
      insert: names.map((name) => ({ account: `${name}!`, phoneName: name })),
    });
    const { code, stdout } = await run('--app', 'Empty000', '--format', 'csv');
    const rows: Record<string, string>[] = parse(stdout, { columns: true });
    const read = rows.map(({ phoneName = '' }) => phoneName.replace(/^'/, '')).sort();
    expect(code).toBe(0);
    expect(read).toEqual([...names].sort());
    expect(rows.every(({ groupName }) => groupName === '')).toBe(true);
    expect(
      rows.filter(({ phoneName }) => phoneName?.startsWith("'")).map(({ phoneName }) => phoneName),
    ).toEqual(expect.arrayContaining(["'=1+1", "'+86 157", "'-x", "'@y", "'\ttab"]));
  });

  it('filters as the graph does', async () => {
    const { stdout } = await run('--app', '4luaKsL2', '--filter', '{"phoneName": {"startsWith": "SIP-43"}}');
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).phoneName),
    ).toEqual([
      'sip-43',
      'sip-430',
      'sip-431',
      'sip-432',
      'sip-433',
      'sip-434',
      'sip-435',
      'sip-436',
      'sip-437',
    ]);
  });

  it('writes passwords only where they are asked for, and puts it on record', async () => {
    const { stdout, stderr } = await run(
      '--app',
      '4luaKsL2',
      '--passwords',
      '--filter',
      '{"text": "test_001"}',
    );
    expect(JSON.parse(stdout)).toMatchObject({ account: 'test_001', password: 'LX9FZdF2' });
    expect(JSON.parse(stderr)).toMatchObject({
      audit: true,
      caller: 'export',
      appId: '4luaKsL2',
      read: ['test_001'],
    });
    expect(stderr).not.toContain('LX9FZdF2');
  });

  it('leaves no file, and the one that is there as it is, when it is killed in the middle', async () => {
    writeFileSync(out, 'before');
    sandbox.control.setQuirks({ latencyMs: 300 });
    const child = start('--app', 'Large10k', '--out', out);
    const isGone = new Promise((resolve) => child.once('close', resolve));
    await new Promise<void>((resolve) => {
      sandbox.control.onCall(() => {
        if (sandbox.calls.total >= 20) resolve();
      });
    });
    child.kill('SIGKILL');
    await isGone;
    expect(readdirSync(directory)).toEqual(['phones']);
    expect(readFileSync(out, 'utf8')).toBe('before');
  });

  it('ends with 1 and writes nothing where the list cannot be proved', async () => {
    sandbox.control.onCall(() => {
      sandbox.control.change({ appId: '4luaKsL2', remove: { index: 0, count: 200 } });
      sandbox.control.change({ appId: '4luaKsL2', insert: 200 });
    });
    const { code, stderr, stdout } = await run('--app', '4luaKsL2', '--out', out);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('UPSTREAM_INCONSISTENT');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('says nothing when its reader has seen enough', async () => {
    const child = start('--app', 'Large10k');
    child.stdout?.once('data', () => child.stdout?.destroy());
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, stderr]).toEqual([0, '']);
  });

  describe('to a path that is no place for a file', () => {
    const folder = join(directory, 'folder');
    const file = join(directory, 'file');
    const pipe = join(directory, 'pipe');
    beforeEach(() => {
      mkdirSync(folder);
      writeFileSync(file, 'before');
      execFileSync('mkfifo', [pipe]);
    });

    it.each([
      ['a folder', folder, `${folder} is a folder; name a file in it`],
      ['a folder, written as one', `${folder}/`, `${folder}/ is a folder; name a file in it`],
      ['a folder that is not there', join(directory, 'new/'), `there is no folder ${directory}/new/`],
      ['a file in such a folder', join(directory, 'new/phones'), `there is no folder ${directory}/new`],
      ['a file in a file', join(file, 'phones'), `${file} is not a folder`],
      ['a pipe', pipe, `${pipe} is not a regular file`],
      ['a device', '/dev/null', '/dev/null is not a regular file'],
    ])('says so with 2, asks nobody and leaves all as it was: %s', async (_, path, fault) => {
      const { code, stdout, stderr } = await run('--app', '4luaKsL2', '--out', path);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(`--out: ${fault}.\n`);
      expect(sandbox.calls.total).toBe(0);
      expect(readdirSync(directory, { recursive: true }).sort()).toEqual(['file', 'folder', 'pipe']);
      expect(readFileSync(file, 'utf8')).toBe('before');
    });
  });

  it.each([
    [[], '--app is missing.'],
    [['--app', '4luaKsL2', '--format', 'xml'], '--format: expected jsonl or csv'],
    [['--app', '4luaKsL2', '--filter', '{'], '--filter: expected a PhoneFilter'],
    [['--app', '4luaKsL2', '--filter', '{"text": 1}'], 'at text'],
    [['--app', '4luaKsL2', '--filter', '{"account": {"in": []}}'], 'filter.account.in'],
    [['--app', '4luaKsL2', '--limit', '3'], '--limit'],
  ])('refuses %j with 2, and asks nobody', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(sandbox.calls.total).toBe(0);
  });
});
