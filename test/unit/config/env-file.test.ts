import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../../src/config/config-error.ts';
import { readEnvFile } from '../../../src/config/env-file.ts';
import { systemFiles } from '../../../src/config/files.ts';
import { VARIABLES } from '../../../src/config/parse-config.ts';
import type { VariableRecord } from '../../../src/config/variables.ts';
import { READ, REFUSED } from '../../support/env-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'env-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, '.env');

function read(content: string | Uint8Array): VariableRecord {
  writeFileSync(path, content);
  return readEnvFile(path, systemFiles, VARIABLES);
}

/** The faults that a file is refused for, without its path. */
function findFaults(content: string | Uint8Array): readonly string[] {
  try {
    read(content);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.mistakes.map((mistake) => mistake.replace(`${path}: `, ''));
  }
  return [];
}

describe('readEnvFile', () => {
  it.each(READ)('reads %s', (_, content, settings) => {
    expect(read(content)).toEqual(settings);
  });

  it.each(REFUSED)('refuses %s', (_, content, faults) => {
    expect(findFaults(content)).toEqual(faults);
  });

  it('takes a file of just the largest size', () => {
    expect(read(Buffer.alloc(1024 * 1024, '#'))).toEqual({});
  });

  it('lists the first 20 faults of a file of another kind', () => {
    const faults = findFaults('no setting\n'.repeat(30));
    expect(faults).toHaveLength(21);
    expect(faults.at(-1)).toBe('and 10 more');
  });

  it('quotes no value, and no line that cannot be read', () => {
    const secret = 'canary';
    const faults = findFaults(
      [
        secret,
        `A="${secret}`,
        `B=${secret}"`,
        `C=$${secret}`,
        `D=a#${secret}`,
        `E= ${secret}`,
        `F="a"${secret}`,
        `G=1 H_I=${secret}`,
      ].join('\n'),
    );
    expect(faults).toHaveLength(8);
    expect(faults.join()).not.toContain(secret);
  });

  it('finds no variable where there is no file', () => {
    expect(readEnvFile(join(folder, 'none'), systemFiles, VARIABLES)).toEqual({});
  });

  it('says in a line which file cannot be read', () => {
    expect(() => readEnvFile(folder, systemFiles, VARIABLES)).toThrow(
      `The configuration cannot be used:\n  ${folder}: the file cannot be read (EISDIR)`,
    );
  });

  it('takes a link that leads nowhere for a file that cannot be read', () => {
    const link = join(folder, 'link');
    symlinkSync(join(folder, 'gone'), link);
    expect(() => readEnvFile(link, systemFiles, VARIABLES)).toThrow(
      `${link}: the file cannot be read (ENOENT)`,
    );
  });
});
