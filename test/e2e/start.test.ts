import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { killProgram, type Program, startProgram } from '../support/program.ts';

// A process starts in a second, on a machine that does nothing else.
jest.setTimeout(60_000);

/** Seconds of the processor that a group of processes has taken, those that have ended included. */
function findProcessorTime(group: number | undefined): number {
  let ticks = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
      const fields = rest.split(' ').map(Number);
      if (fields[2] === group) for (const field of fields.slice(11, 15)) ticks += field;
    } catch {
      // It has ended meanwhile.
    }
  }
  return ticks / 100;
}

describe('npm start', () => {
  let program: Program | undefined;
  afterEach(() => {
    if (program !== undefined) killProgram(program);
  });

  describe('with nothing configured', () => {
    it('serves the sandbox within 2 seconds of a processor, and says where to click', async () => {
      program = startProgram('npm');
      const origin = await program.origin;
      // Unlike the time on the wall it does not depend on what else this machine does.
      const seconds = findProcessorTime(program.process.pid);
      expect(seconds).toBeGreaterThan(0.1);
      expect(seconds).toBeLessThan(2);

      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          query: '{ app(appId: "4luaKsL2") { phones(first: 1) { nodes { account } } } }',
        }),
      });
      expect(await response.json()).toEqual({
        data: { app: { phones: { nodes: [{ account: 'test_001' }] } } },
        extensions: { itnio: expect.objectContaining({ calls: 1, rowsUsed: 1 }) },
      });
      expect(program.stderr()).toBe(
        `This is the sandbox: no credentials are configured, so all phones are made up.\nA page to look at phones with is at ${origin}/\nGraphiQL is at ${origin}/graphql\n`,
      );
    });
  });

  it('ends with one plain line when the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    program = startProgram('node', { PORT: String(port) });
    expect(await program.exit).toEqual({ code: 1, signal: null });
    expect(program.stderr()).toBe(
      `The port is taken: listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`,
    );
    other.close();
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'its audit log cannot be written',
      { AUDIT_LOG: '/' },
      /^The configuration cannot be used:\n {2}AUDIT_LOG: expected a file, not a directory\n$/,
    ],
    [
      'its host is a name that nobody knows',
      { HOST: 'nobody.invalid' },
      /^The address cannot be used: getaddrinfo E[A-Z_]+ nobody\.invalid\n$/,
    ],
  ])('ends with one plain line when %s', async (_, variables, line) => {
    program = startProgram('node', variables);
    expect(await program.exit).toEqual({ code: 1, signal: null });
    expect(program.stderr()).toMatch(line);
    expect(program.stdout()).toBe('');
  });

  it('ends with every mistake of the configuration, and no secret', async () => {
    program = startProgram('node', { NODE_ENV: 'production', ITNIO_API_SECRET: 'canary', LOG_LEVEL: 'loud' });
    expect(await program.exit).toEqual({ code: 1, signal: null });
    expect(program.stderr()).toBe(
      [
        'The configuration cannot be used:',
        '  ITNIO_API_KEY: missing, though ITNIO_API_SECRET is set',
        '  ITNIO_APPS: missing; list the apps to serve as "id=Name,id", or "*" for any',
        '  LOG_LEVEL: expected one of debug, info, warn, error, silent',
        '',
      ].join('\n'),
    );
    expect(program.stdout()).toBe('');
  });
});
