import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readEnvFile } from '../../../src/config/env-file.ts';

describe('readEnvFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'env-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (path: string) => readEnvFile(path, (name) => readFileSync(name, 'utf8'));

  it('reads a variable a line, but no comments', () => {
    const path = join(folder, '.env');
    writeFileSync(path, '# Where to listen.\nPORT=4001\n# HOST=::1\nITNIO_APPS="a=Sales, b"\n');
    expect(read(path)).toEqual({ PORT: '4001', ITNIO_APPS: 'a=Sales, b' });
  });

  it('finds no variable where there is no file', () => {
    expect(read(join(folder, 'none'))).toEqual({});
  });

  it('says in a line which file cannot be read', () => {
    expect(() => read(folder)).toThrow(
      `The configuration cannot be used:\n  ${folder}: the file cannot be read (EISDIR)`,
    );
  });
});
