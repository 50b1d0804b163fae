import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const END_PROCESS = new URL('../../src/output/end-process.ts', import.meta.url).href;

describe('endProcess', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'end-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function run(script: string): Promise<unknown[]> {
    const program = `import * as fs from 'node:fs'; import { endProcess } from '${END_PROCESS}'; ${script}`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
    return once(child, 'exit');
  }

  it('ends with its code', async () => {
    expect(await run('void endProcess(3);')).toEqual([3, null]);
  });

  it('lets a thread end that is about to', async () => {
    expect(await run(`fs.stat('/', () => undefined); void endProcess(0);`)).toEqual([0, null]);
  });

  it('ends by force where a thread hangs', async () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    // Opened for both, it has a reader that never reads; a write beyond its buffer hangs in its thread.
    const hang = `fs.write(fs.openSync('${path}', 'r+'), Buffer.alloc(1_000_000), () => undefined);`;
    expect(await run(`${hang} void endProcess(0);`)).toEqual([null, 'SIGKILL']);
  });
});
