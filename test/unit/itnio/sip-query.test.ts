import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UpstreamBadResponseError } from '../../../src/errors/upstream-errors.ts';
import { decodeSipPage, sipQueryEndpoint } from '../../../src/itnio/sip-query.ts';

const QUERY = { appId: '4luaKsL2', current: 1, size: 20 };

const SAMPLE_RECORD = {
  groupName: 'sipGroup',
  phoneName: 'sip-1',
  account: 'test_001',
  password: 'LX9FZdF2',
  displayNum: '861000000',
};
const SAMPLE = { total: 5, size: 20, current: 1, pages: 1, records: [SAMPLE_RECORD] };

const decode = (changes: object) => decodeSipPage({ ...SAMPLE, ...changes }, QUERY);
const decodeRecord = (changes: object) => decode({ records: [{ ...SAMPLE_RECORD, ...changes }] });
const reveal = (page: ReturnType<typeof decodeSipPage>) =>
  page.passwords.map((password) => password?.reveal() ?? null);

describe('sipQueryEndpoint', () => {
  it('encodes a query as the vendor documents it', () => {
    expect(sipQueryEndpoint.encode({ appId: '4luaKsL2', current: 2, size: 100 })).toBe(
      '{"current":2,"size":100,"params":{"appId":"4luaKsL2"}}',
    );
  });
});

