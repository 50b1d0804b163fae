import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Failure, MalformedBody } from '../../../src/sandbox/failure.ts';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { askFor, callSipQuery, type RawAnswer, type RawRequest, readText } from './raw-client.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = createSandbox();
  await sandbox.listen();
});

afterEach(() => sandbox.close());

function callSpoilt(failure: Failure, options?: RawRequest): Promise<RawAnswer> {
  sandbox.control.fail(failure);
  return callSipQuery(sandbox.baseUrl, askFor('Over0101', 1, 2), options);
}

/** What the same call is answered when nothing is wrong. */
async function callWell(): Promise<RawAnswer> {
  return callSipQuery(sandbox.baseUrl, askFor('Over0101', 1, 2));
}

describe('a status fault', () => {
  it.each([
    [-1, '{"status":"-1","reason":"Authentication error"}'],
    [-2, '{"status":"-2","reason":"Restricted IP access"}'],
    [-15, '{"status":"-15","reason":"frequent query"}'],
    [-16, '{"status":"-16","reason":"timestamp expires"}'],
    [-18, '{"status":"-18","reason":"Port program unusual"}'],
    [-22, '{"status":"-22","reason":"Parameter exception"}'],
    [-99, '{"status":"-99","reason":"Unknown error"}'],
  ])('answers %i in the words of the vendor', async (status, text) => {
    const answer = await callSpoilt({ fault: 'status', status });
    expect([answer.httpStatus, readText(answer)]).toEqual([200, text]);
  });
});

describe('an http fault', () => {
  it.each([401, 403, 404, 408, 429, 500, 502, 503, 504])('answers %i with HTML', async (httpStatus) => {
    const answer = await callSpoilt({ fault: 'http', httpStatus });
    expect([answer.httpStatus, answer.headers['content-type'], answer.headers['retry-after']]).toEqual([
      httpStatus,
      'text/html;charset=UTF-8',
      undefined,
    ]);
  });

  it.each([
    [2, '2'],
    ['Wed, 01 Sep 2021 05:00:00 GMT', 'Wed, 01 Sep 2021 05:00:00 GMT'],
  ])('says Retry-After: %s', async (retryAfter, header) => {
    const { headers } = await callSpoilt({ fault: 'http', httpStatus: 429, retryAfter });
    expect(headers['retry-after']).toBe(header);
  });
});

describe('a redirect fault', () => {
  it('sends 307 to the location', async () => {
    const { httpStatus, headers } = await callSpoilt({ fault: 'redirect', location: 'http://127.0.0.1:9/' });
    expect([httpStatus, headers.location]).toEqual([307, 'http://127.0.0.1:9/']);
  });
});

describe('a total fault', () => {
  it.each([
    [1, '"total":102,"size":2,"current":1,"pages":51,"records":[{'],
    [-1, '"total":100,"size":2,"current":1,"pages":50,"records":[{'],
  ])('is off by %i, with the right rows', async (by, text) => {
    expect(readText(await callSpoilt({ fault: 'total', by }))).toContain(text);
  });
});

describe('a broken connection', () => {
  it('resetBeforeHeaders resets', async () => {
    const call = callSpoilt({ fault: 'resetBeforeHeaders' });
    await expect(call).rejects.toMatchObject({ code: 'ECONNRESET', message: 'read ECONNRESET' });
  });

  it('closeBeforeHeaders hangs up politely', async () => {
    const call = callSpoilt({ fault: 'closeBeforeHeaders' });
    await expect(call).rejects.toMatchObject({ code: 'ECONNRESET', message: 'socket hang up' });
  });

  it.each(['resetMidBody', 'truncated', 'truncatedChunks'] as const)(
    '%s ends after half of the body',
    async (fault) => {
      const { bytes: whole } = await callWell();
      const answer = await callSpoilt({ fault });
      expect([answer.httpStatus, answer.end]).toEqual([200, 'cut']);
      expect(answer.bytes).toEqual(whole.subarray(0, whole.length >> 1));
    },
  );

  it('truncated announces the length of the whole', async () => {
    const { bytes: whole } = await callWell();
    const { headers } = await callSpoilt({ fault: 'truncated' });
    expect(headers['content-length']).toBe(String(whole.length));
  });

  it('truncatedChunks sends no last chunk', async () => {
    const { headers } = await callSpoilt({ fault: 'truncatedChunks' });
    expect(headers['transfer-encoding']).toBe('chunked');
  });

  it('truncatedWithoutLength looks whole to HTTP', async () => {
    const { bytes: whole } = await callWell();
    const { headers, bytes, end } = await callSpoilt({ fault: 'truncatedWithoutLength' });
    expect([headers['content-length'], headers['transfer-encoding'], end]).toEqual([
      undefined,
      undefined,
      'whole',
    ]);
    expect(bytes).toEqual(whole.subarray(0, whole.length >> 1));
  });

  it('hang sends nothing', async () => {
    await expect(callSpoilt({ fault: 'hang' }, { patienceMs: 100 })).rejects.toMatchObject({
      code: 'silence',
    });
  });

  it('hangMidBody sends half and falls silent', async () => {
    const { bytes: whole } = await callWell();
    const { bytes, end } = await callSpoilt({ fault: 'hangMidBody' }, { patienceMs: 100 });
    expect([bytes.length, end]).toEqual([whole.length >> 1, 'silence']);
  });

  it('trickle sends a byte at a time and is never silent for long', async () => {
    const { bytes, end } = await callSpoilt({ fault: 'trickle' }, { bytesWanted: 3, patienceMs: 1000 });
    expect([bytes.toString('utf8'), end]).toEqual(['{"s', 'cut']);
  });
});

