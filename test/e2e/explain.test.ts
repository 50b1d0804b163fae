import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, jest } from '@jest/globals';

// A process starts in a second, on a machine that does nothing else.
jest.setTimeout(60_000);

const directory = mkdtempSync(join(tmpdir(), 'explain-'));
afterAll(() => rmSync(directory, { recursive: true }));

function explain(query: string) {
  const path = join(directory, 'query.graphql');
  writeFileSync(path, query);
  const { stdout, stderr, status } = spawnSync('npm', ['run', '--silent', 'explain', '--', path], {
    cwd: new URL('../../', import.meta.url),
    encoding: 'utf8',
  });
  return { stdout, stderr, status };
}

describe('npm run explain', () => {
  it('says that a query takes no call', () => {
    expect(explain('{ apps { appId } }')).toEqual({
      stdout: 'No call: nothing that is asked for is known to the vendor alone.\n',
      stderr: '',
      status: 0,
    });
  });

  it('says only what is wrong where nothing could be planned', () => {
    expect(explain('{ app(appId: "a") { phones(first: 101) { totalCount } } }')).toEqual({
      stdout: '',
      stderr: expect.stringMatching(/first.*\n$/),
      status: 1,
    });
  });

  it('says what is wrong beside the plan of the rest', () => {
    const { stdout, stderr, status } = explain(
      '{ app(appId: "a") { phones(first: 101) { totalCount } phone(account: "b") { account } } }',
    );
    expect(stdout).toMatch(/^App a\n {2}1 phone by account/);
    expect(stderr).toContain('first');
    expect(status).toBe(1);
  });
});
