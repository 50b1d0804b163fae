import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Quirks } from '../../../src/sandbox/quirks.ts';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { askFor, callSipQuery, type RawAnswer, readText } from './raw-client.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = createSandbox();
  await sandbox.listen();
});

afterEach(() => sandbox.close());

function callWith(quirks: Partial<Quirks>, appId = 'Single01', current = 1, size = 20): Promise<RawAnswer> {
  sandbox.control.setQuirks(quirks);
  return callSipQuery(sandbox.baseUrl, askFor(appId, current, size));
}

async function readWith(quirks: Partial<Quirks>, appId?: string, current?: number, size?: number) {
  return readText(await callWith(quirks, appId, current, size));
}

describe('quirks', () => {
  it('are none at first', async () => {
    const { headers, bytes } = await callWith({});
    expect(headers['set-cookie']).toBeUndefined();
    expect(bytes.toString('utf8')).toMatch(
      /^\{"status":"0","reason":" success","data":\{"total":1,"size":20,/,
    );
  });

  it('numbersAsStrings writes the counts as text', async () => {
    expect(await readWith({ numbersAsStrings: true }, 'Over0101', 2, 100)).toContain(
      '"data":{"total":"101","size":"100","current":"2","pages":"2","records":[{',
    );
  });

  it('numericStatus writes the status as a number, of a failure too', async () => {
    expect(await readWith({ numericStatus: true })).toMatch(/^\{"status":0,"reason":" success"/);
    expect(await readWith({}, '')).toBe('{"status":-22,"reason":"Parameter exception"}');
  });

  it('extraKeys adds a key at every level', async () => {
    const text = await readWith({ extraKeys: true });
    expect(text).toContain('"status":1,"remark":null}]');
    expect(text).toContain('"orders":[],"searchCount":true}');
    expect(text).toContain('"success":true');
  });

  it('nullDataOnFailure sends data: null', async () => {
    expect(await readWith({ nullDataOnFailure: true }, '')).toBe(
      '{"status":"-22","reason":"Parameter exception","data":null}',
    );
  });

  it('nullRecordsWhenEmpty sends records: null where the total is 0, and nowhere else', async () => {
    expect(await readWith({ nullRecordsWhenEmpty: true }, 'Empty000')).toContain(
      '"total":0,"size":20,"current":1,"pages":0,"records":null}',
    );
    expect(await readWith({}, 'Single01', 2)).toContain(
      '"total":1,"size":20,"current":2,"pages":1,"records":[]}',
    );
  });

  it('plainText labels good JSON as text', async () => {
    const { headers, bytes } = await callWith({ plainText: true });
    expect(headers['content-type']).toBe('text/plain;charset=UTF-8');
    expect(bytes.toString('utf8')).toMatch(/^\{"status":"0"/);
  });

  it('byteOrderMark puts the three bytes in front', async () => {
    const { bytes, headers } = await callWith({ byteOrderMark: true });
    expect(bytes.subarray(0, 4)).toEqual(Buffer.from([0xef, 0xbb, 0xbf, 0x7b]));
    expect(headers['content-length']).toBe(String(bytes.length));
  });

  it('sessionCookie sets JSESSIONID', async () => {
    const { headers } = await callWith({ sessionCookie: true });
    expect(headers['set-cookie']).toEqual(['JSESSIONID=5D1C0FFEE; Path=/; HttpOnly']);
  });

  it('lowerCaseHeaders writes our header names in lower case', async () => {
    const { rawHeaders } = await callWith({ lowerCaseHeaders: true, sessionCookie: true });
    expect(rawHeaders).toEqual(
      expect.arrayContaining(['date', 'content-type', 'content-length', 'set-cookie']),
    );
  });

  it('extraHeaders come with each answer and replace those of the sandbox', async () => {
    const { headers } = await callWith({ extraHeaders: { Age: '7', Date: 'Wed, 01 Sep 2021 05:00:00 GMT' } });
    expect([headers.age, headers.date]).toEqual(['7', 'Wed, 01 Sep 2021 05:00:00 GMT']);
  });

  it('latencyMs delays the answer, not the moment that it shows', async () => {
    sandbox.control.setQuirks({ latencyMs: 100 });
    const startedAt = performance.now();
    const pending = callSipQuery(sandbox.baseUrl, askFor('Single01', 1, 20));
    const answered = new Promise<void>((resolve) => {
      sandbox.control.onCall(() => queueMicrotask(resolve));
    });
    await answered;
    sandbox.control.change({ appId: 'Single01', insert: 1 });
    expect(readText(await pending)).toContain('"total":1,');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(99);
  });

  it('sizeClamp echoes the clamped size', async () => {
    expect(await readWith({ sizeClamp: { max: 2, mode: 'echo' } }, '4luaKsL2', 2)).toMatch(
      /"total":437,"size":2,"current":2,"pages":219,.*test_003.*test_004"[^{]*\}\]\}\}$/,
    );
  });

  it('sizeClamp may leave the second page empty', async () => {
    const quirks = { sizeClamp: { max: 5, mode: 'firstPageOnly' } } as const;
    expect(await readWith(quirks, '4luaKsL2', 2)).toContain('"size":5,"current":2,"pages":88,"records":[]');
  });

  it('sizeClamp may answer -22', async () => {
    const quirks = { sizeClamp: { max: 5, mode: 'reject' } } as const;
    expect(await readWith(quirks, '4luaKsL2', 1, 6)).toContain('"status":"-22"');
    expect(await readWith(quirks, '4luaKsL2', 1, 5)).toContain('"status":"0"');
  });

  it('overflowToFirstPage answers page 1 past the end', async () => {
    expect(await readWith({ overflowToFirstPage: true }, 'Over0101', 3, 100)).toMatch(
      /"total":101,"size":100,"current":1,"pages":2,"records":\[\{[^}]*"account":"over0101_001"/,
    );
  });

  it('ties answers the same rows to a call repeated, and other rows to a scroll than the list has', async () => {
    const first = await readWith({ ties: { batchSize: 30 } }, '4luaKsL2', 2);
    expect(await readWith({}, '4luaKsL2', 2)).toBe(first);
    expect(await readWith({ ties: null }, '4luaKsL2', 2)).not.toBe(first);
  });
});
