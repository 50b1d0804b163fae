import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { endsLine, LINE_END, type Output } from './output.ts';

/** What stands in the place of a file is none. */
export class NoFileError extends Error {
  readonly code = 'ENOTFILE';
}

/** Readable and writable by its owner only. */
const MODE = 0o600;

/** Without O_NONBLOCK a FIFO that stands in the place of the file would hold a thread until someone reads it. */
const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/**
 * Appends lines to a regular file that only its owner may read. It is opened for each write, so that it may be renamed
 * or removed at any time.
 * @param mustReachDisk whether a write waits until the lines would survive a loss of power.
 */
export function createFileOutput(path: string, mustReachDisk: boolean): Output {
  return {
    async write(bytes, onProgress) {
      const file = await openFile(path);
      try {
        const { size } = await file.stat();
        const prefix = (await endsInLine(file, size)) ? [] : [LINE_END];
        const all = Buffer.concat([...prefix, bytes]);
        for (let start = 0; start < all.length; ) {
          const { bytesWritten } = await file.write(all, start);
          if (bytesWritten < 1)
            throw new RangeError(`A write of ${all.length} bytes has taken ${bytesWritten}.`);
          start += bytesWritten;
          onProgress(Math.max(start + bytes.length - all.length, 0));
        }
        if (!mustReachDisk) return;
        await file.datasync();
        if (size === 0) await syncFolder(dirname(path));
      } finally {
        await file.close();
      }
    },
  };
}

async function openFile(path: string): Promise<FileHandle> {
  const file = await open(path, FLAGS, MODE);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new NoFileError('Not a regular file.');
    if ((stats.mode & 0o777) !== MODE) await file.chmod(MODE);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Whether the next line can follow: a write that failed, of this process or another, may have left half a line. */
async function endsInLine(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  return endsLine(last);
}

/** A file that is new is lost with the power as long as its folder does not know it. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
