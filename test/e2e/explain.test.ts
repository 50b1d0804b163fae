import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { DEFAULT_APPS } from '../../src/sandbox/apps.ts';
import { runProgram } from '../support/program.ts';

// A process starts in a second, on a machine that does nothing else.
jest.setTimeout(60_000);

const directory = mkdtempSync(join(tmpdir(), 'explain-'));
afterAll(() => rmSync(directory, { recursive: true }));

function explain(query: string, options: readonly string[] = []) {
  const path = join(directory, 'query.graphql');
  writeFileSync(path, query);
  return runExplain([path, ...options]);
}

const runExplain = (args: readonly string[]) => runProgram(['explain', ...args], {}, directory);

describe('itnio-gateway explain', () => {
  it('says that a query takes no call', async () => {
    expect(await explain('{ apps { appId } }')).toEqual({
      stdout: 'No call: what is asked for is known without the vendor, or is of apps that are not served.\n',
      stderr: '',
      code: 0,
    });
  });

  it("prints the calls of the README's query, one for each app of the sandbox", async () => {
    const { stdout, stderr, code } = await explain('{ apps { appId name phones { totalCount } } }');
    expect(stdout.match(/^App .*$/gm)).toEqual(DEFAULT_APPS.map(({ appId }) => `App ${appId}`));
    expect(stdout.match(/→ 1 call,/g)).toHaveLength(DEFAULT_APPS.length);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('asks as a caller of the configuration, and names those that there are', async () => {
    const path = join(directory, 'callers.json');
    const entry = { name: 'wall', tokenSha256: '0'.repeat(64), scopes: ['phones:read'], apps: ['Empty000'] };
    writeFileSync(path, JSON.stringify([entry]));
    const query = '{ apps { phones { nodes { password } } } }';
    const options = ['--callers-file', path, '--as'];
    expect(await explain(query, [...options, 'wall'])).toEqual({
      stdout: expect.stringMatching(/^App Empty000\n[^A]*$/),
      stderr: 'This needs the scope "passwords:read". (FORBIDDEN)\n',
      code: 1,
    });
    expect((await explain(query, [...options, 'anonymous'])).stderr).toContain('(UNAUTHENTICATED)');
    expect(await explain(query, [...options, 'door'])).toMatchObject({
      stderr: expect.stringContaining('--as: there is no caller "door"; there are: wall, anonymous.'),
      code: 2,
    });
  });

  it('plans nothing of what the gateway refuses', async () => {
    const query = 'query A { apps { phones { totalCount } } } query B { apps { appId } }';
    expect(await explain(query)).toEqual({
      stdout: '',
      stderr: expect.stringMatching(
        /^Which operation .* \(OPERATION_RESOLUTION_FAILURE\)\nName it by --operation: A, B\.\n$/,
      ),
      code: 1,
    });
    expect(await explain(query, ['--operation', 'A'])).toMatchObject({ stderr: '', code: 0 });
  });

  it.each([
    ['an operation without a name, and one is asked for', '{ apps { appId } }', ['--operation', 'A']],
    ['two operations without a name', '{ apps { appId } } { apps { name } }', []],
    ['no operation', 'fragment A on Query { apps { appId } }', []],
  ])('says what to do with a file that has %s', async (_, query, options) => {
    expect(await explain(query, options)).toEqual({
      stdout: '',
      stderr: expect.stringMatching(
        /\(OPERATION_RESOLUTION_FAILURE\)\nThe file has no operation with a name: leave one operation in it, and leave out --operation\.\n$/,
      ),
      code: 1,
    });
  });

  it('says where in the document something is wrong, without advice that does not help', async () => {
    const query = 'query A { apps { OPERATION_RESOLUTION_FAILURE } } query B { apps { appId } }';
    expect(await explain(query, ['--operation', 'B'])).toEqual({
      stdout: '',
      stderr: expect.stringMatching(/^Cannot query field .* \(GRAPHQL_VALIDATION_FAILED, at 1:18\)\n$/),
      code: 1,
    });
  });

  it('says in its help what is in it and what is not', async () => {
    expect((await runExplain(['--help'])).stdout).toMatch(/^In it: .*^Not in it: .*--variables JSON/ms);
  });

  it('says only what is wrong where nothing could be planned', async () => {
    expect(await explain('{ app(appId: "4luaKsL2") { phones(first: 101) { totalCount } } }')).toEqual({
      stdout: '',
      stderr: expect.stringMatching(/first.*\n$/),
      code: 1,
    });
  });

  it('says what is wrong beside the plan of the rest', async () => {
    const { stdout, stderr, code } = await explain(
      '{ app(appId: "4luaKsL2") { phones(first: 101) { totalCount } phone(account: "b") { account } } }',
    );
    expect(stdout).toMatch(/^App 4luaKsL2\n {2}1 phone by account/);
    expect(stderr).toContain('first');
    expect(code).toBe(1);
  });
});