describe('decodeSipPage', () => {
  it("reads the vendor's own sample", () => {
    const page = decodeSipPage(SAMPLE, QUERY);
    expect(page).toMatchObject({ total: 5, size: 20, current: 1 });
    expect(page.phones).toEqual([
      {
        appId: '4luaKsL2',
        account: 'test_001',
        phoneName: 'sip-1',
        groupName: 'sipGroup',
        displayNum: '861000000',
      },
    ]);
    expect(reveal(page)).toEqual(['LX9FZdF2']);
  });

  it('keeps rows and passwords side by side', () => {
    const records = [
      { ...SAMPLE_RECORD, account: 'a', password: 'pa' },
      { ...SAMPLE_RECORD, account: 'b', password: null },
      { ...SAMPLE_RECORD, account: 'c', password: 'pc' },
    ];
    const page = decode({ records });
    expect(page.phones.map(({ account }) => account)).toEqual(['a', 'b', 'c']);
    expect(reveal(page)).toEqual(['pa', null, 'pc']);
  });

  it('shows no password when a page is printed or stringified', () => {
    const page = decodeSipPage(SAMPLE, QUERY);
    expect(inspect(page, { depth: 9, showHidden: true }) + JSON.stringify(page)).not.toContain('LX9FZdF2');
  });

  it.each(['phoneName', 'groupName', 'displayNum'] as const)(
    'makes null of a %s that says nothing',
    (field) => {
      for (const nothing of [undefined, null, '']) {
        expect(decodeRecord({ [field]: nothing }).phones[0]?.[field]).toBeNull();
      }
    },
  );

  it.each([[undefined], [null]])('makes null of a password that is %s', (password) => {
    expect(decodeRecord({ password }).passwords).toEqual([null]);
  });

  it.each([
    ['numeric strings', { total: '5', size: '20', current: '1', pages: '1' }],
    ['unknown keys', { searchCount: true, orders: [] }],
    ['no page count', { pages: undefined }],
  ])('accepts %s', (_, changes) => {
    expect(decode(changes)).toMatchObject({ total: 5, size: 20, current: 1 });
  });

  it('ignores unknown keys of a record, an app id included', () => {
    expect(decodeRecord({ appId: 'other', id: 7 }).phones).toEqual(decode({}).phones);
  });

  it.each([
    ['an empty list', { total: 0, records: [] }],
    ['null', { total: 0, records: null }],
    ['nothing', { total: 0, records: undefined }],
  ])('reads %s with a total of 0 as no phones', (_, changes) => {
    expect(decode(changes)).toMatchObject({ total: 0, phones: [], passwords: [] });
  });

  it('leaves it to the caller to compare the echo with the query', () => {
    expect(decode({ current: 7, size: 3, total: 1000 })).toMatchObject({ current: 7, size: 3, total: 1000 });
  });

  it.each([
    ['no data', undefined],
    ['null', null],
    ['a list', [SAMPLE]],
    ['a text', 'hunter2'],
  ])('refuses %s', (_, data) => {
    expect(() => decodeSipPage(data, QUERY)).toThrow(
      expect.objectContaining({ fault: 'data: expected an object', mayPass: false }),
    );
  });

  it.each(['total', 'size', 'current', 'pages'])('refuses a %s that is no whole number', (count) => {
    for (const value of [
      -1,
      1.5,
      1e300,
      Number.NaN,
      true,
      '',
      '-1',
      '1.0',
      ' 1',
      '0x1',
      '1e2',
      '9'.repeat(16),
      [],
      {},
    ]) {
      expect(() => decode({ [count]: value })).toThrow(
        expect.objectContaining({ fault: `data.${count}: expected a whole number`, mayPass: false }),
      );
    }
  });

  it.each(['total', 'size', 'current'])('refuses an answer without %s', (count) => {
    for (const value of [undefined, null]) {
      expect(() => decode({ [count]: value })).toThrow(
        expect.objectContaining({ fault: `data.${count}: expected a whole number` }),
      );
    }
  });

  it.each([[null], [undefined]])(
    'refuses records that are %s beside a total, as what may pass',
    (records) => {
      expect(() => decode({ records })).toThrow(
        expect.objectContaining({
          fault: 'data.records: expected an array, as data.total is above 0',
          mayPass: true,
        }),
      );
    },
  );

  it.each([['hunter2'], [{}], [0], [false], ['']])('refuses records that are %p', (records) => {
    expect(() => decode({ total: 0, records })).toThrow(
      expect.objectContaining({ fault: 'data.records: expected an array', mayPass: false }),
    );
  });

  it.each([[null], ['hunter2'], [7], [[]]])('refuses a record that is %p', (record) => {
    expect(() => decode({ records: [SAMPLE_RECORD, record] })).toThrow(
      expect.objectContaining({ fault: 'data.records[1]: expected an object', mayPass: false }),
    );
  });

  it.each([[undefined], [null], [''], [7], [{}]])('refuses an account that is %p', (account) => {
    const records = [SAMPLE_RECORD, SAMPLE_RECORD, SAMPLE_RECORD, { ...SAMPLE_RECORD, account }];
    expect(() => decode({ records })).toThrow(
      expect.objectContaining({ fault: 'data.records[3].account: expected a non-empty string' }),
    );
  });

  it('refuses an account with half a character', () => {
    expect(() => decodeRecord({ account: 'a\ud800' })).toThrow(
      expect.objectContaining({ fault: 'data.records[0].account: must be well-formed Unicode' }),
    );
  });

  it.each(['phoneName', 'groupName', 'displayNum', 'password'])('refuses a %s of another type', (field) => {
    for (const value of [861000000, 0, false, ['x'], {}]) {
      expect(() => decodeRecord({ [field]: value })).toThrow(
        expect.objectContaining({
          fault: `data.records[0].${field}: expected a string or null`,
          mayPass: false,
        }),
      );
    }
  });

  it('never says what stood in the place of a fault, whatever the answer', () => {
    const anything = fc.anything({ values: [fc.constant('hunter2'), fc.integer(), fc.constant(null)] });
    const record = fc.record(
      { account: anything, password: anything, phoneName: anything, displayNum: anything },
      { requiredKeys: [] },
    );
    const page = fc.record(
      { total: anything, size: fc.nat(), current: fc.nat(), records: fc.oneof(anything, fc.array(record)) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(anything, page), (data) => {
        try {
          decodeSipPage(data, QUERY);
        } catch (error) {
          expect(error).toBeInstanceOf(UpstreamBadResponseError);
          expect(inspect(error)).not.toContain('hunter2');
        }
      }),
    );
  });
});