describe('a malformed body', () => {
  it.each<[MalformedBody, string | RegExp]>([
    ['html', /^<!DOCTYPE html>/],
    ['empty', /^$/],
    ['null', /^null$/],
    ['list', /^\[\]$/],
    ['dataMissing', /^\{"status":"0","reason":" success"\}$/],
    ['dataNotObject', /"data":"none"\}$/],
    ['totalMissing', /"data":\{"size":2,"current":1,"pages":51,/],
    ['totalNotNumber', /"total":"many"/],
    ['recordsNull', /"total":101,.*"records":null\}\}$/],
    ['recordsNotList', /"total":101,.*"records":\{\}\}\}$/],
    ['recordNotObject', /"records":\["sip",\{/],
    ['recordWithoutAccount', /"phoneName":"sip-1","password"/],
    ['accountEmpty', /"phoneName":"sip-1","account":"",/],
    ['accountNotText', /"phoneName":"sip-1","account":1001,/],
    ['passwordMissing', /"account":"over0101_001","displayNum"/],
    ['passwordNull', /"account":"over0101_001","password":null,/],
    ['accountTwice', /"account":"over0101_001".*"account":"over0101_001"/],
    ['tooManyRecords', /over0101_001.*over0101_002.*unasked_0.*unasked_1/],
    ['otherPage', /"current":2,.*over0101_001/],
  ])('%s is what it says', async (fault, text) => {
    const answer = await callSpoilt({ fault });
    expect([answer.httpStatus, answer.end]).toEqual([200, 'whole']);
    expect(readText(answer)).toMatch(text);
  });

  it('brokenJson lacks its end', async () => {
    const whole = readText(await callWell());
    expect(readText(await callSpoilt({ fault: 'brokenJson' }))).toBe(whole.slice(0, -2));
  });

  it('invalidUtf8 is no UTF-8, but JSON to a lenient reader', async () => {
    const { bytes } = await callSpoilt({ fault: 'invalidUtf8' });
    expect(() => new TextDecoder('utf8', { fatal: true }).decode(bytes)).toThrow();
    expect(bytes.toString('utf8')).toContain('"groupName":"\ufffd"');
  });

  it('tooLarge is over 5 MB, announces no length and is otherwise good', async () => {
    const { headers, bytes } = await callSpoilt({ fault: 'tooLarge' });
    expect(headers['content-length']).toBeUndefined();
    expect(bytes.length).toBeGreaterThan(5 * 1024 * 1024);
    expect(bytes.toString('utf8').trimStart()).toBe(readText(await callWell()));
  });

  it('tooLargeCompressed is small on the wire and over 5 MB behind it', async () => {
    const { headers, bytes } = await callSpoilt({ fault: 'tooLargeCompressed' });
    expect(headers['content-encoding']).toBe('gzip');
    expect(bytes.length).toBeLessThan(64 * 1024);
    expect(gunzipSync(bytes).length).toBeGreaterThan(5 * 1024 * 1024);
  });

  it('has a row to spoil even where the app has none', async () => {
    sandbox.control.fail({ fault: 'recordsNull' });
    expect(readText(await callSipQuery(sandbox.baseUrl, askFor('Empty000', 1, 20)))).toContain(
      '"total":1,"size":20,"current":1,"pages":1,"records":null',
    );
  });

  it('leaves a business failure as it is', async () => {
    sandbox.control.fail({ fault: 'accountTwice' });
    expect(readText(await callSipQuery(sandbox.baseUrl, askFor('Empty000', 0, 20)))).toBe(
      '{"status":"-22","reason":"Parameter exception"}',
    );
  });
});

describe('a failure', () => {
  it('is over after its times', async () => {
    sandbox.control.fail({ fault: 'http', httpStatus: 503, times: 2 });
    const statuses = [await callWell(), await callWell(), await callWell()].map(
      ({ httpStatus }) => httpStatus,
    );
    expect(statuses).toEqual([503, 503, 200]);
  });
});
