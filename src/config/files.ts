import { lstatSync, readFileSync } from 'node:fs';
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
