import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { askFor, callSipQuery, fetchRaw, readText } from './raw-client.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = createSandbox({ quirks: { unknownApp: 'reject' } });
  await sandbox.listen();
});

afterEach(() => sandbox.close());

async function steer(
  method: string,
  path: string,
  input?: unknown,
): Promise<{ status: number; json: unknown }> {
  const body = input === undefined ? '' : JSON.stringify(input);
  const answer = await fetchRaw(`${sandbox.controlUrl}${path}`, { method, body });
  return { status: answer.httpStatus, json: JSON.parse(readText(answer)) };
}

/** The accounts of one page. */
async function readAccounts(appId: string, current = 1, size = 5): Promise<string[]> {
  const text = readText(await callSipQuery(sandbox.baseUrl, askFor(appId, current, size)));
  return [...text.matchAll(/"account":"([^"]*)"/g)].map((match) => match[1] ?? '');
}

describe('control.change', () => {
  it('inserts phones at an index', async () => {
    sandbox.control.change({ appId: 'Single01', insert: [{ account: 'first' }] });
    sandbox.control.change({ appId: 'Single01', insert: [{ account: 'last' }], at: 2 });
    expect(await readAccounts('Single01')).toEqual(['first', 'single01_001', 'last']);
  });

  it('makes up as many phones as are wanted', async () => {
    const added = sandbox.control.change({ appId: 'Empty000', insert: 2 });
    expect(added.map(({ account }) => account)).toEqual(['empty000_001', 'empty000_002']);
    expect(await readAccounts('Empty000')).toEqual(['empty000_001', 'empty000_002']);
  });

  it('removes phones by account and by index', async () => {
    sandbox.control.change({ appId: '4luaKsL2', remove: { accounts: ['test_002', 'nobody'] } });
    const gone = sandbox.control.change({ appId: '4luaKsL2', remove: { index: 1, count: 2 } });
    expect(gone.map(({ account }) => account)).toEqual(['test_003', 'test_004']);
    expect(await readAccounts('4luaKsL2', 1, 3)).toEqual(['test_001', 'test_005', 'test_006']);
  });

  it('waits for the call it is meant for', async () => {
    sandbox.control.change({ appId: 'Single01', remove: { index: 0 }, beforeCall: 2 });
    expect(await readAccounts('Single01')).toEqual(['single01_001']);
    expect(await readAccounts('Single01')).toEqual([]);
  });

  it('knows no app but those served', () => {
    expect(() => sandbox.control.change({ appId: 'nobodys', insert: 1 })).toThrow(
      'appId: expected one of 4luaKsL2, Empty000, Single01, Full0100, Over0101, Large10k',
    );
  });
});

describe('control.onCall', () => {
  it('runs before the answer is made, until it is stopped', async () => {
    const stop = sandbox.control.onCall((query) => {
      if (query?.current === 2) sandbox.control.change({ appId: query.appId, remove: { index: 0 } });
    });
    expect(await readAccounts('4luaKsL2', 1, 2)).toEqual(['test_001', 'test_002']);
    expect(await readAccounts('4luaKsL2', 2, 2)).toEqual(['test_004', 'test_005']);
    stop();
    expect(await readAccounts('4luaKsL2', 2, 2)).toEqual(['test_004', 'test_005']);
  });
});

describe('control.reset', () => {
  it('puts everything back to the start', async () => {
    const { control } = sandbox;
    control.setQuirks({ numericStatus: true, unknownApp: 'empty' });
    control.fail({ fault: 'hang', times: 'always' });
    control.change({ appId: '4luaKsL2', remove: { index: 0 }, beforeCall: 1 });
    control.change({ appId: '4luaKsL2', remove: { index: 0 } });
    control.reset();
    expect(await readAccounts('4luaKsL2', 1, 1)).toEqual(['test_001']);
    expect(control.quirks).toMatchObject({ numericStatus: false, unknownApp: 'reject' });
  });
});

