import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { VARIABLES } from '../../../src/config/parse-config.ts';
import { planReload, RELOADED } from '../../../src/config/plan-reload.ts';
import { type ConfigSource, readConfigSource } from '../../../src/config/read-config.ts';
import type { VariableRecord } from '../../../src/config/variables.ts';

const ACCOUNT = 'ITNIO_API_KEY=key\nITNIO_API_SECRET=secret\nITNIO_APPS=a,b\n';
const CALLERS = JSON.stringify([{ name: 'web', tokenSha256: 'ab'.repeat(32), scopes: ['phones:read'] }]);

/** @param contents by path; `.env` among them. */
function read(contents: Readonly<Record<string, string>>, environment: VariableRecord = {}): ConfigSource {
  return readConfigSource(environment, {
    read: (path) => Buffer.from(contents[path] ?? ''),
    exists: (path) => path in contents,
  });
}

describe('planReload', () => {
  it('takes over callers, apps, cursor keys and limits', () => {
    const started = read({
      '.env': `${ACCOUNT}CALLERS_FILE=c.json\nREQUEST_TIMEOUT_MS=1000\n`,
      'c.json': CALLERS,
    });
    const next = read({
      '.env': `${ACCOUNT.replace('a,b', 'b,c')}CALLERS_FILE=c.json\nCURSOR_KEYS=${'k'.repeat(32)}\nREQUEST_TIMEOUT_MS=2000\nLOG_LEVEL=warn\n`,
      'c.json': CALLERS.replace('web', 'ops'),
    });
    const { config, ...names } = planReload(started, started, next);
    expect(config).toMatchObject({ requestTimeoutMs: 2000, logLevel: 'warn', callers: [{ name: 'ops' }] });
    expect(config.upstream?.apps).toMatchObject([{ appId: 'b' }, { appId: 'c' }]);
    expect(config.cursorKeys.map((key) => key.reveal())).toEqual(['k'.repeat(32)]);
    expect(names).toEqual({
      changed: ['ITNIO_APPS', 'CALLERS_FILE', 'CURSOR_KEYS', 'REQUEST_TIMEOUT_MS', 'LOG_LEVEL'],
      needsRestart: [],
      heldByEnvironment: [],
    });
  });

  it('says nothing of what stays', () => {
    const started = read({ '.env': `${ACCOUNT}CALLERS=${CALLERS}\n` });
    const { config, ...names } = planReload(
      started,
      started,
      read({ '.env': `${ACCOUNT}CALLERS='${CALLERS}'\n` }),
    );
    expect(config).toEqual(started.config);
    expect(names).toEqual({ changed: [], needsRestart: [], heldByEnvironment: [] });
  });

  it('leaves address, key, secret and their like as they were, and the cursor keys that follow from them', () => {
    const callers = `CALLERS='${CALLERS}'\n`;
    const started = read({
      '.env': `ITNIO_API_KEY_FILE=k\nITNIO_API_SECRET_FILE=s\nITNIO_APPS=a\n${callers}`,
      k: 'key',
      s: 'secret',
    });
    const next = read({
      '.env': `ITNIO_API_KEY_FILE=k\nITNIO_API_SECRET_FILE=s\nITNIO_APPS=a\n${callers}ITNIO_BASE_URL=https://other.example\nHOST=0.0.0.0\nPORT=1\nNODE_ENV=production\nAUDIT_LOG=a.log\n`,
      k: 'key',
      s: 'another',
    });
    const { config, needsRestart, changed } = planReload(started, started, next);
    expect(config.upstream?.apiSecret.reveal()).toBe('secret');
    expect(config).toEqual(started.config);
    expect(changed).toEqual([]);
    expect(new Set(needsRestart)).toEqual(
      new Set(['NODE_ENV', 'HOST', 'PORT', 'ITNIO_BASE_URL', 'ITNIO_API_SECRET_FILE', 'AUDIT_LOG']),
    );
  });

  it('goes on naming what needs a restart, and names once what was taken over', () => {
    const started = read({ '.env': ACCOUNT });
    const next = read({ '.env': `${ACCOUNT.replace('a,b', 'a')}PORT=1\n` });
    expect(planReload(started, started, next)).toMatchObject({
      changed: ['ITNIO_APPS'],
      needsRestart: ['PORT'],
    });
    expect(planReload(started, next, next)).toMatchObject({ changed: [], needsRestart: ['PORT'] });
  });

  it('names what the environment holds', () => {
    const environment = { REQUEST_TIMEOUT_MS: '1000', PORT: '1' };
    const started = read({ '.env': 'PORT=1\n' }, environment);
    const next = read({ '.env': 'PORT=1\nREQUEST_TIMEOUT_MS=2000\n' }, environment);
    const { config, heldByEnvironment } = planReload(started, started, next);
    expect(config.requestTimeoutMs).toBe(1000);
    expect(heldByEnvironment).toEqual(['REQUEST_TIMEOUT_MS']);
  });

  it('leaves the sandbox in its place until a restart, apps included', () => {
    const started = read({ '.env': '' });
    const { config, needsRestart } = planReload(started, started, read({ '.env': ACCOUNT }));
    expect(config.upstream).toBeUndefined();
    expect(needsRestart).toEqual(['ITNIO_API_KEY', 'ITNIO_API_SECRET', 'ITNIO_APPS']);
  });

  it('follows what docs/operations.md says of each variable', () => {
    const rows = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8').split('\n');
    const listNames = (promise: string) => {
      const [names = ''] = rows.find((row) => row.includes(promise))?.split(promise) ?? [];
      return [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
    };
    // A file stands for its variable, unless there is no other way to set that.
    const names = VARIABLES.filter(
      (name) => !VARIABLES.some((other) => name !== other && name === `${other}_FILE`),
    );
    expect(listNames('| holds at once').sort()).toEqual(names.filter((name) => RELOADED.has(name)).sort());
    expect(listNames('| holds after a restart').sort()).toEqual(
      names.filter((name) => !RELOADED.has(name)).sort(),
    );
    for (const name of names)
      if (VARIABLES.some((other) => other === `${name}_FILE`))
        expect([name, RELOADED.has(`${name}_FILE`)]).toEqual([name, RELOADED.has(name)]);
  });

  it('refuses to let the callers go while the address that is listened on can be reached by others', () => {
    const started = read({ '.env': `${ACCOUNT}HOST=0.0.0.0\nCALLERS='${CALLERS}'\n` });
    const next = read({ '.env': `${ACCOUNT}HOST=127.0.0.1\n` });
    expect(() => planReload(started, started, next)).toThrow('HOST: 0.0.0.0 can be reached by others');
  });
});
