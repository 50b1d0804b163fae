import { Agent, request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { askFor, callSipQuery, readText, signAt } from './raw-client.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = createSandbox();
  await sandbox.listen();
});

afterEach(() => sandbox.close());

describe('createSandbox', () => {
  it('brings apps of the sizes at which paging breaks', async () => {
    const totals: [string, unknown][] = [];
    for (const { appId, name } of sandbox.apps) {
      const answer = await callSipQuery(sandbox.baseUrl, askFor(appId, 1, 1));
      totals.push([`${appId} ${name}`, /"total":\d+/.exec(readText(answer))?.[0]]);
    }
    expect(totals).toEqual([
      ['4luaKsL2 Sample', '"total":437'],
      ['Empty000 No phones', '"total":0'],
      ['Single01 One phone', '"total":1'],
      ['Full0100 One full page', '"total":100'],
      ['Over0101 One phone over a page', '"total":101'],
      ['Large10k Ten thousand phones', '"total":10000'],
    ]);
  });

  it('serves the apps it is given instead', async () => {
    const own = createSandbox({
      apps: [{ appId: 'mine', name: 'Mine', phones: [{ account: 'a:1', password: 'canary' }] }],
    });
    await own.listen();
    const answer = await callSipQuery(own.baseUrl, askFor('mine', 1, 5));
    await own.close();
    expect(own.apps).toEqual([{ appId: 'mine', name: 'Mine' }]);
    expect(readText(answer)).toContain('"records":[{"account":"a:1","password":"canary"}]');
  });

  it("comes with the vendor's sample credentials", () => {
    expect(sandbox.credentials).toEqual({ apiKey: 'bDqJFiq9', apiSecret: '7bz1lzh9' });
  });

  it('refuses quirks that it does not have', () => {
    const quirks = { latencyMs: -1 };
    expect(() => createSandbox({ quirks })).toThrow(
      'latencyMs: expected a whole number of milliseconds from 0',
    );
  });
});

describe('listen', () => {
  it('sets a base URL on loopback', () => {
    expect(sandbox.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/voice$/);
  });

  it('rejects when the port is taken', async () => {
    const port = Number(new URL(sandbox.baseUrl).port);
    await expect(createSandbox().listen({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('close', () => {
  it('ends kept-alive connections and calls in flight', async () => {
    const agent = new Agent({ keepAlive: true });
    const hangs = new Promise<void>((resolve) => {
      sandbox.control.onCall(() => resolve());
    });
    sandbox.control.fail({ fault: 'hang' });
    const call = request(`${sandbox.baseUrl}/sipQuery`, { method: 'POST', agent, headers: signAt(0) });
    const broken = new Promise((resolve) => call.on('error', resolve));
    call.end('{}');
    await hangs;
    await sandbox.close();
    expect(await broken).toMatchObject({ code: 'ECONNRESET' });
    agent.destroy();
  });

  it('frees the port, on which the sandbox may listen again', async () => {
    const { baseUrl } = sandbox;
    await sandbox.close();
    await expect(callSipQuery(baseUrl, askFor('4luaKsL2', 1, 1))).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    await sandbox.listen({ port: Number(new URL(baseUrl).port) });
    expect((await callSipQuery(baseUrl, askFor('4luaKsL2', 1, 1))).httpStatus).toBe(200);
  });

  it('may come twice, and before listening', async () => {
    await sandbox.close();
    await sandbox.close();
    await createSandbox().close();
    expect(() => sandbox.baseUrl).toThrow('The sandbox is not listening.');
  });
});

describe('calls', () => {
  it('are counted, in all and by app', async () => {
    await callSipQuery(sandbox.baseUrl, askFor('4luaKsL2', 2, 20));
    await callSipQuery(sandbox.baseUrl, askFor('4luaKsL2', 0, 20));
    await callSipQuery(sandbox.baseUrl, askFor('Single01', 1, 20));
    expect(sandbox.calls.total).toBe(3);
    expect(sandbox.calls.byApp).toEqual({ '4luaKsL2': 1, Single01: 1 });
  });

  it('are remembered with what was asked, what was answered and what spoiled it', async () => {
    sandbox.control.fail({ fault: 'empty', appId: 'Single01' });
    await callSipQuery(sandbox.baseUrl, askFor('4luaKsL2', 2, 20));
    await callSipQuery(sandbox.baseUrl, askFor('4luaKsL2', 0, 20));
    await callSipQuery(sandbox.baseUrl, askFor('4luaKsL2', 1, 20), { headers: signAt(0) });
    await callSipQuery(sandbox.baseUrl, askFor('Single01', 1, 20));
    expect(sandbox.calls.recent).toEqual([
      { appId: '4luaKsL2', current: 2, size: 20, status: '0', fault: null },
      { appId: null, current: null, size: null, status: '-22', fault: null },
      { appId: '4luaKsL2', current: 1, size: 20, status: '-16', fault: null },
      { appId: 'Single01', current: 1, size: 20, status: '0', fault: 'empty' },
    ]);
  });

  it('hold no key and no signature', async () => {
    const headers = signAt(Math.floor(Date.now() / 1000));
    const { Sign } = headers;
    await callSipQuery(sandbox.baseUrl, askFor('4luaKsL2', 1, 20), { headers });
    const logged = JSON.stringify(sandbox.calls);
    for (const secret of ['bDqJFiq9', '7bz1lzh9', Sign, 'LX9FZdF2']) expect(logged).not.toContain(secret);
  });

  it('tell how many were answered at once', async () => {
    sandbox.control.setQuirks({ latencyMs: 50 });
    await Promise.all([1, 2, 3].map((page) => callSipQuery(sandbox.baseUrl, askFor('4luaKsL2', page, 20))));
    expect([sandbox.calls.peakInFlight, sandbox.calls.connections]).toEqual([3, 3]);
  });

  it('tell which of them the client gave up', async () => {
    sandbox.control.fail({ fault: 'hang' });
    const left = new Promise<void>((resolve) => {
      sandbox.control.onCall(() => resolve());
    });
    const call = request(`${sandbox.baseUrl}/sipQuery`, { method: 'POST', headers: signAt(0) });
    call.on('error', () => undefined).end('{}');
    await left;
    call.destroy();
    // A further call proves that the server has seen the first one end.
    await callSipQuery(sandbox.baseUrl, askFor('4luaKsL2', 1, 1));
    expect([sandbox.calls.inFlight, sandbox.calls.abandoned]).toEqual([0, 1]);
  });

  it('do not count as given up when it was the sandbox that hung up', async () => {
    sandbox.control.fail({ fault: 'truncated' });
    await callSipQuery(sandbox.baseUrl, askFor('4luaKsL2', 1, 1));
    expect([sandbox.calls.inFlight, sandbox.calls.abandoned]).toEqual([0, 0]);
  });

  it('start anew after a reset', async () => {
    await callSipQuery(sandbox.baseUrl, askFor('4luaKsL2', 1, 1));
    sandbox.calls.reset();
    expect(sandbox.calls).toMatchObject({ total: 0, byApp: {}, recent: [], connections: 0 });
  });
});