describe('/control', () => {
  it('shows the quirks, the failures pending and the counters', async () => {
    sandbox.control.fail({ fault: 'hang' });
    const { status, json } = await steer('GET', '');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      quirks: { latencyMs: 0 },
      failures: [{ fault: 'hang' }],
      calls: { total: 0 },
    });
  });

  it('changes quirks with PATCH and puts everything back with DELETE', async () => {
    await steer('PATCH', '', { ties: { batchSize: 7 }, clockSkewSeconds: -600 });
    expect(sandbox.control.quirks).toMatchObject({ ties: { batchSize: 7 }, clockSkewSeconds: -600 });
    await steer('DELETE', '');
    expect(sandbox.control.quirks).toMatchObject({ ties: null, clockSkewSeconds: 0 });
  });

  it('adds and clears failures', async () => {
    const failure = { fault: 'http', httpStatus: 503, retryAfter: 1, times: 3, appId: '4luaKsL2' };
    expect((await steer('POST', '/failures', failure)).json).toEqual({ failures: [failure] });
    expect((await steer('DELETE', '/failures')).json).toEqual({ failures: [] });
    expect(sandbox.control.failures).toEqual([]);
  });

  it('changes phones, at once or later', async () => {
    const now = await steer('POST', '/changes', { appId: 'Single01', insert: [{ account: 'x' }], at: 1 });
    expect(now).toEqual({ status: 200, json: { phones: [{ account: 'x' }] } });
    const later = { appId: 'Single01', remove: { accounts: ['single01_001'] }, beforeCall: 1 };
    expect((await steer('POST', '/changes', later)).json).toEqual({ phones: [] });
    expect(await readAccounts('Single01')).toEqual(['x']);
  });

  it('shows the calls and counts anew', async () => {
    await readAccounts('Single01');
    expect((await steer('GET', '/calls')).json).toMatchObject({
      total: 1,
      byApp: { Single01: 1 },
      recent: [{ appId: 'Single01', current: 1, size: 5, status: '0', fault: null }],
    });
    expect((await steer('DELETE', '/calls')).json).toMatchObject({ total: 0, recent: [] });
  });

  it.each([
    [
      'PATCH',
      '',
      { latencyMs: 'x', unknown: 1 },
      'latencyMs: expected a whole number of milliseconds from 0 to 2147483647; unknown: unknown',
    ],
    ['PATCH', '', [], 'expected a JSON object'],
    ['PATCH', '', undefined, 'expected a JSON object'],
    ['POST', '/failures', { fault: 'http' }, 'httpStatus: required with http'],
    ['POST', '/changes', { appId: 'Single01' }, 'expected insert, remove or edit'],
    [
      'POST',
      '/changes',
      { appId: 'Single01', insert: [{}] },
      'insert: expected a number up to 100000 or a list of phones',
    ],
    [
      'POST',
      '/changes',
      { appId: 'Single01', insert: 100_001 },
      'insert: expected a number up to 100000 or a list of phones',
    ],
    [
      'PATCH',
      '',
      { extraHeaders: { x: 'a\nb' } },
      'extraHeaders: expected an object of names and texts that headers can have',
    ],
    [
      'POST',
      '/failures',
      { fault: 'http', httpStatus: 503, retryAfter: 'a\nb' },
      'retryAfter: expected seconds, or a text that a header can hold',
    ],
  ])('answers %s %s with 400 and what is wrong: %j', async (method, path, input, error) => {
    expect(await steer(method, path, input)).toEqual({ status: 400, json: { error } });
  });

  it('answers a body that is no JSON with 400', async () => {
    const answer = await fetchRaw(sandbox.controlUrl, { method: 'PATCH', body: '{' });
    expect([answer.httpStatus, readText(answer)]).toEqual([400, '{"error":"the body is not JSON"}\n']);
  });

  it('names its routes to who asks for another', async () => {
    const { status, json } = await steer('GET', '/elsewhere');
    expect(status).toBe(404);
    expect(json).toMatchObject({ routes: expect.arrayContaining(['POST /control/failures']) });
  });
});
