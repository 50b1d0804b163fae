import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { askFor, callSipQuery, fetchRaw, readText, signAt } from './raw-client.ts';

/** The moment of the vendor's own sample. */
const SAMPLE_SECONDS = 1630468800;
const AUTHENTICATION_ERROR = '{"status":"-1","reason":"Authentication error"}';
const TIMESTAMP_EXPIRES = '{"status":"-16","reason":"timestamp expires"}';
const PARAMETER_EXCEPTION = '{"status":"-22","reason":"Parameter exception"}';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = createSandbox({ now: () => SAMPLE_SECONDS * 1000 });
  await sandbox.listen();
});

afterEach(() => sandbox.close());

async function call(
  body: unknown,
  headers: Record<string, string> = signAt(SAMPLE_SECONDS),
): Promise<string> {
  return readText(await callSipQuery(sandbox.baseUrl, body, { headers }));
}

describe('POST /voice/sipQuery', () => {
  it("answers in the shape and key order of the vendor's sample", async () => {
    expect(await call(askFor('4luaKsL2', 1, 1))).toBe(
      '{"status":"0","reason":" success","data":{"total":437,"size":1,"current":1,"pages":437,' +
        '"records":[{"groupName":"sipGroup","phoneName":"sip-1","account":"test_001","password":"LX9FZdF2","displayNum":"861000000"}]}}',
    );
  });

  it("accepts the headers of the vendor's sample", async () => {
    const headers = {
      'Content-Type': 'application/json;charset=UTF-8',
      Sign: '05d7a50893e22a5c4bb3216ae3396c7c',
      Timestamp: '1630468800',
      'Api-Key': 'bDqJFiq9',
    };
    expect(await call(askFor('4luaKsL2', 1, 20), headers)).toContain('"status":"0"');
  });

  it('is HTTP 200 with JSON for a success and for a business failure', async () => {
    for (const size of [20, 0]) {
      const { httpStatus, headers } = await callSipQuery(sandbox.baseUrl, askFor('4luaKsL2', 1, size), {
        headers: signAt(SAMPLE_SECONDS),
      });
      expect([httpStatus, headers['content-type']]).toEqual([200, 'application/json;charset=UTF-8']);
    }
  });

  it("tells the time of the vendor's clock", async () => {
    sandbox.control.setQuirks({ clockSkewSeconds: 3600 });
    const { headers } = await callSipQuery(sandbox.baseUrl, askFor('4luaKsL2', 1, 20));
    expect(headers.date).toBe('Wed, 01 Sep 2021 05:00:00 GMT');
  });

  it.each([
    ['another key', { 'Api-Key': 'bDqJFiq8' }],
    ['another signature', { Sign: '05d7a50893e22a5c4bb3216ae3396c7d' }],
    ['a timestamp that was not signed', { Timestamp: '1630468801' }],
    ['an empty key', { 'Api-Key': '' }],
    ['an empty signature', { Sign: '' }],
    ['an empty timestamp', { Timestamp: '' }],
  ])('answers -1 to %s', async (_, headers) => {
    expect(await call(askFor('4luaKsL2', 1, 20), { ...signAt(SAMPLE_SECONDS), ...headers })).toBe(
      AUTHENTICATION_ERROR,
    );
  });

  it('answers -1 to an unsigned call', async () => {
    expect(await call(askFor('4luaKsL2', 1, 20), { 'Content-Type': 'application/json' })).toBe(
      AUTHENTICATION_ERROR,
    );
  });

  it.each([
    [-1801, TIMESTAMP_EXPIRES],
    [-1800, undefined],
    [1800, undefined],
    [1801, TIMESTAMP_EXPIRES],
  ])('answers a timestamp %i seconds off as half an hour allows', async (offset, failure) => {
    const answer = await call(askFor('Empty000', 1, 20), signAt(SAMPLE_SECONDS + offset));
    expect(answer).toBe(
      failure ??
        '{"status":"0","reason":" success","data":{"total":0,"size":20,"current":1,"pages":0,"records":[]}}',
    );
  });

  it('counts the half hour from its own clock', async () => {
    sandbox.control.setQuirks({ clockSkewSeconds: -3600 });
    expect(await call(askFor('4luaKsL2', 1, 20))).toBe(TIMESTAMP_EXPIRES);
    expect(await call(askFor('4luaKsL2', 1, 20), signAt(SAMPLE_SECONDS - 3600))).toContain('"status":"0"');
  });

  it('answers -22 to parameters that it cannot take', async () => {
    expect(await call(askFor('4luaKsL2', 1, 101))).toBe(PARAMETER_EXCEPTION);
  });

  it('answers an app that nobody has with an empty page, or -22 on request', async () => {
    expect(await call(askFor('nobodys', 1, 20))).toBe(
      '{"status":"0","reason":" success","data":{"total":0,"size":20,"current":1,"pages":0,"records":[]}}',
    );
    sandbox.control.setQuirks({ unknownApp: 'reject' });
    expect(await call(askFor('nobodys', 1, 20))).toBe(PARAMETER_EXCEPTION);
  });

  it.each([
    ['GET', 405],
    ['PUT', 405],
  ])('refuses %s', async (method, httpStatus) => {
    const answer = await fetchRaw(`${sandbox.baseUrl}/sipQuery`, { method, headers: signAt(SAMPLE_SECONDS) });
    expect(answer.httpStatus).toBe(httpStatus);
  });

  it.each([
    ['application/json', 200],
    ['APPLICATION/JSON; charset="utf-8"', 200],
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
  ])('answers the content type %s with %i', async (type, httpStatus) => {
    const headers = { ...signAt(SAMPLE_SECONDS), 'Content-Type': type };
    const answer = await callSipQuery(sandbox.baseUrl, askFor('4luaKsL2', 1, 1), { headers });
    expect(answer.httpStatus).toBe(httpStatus);
  });

  it('refuses a body of more than a megabyte', async () => {
    const answer = await callSipQuery(sandbox.baseUrl, 'x'.repeat(1024 * 1024), {
      headers: signAt(SAMPLE_SECONDS),
    });
    expect(answer.httpStatus).toBe(413);
  });

  it('is the only endpoint of the API', async () => {
    expect((await fetchRaw(`${sandbox.baseUrl}/sipReset`)).httpStatus).toBe(404);
  });
});

describe('a seed', () => {
  async function readAll(seed: string): Promise<string> {
    const other = createSandbox({ seed, now: () => SAMPLE_SECONDS * 1000 });
    await other.listen();
    const pages: string[] = [];
    for (const { appId } of other.apps) {
      for (const current of [1, 2, 5]) {
        const answer = await callSipQuery(other.baseUrl, askFor(appId, current, 100), {
          headers: signAt(SAMPLE_SECONDS),
        });
        pages.push(readText(answer));
      }
    }
    await other.close();
    return pages.join('\n');
  }

  it('gives the same bytes in every sandbox', async () => {
    expect(await readAll('a')).toBe(await readAll('a'));
  });

  it('gives other bytes than another seed', async () => {
    expect(await readAll('a')).not.toBe(await readAll('b'));
  });
});
