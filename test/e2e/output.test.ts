import { closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { devNull } from 'node:os';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { killProgram, type Program, startProgram } from '../support/program.ts';

// A process starts in a second, on a machine that does nothing else.
jest.setTimeout(60_000);

const PASSWORD = '{ sipPhone(appId: "4luaKsL2", account: "test_001") { password } }';
const GONE = {
  errors: [
    {
      message: 'The gateway cannot write down who reads passwords, so it gives none away.',
      extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId: expect.any(String) },
    },
  ],
};

async function ask(origin: string, query: string): Promise<unknown> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

/** Sends all requests at once on one connection, and reads until each is answered. */
async function pipeline(origin: string, queries: readonly string[]): Promise<number> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  const requests = queries.map((query) => {
    const body = JSON.stringify({ query });
    return `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  });
  socket.write(requests.join(''));
  let text = '';
  let answered = 0;
  for await (const chunk of socket.setEncoding('utf8')) {
    text += chunk;
    answered = text.split('HTTP/1.1 200').length - 1;
    if (answered === queries.length) break;
  }
  return answered;
}

describe('what the process writes', () => {
  let program: Program | undefined;
  afterEach(() => {
    if (program !== undefined) killProgram(program);
  });

  it('holds no warning of listeners when a client sends its requests ahead', async () => {
    program = startProgram('node');
    const origin = await program.origin;
    const queries = Array.from(
      { length: 24 },
      (_, index) => `{ sipPhone(appId: "Large10k", account: "nobody_${index}") { id } }`,
    );
    expect(await pipeline(origin, queries)).toBe(24);
    expect(program.stderr()).toMatch(/^This is the sandbox: .*\nA page .*\nGraphiQL .*\n$/);
  });

  it('may go to a reader that leaves: passwords are refused, everything else is answered', async () => {
    program = startProgram('node');
    const origin = await program.origin;
    program.process.stdout?.destroy();
    for (const _ of [1, 2]) expect(await ask(origin, PASSWORD)).toEqual(GONE);
    expect(await ask(origin, '{ __typename }')).toMatchObject({ data: { __typename: 'Query' } });
    program.process.kill('SIGTERM');
    expect(await program.exit).toEqual({ code: 0, signal: null });
  });

  it('may go where nothing can be written: that is said once, and the process lives', async () => {
    const output = openSync(devNull, 'r');
    program = startProgram('node', {}, output);
    const origin = await program.origin;
    for (const _ of [1, 2]) expect(await ask(origin, PASSWORD)).toEqual(GONE);
    expect(await ask(origin, '{ __typename }')).toMatchObject({ data: { __typename: 'Query' } });
    program.process.kill('SIGTERM');
    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(program.stderr().match(/^The log cannot be written: EBADF$/gm)).toHaveLength(1);
    closeSync(output);
  });
});
