import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { askOn } from '../support/ask.ts';
import { killProgram, type Program, startProgram } from '../support/program.ts';

// A process starts in a second, on a machine that does nothing else.
jest.setTimeout(120_000);

interface Reply {
  readonly data?: Readonly<Record<string, { readonly phones: Window } | null>> | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

interface Window {
  readonly nodes: readonly { readonly account: string; readonly password: string }[];
  readonly pageInfo: { readonly endCursor: string };
}

const agent = new Agent({ keepAlive: true, maxSockets: 20 });
const PASSWORD = '{ sipPhone(appId: "4luaKsL2", account: "test_001") { password } }';

const ask = (origin: string, query: string) => askOn<Reply>(agent, origin, query);

/** Asks so often that the lines of the log are more than pipes and the gateway hold. */
async function fillLog(origin: string): Promise<number> {
  let left = 6_000;
  let answered = 0;
  async function send(): Promise<void> {
    while (left-- > 0) {
      const { data } = await ask(origin, `query ${'LongName'.repeat(15)} { __typename }`);
      if (data !== undefined) answered++;
    }
  }
  await Promise.all(Array.from({ length: 20 }, send));
  return answered;
}

function parseLines(text: string): Readonly<Record<string, unknown>>[] {
  const lines = text.split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line));
}

/** A query for 1,500 passwords: 15 windows of 100 phones. */
async function writeBigQuery(origin: string): Promise<string> {
  const windows: string[] = [];
  for (let after = ''; windows.length < 15; ) {
    const phones = `phones(first: 100${after})`;
    windows.push(`w${windows.length}: ${phones} { nodes { account password } }`);
    const { data } = await ask(origin, `{ app(appId: "Large10k") { ${phones} { pageInfo { endCursor } } } }`);
    after = `, after: "${data?.['app']?.phones.pageInfo.endCursor}"`;
  }
  return `{ app(appId: "Large10k") { ${windows.join(' ')} } }`;
}

/** A reader of a FIFO that takes little at a time. */
function createSlowReader(path: string) {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(2048);
  let text = '';
  let isOpen = true;
  async function readOn(): Promise<void> {
    while (isOpen) {
      await delay(1);
      try {
        text += buffer.toString('utf8', 0, readSync(fd, buffer));
      } catch {
        // Nothing has been written meanwhile.
      }
    }
  }
  const done = readOn();
  return {
    text: () => text,
    async close() {
      isOpen = false;
      await done;
      closeSync(fd);
    },
  };
}

describe('standard output that is not read', () => {
  let folder: string;
  let program: Program | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'output-'));
  });
  afterEach(async () => {
    if (program !== undefined) killProgram(program);
    await rm(folder, { recursive: true });
  });

  /** Both ends of a FIFO stay open here, so that nobody has left, and nobody reads. */
  function openFifo(): { readonly path: string; readonly fd: number } {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    return { path, fd: openSync(path, constants.O_RDWR | constants.O_NONBLOCK) };
  }

  it.each<'pipe' | 'socket'>(['pipe', 'socket'])(
    'drops and counts the log, refuses passwords and answers all else: a %s',
    async (kind) => {
      const fifo = kind === 'pipe' ? openFifo() : undefined;
      program = startProgram(
        'node',
        { REQUEST_TIMEOUT_MS: '2000', PHONES_CACHE_TTL_MS: '0' },
        fifo?.fd ?? 'pipe',
      );
      const origin = await program.origin;
      program.process.stdout?.pause();
      expect(await fillLog(origin)).toBe(6_000);

      const first = await ask(origin, PASSWORD);
      const startedAt = performance.now();
      const second = await ask(origin, PASSWORD);
      expect([first, second].map(({ errors }) => errors?.[0]?.extensions.code)).toEqual([
        'INTERNAL_SERVER_ERROR',
        'INTERNAL_SERVER_ERROR',
      ]);
      expect(performance.now() - startedAt).toBeLessThan(1_500);

      const reader = fifo === undefined ? undefined : createSlowReader(fifo.path);
      program.process.stdout?.resume();
      const text = () => reader?.text() ?? program?.stdout() ?? '';
      while (!text().includes('were dropped')) await delay(50);
      const { data } = await ask(origin, PASSWORD);
      expect(data).toMatchObject({ sipPhone: { password: expect.any(String) } });
      program.process.kill('SIGTERM');
      expect(await program.exit).toEqual({ code: 0, signal: null });
      while (!text().endsWith('"msg":"Stopped."}\n')) await delay(10);
      await reader?.close();
      if (fifo !== undefined) closeSync(fifo.fd);

      const lines = parseLines(text());
      const requests = lines.filter(({ msg }) => msg === 'Request.').length;
      const dropped = lines.filter(({ msg }) => msg === 'Lines of the log were dropped.');
      // Two passwords refused, each with a line of its own beside that of the request, and one given.
      expect(requests + Number(dropped[0]?.['dropped'])).toBeGreaterThanOrEqual(6_003);
      expect(dropped).toHaveLength(1);
    },
  );

  it('keeps no process from ending', async () => {
    const fifo = openFifo();
    program = startProgram('node', { REQUEST_TIMEOUT_MS: '60000' }, fifo.fd);
    const origin = await program.origin;
    await fillLog(origin);
    const waiting = ask(origin, PASSWORD).catch(() => 'cut');
    await ask(origin, '{ __typename }');
    const startedAt = performance.now();
    program.process.kill('SIGTERM');
    expect(await program.exit).toEqual({ code: 0, signal: null });
    // Not the minute that the request may take: ten seconds after the output took its last byte it is given up.
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    await waiting;
    closeSync(fifo.fd);
  });

  it('is read slowly: each of 12,000 passwords that leave is in a record that can be read', async () => {
    const fifo = openFifo();
    program = startProgram('node', { REQUEST_TIMEOUT_MS: '60000' }, fifo.fd);
    const origin = await program.origin;
    const query = await writeBigQuery(origin);
    const reader = createSlowReader(fifo.path);
    const replies = await Promise.all(Array.from({ length: 8 }, () => ask(origin, query)));
    program.process.kill('SIGTERM');
    await program.exit;
    while (!reader.text().endsWith('"msg":"Stopped."}\n')) await delay(10);
    await reader.close();
    closeSync(fifo.fd);

    const records = parseLines(reader.text()).filter(({ audit }) => audit === true);
    expect(records).toHaveLength(8);
    for (const { data } of replies) {
      const accounts = Object.values(data?.['app'] ?? {}).flatMap((window: Window) =>
        window.nodes.map(({ account }) => account),
      );
      expect(new Set(accounts).size).toBe(1_500);
      for (const record of records)
        expect(new Set([...accounts, ...Object(record['accounts'])]).size).toBe(1_500);
    }
  });

  it('is another matter than a full disk: no password leaves, and the next record is a line of its own', async () => {
    const path = join(folder, 'audit.log');
    program = startProgram('full', { AUDIT_LOG: path, REQUEST_TIMEOUT_MS: '60000' });
    const origin = await program.origin;
    const { errors } = await ask(origin, await writeBigQuery(origin));
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(await readFile(path, 'utf8')).toHaveLength(16 * 1024);
    await truncate(path, 8 * 1024);
    const { data } = await ask(origin, PASSWORD);
    expect(data).toMatchObject({ sipPhone: { password: expect.any(String) } });
    const [torn, record] = (await readFile(path, 'utf8')).split('\n');
    expect(torn).toHaveLength(8 * 1024);
    expect(JSON.parse(record ?? '')).toMatchObject({ audit: true, accounts: ['test_001'] });
  });
});

