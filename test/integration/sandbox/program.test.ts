import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { askFor, callSipQuery, fetchRaw, readText } from './raw-client.ts';

const LINE =
  /^Itnio sandbox on (http:\/\/127\.0\.0\.1:\d+\/voice) · key bDqJFiq9, secret 7bz1lzh9 · apps 4luaKsL2, .*Large10k · control http:\/\/127\.0\.0\.1:\d+\/control\n$/;

let program: ChildProcess | undefined;

afterEach(() => {
  program?.kill('SIGKILL');
});

function start(environment: Record<string, string>): ChildProcess {
  program = spawn(process.execPath, ['dist/main.js', 'sandbox'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return program;
}

async function readLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new TypeError('stdout is not a pipe');
  const [chunk] = await once(stdout, 'data');
  return String(chunk);
}

describe('npm run sandbox', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('says where it is, answers, and exits 0 on %s', async (signal) => {
    const child = start({ PORT: '0', SEED: 'other' });
    const baseUrl = LINE.exec(await readLine(child))?.[1] ?? 'no line';
    expect(readText(await callSipQuery(baseUrl, askFor('4luaKsL2', 1, 1)))).toContain('"test_001"');
    child.kill(signal);
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it.each([0, 1])('survives what it cannot answer, after a latency of %i ms', async (latencyMs) => {
    const child = start({ PORT: '0' });
    const baseUrl = LINE.exec(await readLine(child))?.[1] ?? 'no line';
    const control = { method: 'PATCH', body: JSON.stringify({ latencyMs, extraHeaders: { Trailer: 'x' } }) };
    const warned = child.stderr && once(child.stderr, 'data');
    await fetchRaw(baseUrl.replace('/voice', '/control'), control);
    await expect(callSipQuery(baseUrl, askFor('4luaKsL2', 1, 1))).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    expect(String(await warned)).toContain('The sandbox could not answer: ');
    const after = await fetchRaw(baseUrl.replace('/voice', '/control'), { method: 'DELETE' });
    expect(after.httpStatus).toBe(200);
  });

  it('takes port 4100 where PORT is empty', async () => {
    const child = start({ PORT: '' });
    const said = [child.stdout, child.stderr].map((output) => output && once(output, 'data'));
    // Somebody else may have the port: it is then the one that the refusal names.
    expect(String(await Promise.race(said))).toContain('127.0.0.1:4100');
  });

  it('says in one line that a port is none, and exits 1', async () => {
    const child = start({ PORT: 'x' });
    const [stderr, [code]] = await Promise.all([child.stderr ? text(child.stderr) : '', once(child, 'exit')]);
    expect(stderr).toMatch(/^The sandbox cannot start: [^\n]*\n$/);
    expect(code).toBe(1);
  });
});
