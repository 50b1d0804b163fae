import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { findErrorCode } from '../domain/error-code.ts';

/** Says why no file can be written to a path; undefined where nothing is known that keeps one from it. */
export function findPathFault(path: string): string | undefined {
  const folder = dirname(path);
  try {
    if (!statSync(folder).isDirectory()) return `${folder} is not a folder`;
    accessSync(folder, constants.W_OK | constants.X_OK);
    const target = statSync(path, { throwIfNoEntry: false });
    if (target === undefined) return path.endsWith('/') ? `there is no folder ${path}` : undefined;
    if (target.isDirectory()) return `${path} is a folder; name a file in it`;
    // The file would take the place of a device or a pipe, for all who use it.
    return target.isFile() ? undefined : `${path} is not a regular file`;
  } catch (error) {
    const code = findErrorCode(error);
    return code === 'ENOENT' ? `there is no folder ${folder}` : `${path} cannot be written (${code})`;
  }
}

/**
 * Writes a file that only its owner may read: beside its place first, and then into it in one step. Whatever happens,
 * what stands at the path is the file as it was before, or the whole new one.
 */
export function writeWholeFile(path: string, texts: Iterable<string>): void {
  const beside = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const file = openSync(beside, 'wx', 0o600);
  try {
    try {
      for (const text of texts) {
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
