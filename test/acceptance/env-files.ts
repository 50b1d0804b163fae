import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { READ, REFUSED } from '../support/env-files.ts';
import { type Bar, holds } from './bar.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Each file `.env` by a process of its own, which refuses it by its line, or reads it. @param node the program of Node. */
export async function measureEnvFiles(node: string): Promise<Bar> {
  const version = (await run(node, ['--version'], '.')).stdout.trim();
  const wrong: string[] = [];
  await forEach(READ, async ([name, content]) => {
    const { stderr } = await check(node, content);
    // Other things may be wrong with what it says, but not with how it says it.
    if (stderr.includes('.env: ')) wrong.push(name);
  });
  await forEach(REFUSED, async ([name, content, faults]) => {
    const { code, stderr } = await check(node, content);
    if (code !== 1 || !faults.every((fault) => stderr.includes(`.env: ${fault}`))) wrong.push(name);
  });
  const count = READ.length + REFUSED.length;
  return holds(
    `files .env, as processes of Node ${version}`,
    `all ${count} read, or refused by line`,
    wrong.length === 0 ? `${count}` : `wrong: ${wrong.join('; ')}`,
    wrong.length === 0,
  );
}

/** Does it for a few at a time. */
async function forEach<T>(items: readonly T[], step: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const work = async () => {
    for (const item of left) await step(item);
  };
  await Promise.all(Array.from({ length: 4 }, work));
}

async function check(node: string, content: string | Uint8Array) {
  const folder = await mkdtemp(join(tmpdir(), 'env-'));
  try {
    await writeFile(join(folder, '.env'), content);
    return await run(node, [PROGRAM, 'check'], folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function run(node: string, args: readonly string[], cwd: string) {
  return new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>(
    (resolve) => {
      const env = { PATH: process.env['PATH'] };
      const child = execFile(node, args, { cwd, env }, (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
    },
  );
}
