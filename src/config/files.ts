import { lstatSync, readFileSync, statSync } from 'node:fs';
import type { ReadFile } from './text-file.ts';

/** How files are read. */
export interface Files {
  readonly read: ReadFile;
  /** Whether there is a directory entry, even one that leads nowhere. */
  exists(path: string): boolean;
}

/** The files of this machine. */
export const systemFiles: Files = {
  read: (path) => readFileSync(path),
  exists: (path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined,
};

/** The same for a process that serves: what is no file, such as a pipe that nobody writes to, would hold it. */
export const regularFiles: Files = {
  exists: systemFiles.exists,
  read(path) {
    if (!statSync(path).isFile()) throw Object.assign(new Error('not a regular file'), { code: 'ENOTFILE' });
    return systemFiles.read(path);
  },
};