describe('AUDIT_LOG', () => {
  /** A mount whose server is gone: from the moment that there is the FIFO, a thread that opens the log hangs in the kernel. */
  const createHangingMount = (path: string, fifo: string) => `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const { open } = fs.promises;
    fs.promises.open = (path, ...rest) =>
      path === '${path}' && fs.existsSync('${fifo}') ? open('${fifo}', 'w') : open(path, ...rest);
    syncBuiltinESMExports();`;

  it.each([
    ['that has become a FIFO', 'audit.log', { code: 0, signal: null }],
    // By force: a thread that hangs keeps a process from ending by itself.
    ['on a mount that hangs', 'hang', { code: null, signal: 'SIGKILL' }],
  ])('%s costs passwords alone, and keeps no process from ending', async (_, fifo, end) => {
    const folder = await mkdtemp(join(tmpdir(), 'audit-'));
    const path = join(folder, 'audit.log');
    const hook = createHangingMount(path, join(folder, 'hang'));
    const program = startProgram('node', {
      AUDIT_LOG: path,
      REQUEST_TIMEOUT_MS: '1500',
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(hook)}`,
    });
    try {
      const origin = await program.origin;
      expect((await ask(origin, PASSWORD)).data).toMatchObject({
        sipPhone: { password: expect.any(String) },
      });
      await rm(path);
      execFileSync('mkfifo', [join(folder, fifo)]);
      const replies = [ask(origin, PASSWORD), ask(origin, PASSWORD)];
      for (let index = 0; index < 100; index += 1)
        expect(await ask(origin, '{ app(appId: "4luaKsL2") { phones { totalCount } } }')).toMatchObject({
          data: { app: { phones: { totalCount: 437 } } },
        });
      await Promise.all(replies);
      replies.push(ask(origin, PASSWORD));
      for (const reply of await Promise.all(replies)) {
        expect(reply.data ?? null).toBeNull();
        expect(reply.errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
      }
      const startedAt = performance.now();
      program.process.kill('SIGTERM');
      expect(await program.exit).toEqual(end);
      expect(performance.now() - startedAt).toBeLessThan(10_000);
      expect(program.stdout()).toContain('"msg":"Stopped."');
    } finally {
      killProgram(program);
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    ['/dev/full', 'expected a regular file; for standard output leave it out'],
    ['/dev/stdout', 'expected a regular file; for standard output leave it out'],
    [tmpdir(), 'expected a file, not a directory'],
    ['/no/such/folder/audit.log', 'its folder does not exist (ENOENT)'],
  ])('%s is refused at the start', async (path, fault) => {
    const program = startProgram('node', { AUDIT_LOG: path });
    expect(await program.exit).toEqual({ code: 1, signal: null });
    expect(program.stderr()).toContain(`AUDIT_LOG: ${fault}`);
  });
});
