import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFileOutput } from '../../../src/output/file-output.ts';

function append(path: string, text: string, mustReachDisk = true): Promise<void> {
  return createFileOutput(path, mustReachDisk).write(Buffer.from(text), () => undefined, true);
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe('createFileOutput', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'audit-'));
    path = join(folder, 'audit.log');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([true, false])('appends to a file that only its owner can read (to the disk: %s)', async (disk) => {
    await append(path, '1\n', disk);
    await append(path, '2\n', disk);
    expect(await readFile(path, 'utf8')).toBe('1\n2\n');
    expect(await modeOf(path)).toBe(0o600);
  });

  it('makes its file where there is nothing to write yet', async () => {
    await append(path, '');
    expect(await readFile(path, 'utf8')).toBe('');
  });

  it('takes an existing file from others', async () => {
    await writeFile(path, 'before\n');
    await chmod(path, 0o664);
    await append(path, '1\n');
    expect(await readFile(path, 'utf8')).toBe('before\n1\n');
    expect(await modeOf(path)).toBe(0o600);
  });

  it('makes a new file when its own was renamed, or removed', async () => {
    await append(path, '1\n');
    await rename(path, join(folder, 'audit.1'));
    await append(path, '2\n');
    await rm(path);
    await append(path, '3\n');
    expect(await readFile(join(folder, 'audit.1'), 'utf8')).toBe('1\n');
    expect(await readFile(path, 'utf8')).toBe('3\n');
  });

  it('starts a line of its own where half a line was left', async () => {
    await writeFile(path, '1\n{"half');
    await append(path, '2\n');
    expect(await readFile(path, 'utf8')).toBe('1\n{"half\n2\n');
  });

  it('tells how much of what it was given is written', async () => {
    await writeFile(path, 'half');
    const progress: number[] = [];
    await createFileOutput(path, false).write(Buffer.from('12\n'), (written) => progress.push(written), true);
    expect(progress).toEqual([3]);
  });

  it('follows a link to a file', async () => {
    await writeFile(path, '');
    const link = join(folder, 'link');
    await symlink(path, link);
    await append(link, '1\n');
    expect(await readFile(path, 'utf8')).toBe('1\n');
  });

  it.each<[string, string, () => unknown]>([
    ['a folder', 'EISDIR', () => mkdir(path)],
    ['a device', 'ENOTFILE', () => symlink('/dev/full', path)],
    ['a FIFO that nobody reads', 'ENOTFILE', () => spawnSync('mkfifo', [path])],
    ['a link to a folder', 'EISDIR', () => symlink(folder, path)],
    ['nothing, in a folder that is not there', 'ENOENT', () => rm(folder, { recursive: true })],
  ])('rejects where there is %s in its place', async (_what, code, make) => {
    await make();
    await expect(append(path, '1\n')).rejects.toMatchObject({ code });
    await mkdir(folder, { recursive: true });
  });
});
