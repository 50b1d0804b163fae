import { Agent, request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { killProgram, type Program, startProgram } from '../support/program.ts';

// A process starts in a second, on a machine that does nothing else.
jest.setTimeout(60_000);

const QUERY = JSON.stringify({ query: '{ app(appId: "4luaKsL2") { phones(first: 20) { totalCount } } }' });

/** Sends one query and says whether it came back whole and right. */
function isAnswered(origin: string, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' };
    const call = request(`${origin}/graphql`, { agent, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('close', () =>
        resolve(response.complete && text === '{"data":{"app":{"phones":{"totalCount":437}}}}'),
      );
    });
    call.once('error', () => resolve(false));
    call.end(QUERY);
  });
}

/** Does what a load balancer does: sends on keep-alive connections for as long as `/ready` says yes. */
async function balanceLoad(origin: string, onAnswer: (answered: number) => void) {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const outcome = { answered: 0, failed: 0 };
  let isReady = true;
  async function probe(): Promise<void> {
    while (isReady) isReady = (await fetch(`${origin}/ready`, { headers: { connection: 'close' } })).ok;
  }
  async function send(): Promise<void> {
    while (isReady) {
      if (await isAnswered(origin, agent)) outcome.answered++;
      else outcome.failed++;
      onAnswer(outcome.answered);
    }
  }
  await Promise.all([probe(), ...Array.from({ length: 20 }, send)]);
  agent.destroy();
  return outcome;
}

describe('SIGTERM', () => {
  let sandbox: Sandbox;
  let program: Program | undefined;
  beforeEach(async () => {
    sandbox = createSandbox();
    await sandbox.listen();
  });
  afterEach(async () => {
    if (program !== undefined) killProgram(program);
    await sandbox.close();
  });

  function start(command: 'node' | 'npm', shutdownGraceMs: number): Program {
    program = startProgram(command, {
      ITNIO_BASE_URL: sandbox.baseUrl,
      ITNIO_API_KEY: sandbox.credentials.apiKey,
      ITNIO_API_SECRET: sandbox.credentials.apiSecret,
      ITNIO_APPS: '4luaKsL2',
      PHONES_CACHE_TTL_MS: '0',
      SHUTDOWN_GRACE_MS: String(shutdownGraceMs),
    });
    return program;
  }

  it.each<['node' | 'npm', number]>([
    ['node', 1],
    ['node', 2],
    ['npm', 1],
    ['npm', 2],
  ])('to %s, %i times under load, fails nothing and ends with 0', async (command, times) => {
    const { process: child, origin, exit } = start(command, 300);
    const signalledAt: number[] = [];
    const outcome = await balanceLoad(await origin, (answered) => {
      if (answered < 200 || signalledAt.length === times) return;
      child.kill('SIGTERM');
      signalledAt.push(performance.now());
    });
    expect(await exit).toEqual({ code: 0, signal: null });
    expect(outcome.failed).toBe(0);
    expect(outcome.answered).toBeGreaterThan(200);
    expect(performance.now() - (signalledAt[0] ?? 0)).toBeLessThan(10_000);
  });

  it('waits for a request that is older than the grace', async () => {
    sandbox.control.setQuirks({ latencyMs: 1_000 });
    const called = new Promise<void>((resolve) => sandbox.control.onCall(() => resolve()));
    const { process: child, origin, exit } = start('node', 50);
    const agent = new Agent({ keepAlive: true });
    const answered = isAnswered(await origin, agent);
    await called;
    child.kill('SIGTERM');
    expect(await answered).toBe(true);
    expect(await exit).toEqual({ code: 0, signal: null });
    agent.destroy();
  });

  it('comes back from a process group to npm and to node at once', async () => {
    const { process: child, origin, exit, stdout } = start('npm', 50);
    await origin;
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    expect(await exit).toEqual({ code: 0, signal: null });
    // Lines of the log leave together, and none stays behind.
    expect(stdout()).toMatch(/"msg":"Stopped."}\n$/);
  });
});
