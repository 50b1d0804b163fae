import { describe, expect, it } from '@jest/globals';
import { parseSipQuery } from '../../../src/sandbox/parameters.ts';

const params = { appId: '4luaKsL2' };

describe('parseSipQuery', () => {
  it("reads the vendor's sample", () => {
    expect(parseSipQuery('{\n"current":1,\n"size":20,\n"params":{\n"appId":"4luaKsL2"\n}\n}')).toEqual({
      appId: '4luaKsL2',
      current: 1,
      size: 20,
    });
  });

  it.each([
    { current: 1, size: 1, params },
    { current: 2_147_483_647, size: 100, params },
    { current: 1, size: 1, params: { appId: 'ключ', other: 1 }, other: 2 },
  ])('accepts %j', (body) => {
    expect(parseSipQuery(JSON.stringify(body))).toEqual({
      appId: body.params.appId,
      current: body.current,
      size: body.size,
    });
  });

  it.each([
    [{ size: 20, params }],
    [{ current: null, size: 20, params }],
    [{ current: 0, size: 20, params }],
    [{ current: -1, size: 20, params }],
    [{ current: 1.5, size: 20, params }],
    [{ current: 2_147_483_648, size: 20, params }],
    [{ current: '1', size: 20, params }],
    [{ current: '', size: 20, params }],
    [{ current: 1, params }],
    [{ current: 1, size: 0, params }],
    [{ current: 1, size: 101, params }],
    [{ current: 1, size: '20', params }],
    [{ current: 1, size: 20 }],
    [{ current: 1, size: 20, params: null }],
    [{ current: 1, size: 20, params: [] }],
    [{ current: 1, size: 20, params: '4luaKsL2' }],
    [{ current: 1, size: 20, params: {} }],
    [{ current: 1, size: 20, params: { appId: null } }],
    [{ current: 1, size: 20, params: { appId: '' } }],
    [{ current: 1, size: 20, params: { appId: ' ' } }],
    [{ current: 1, size: 20, params: { appId: 7 } }],
    [{ current: 1, size: 20, appId: '4luaKsL2' }],
    [[]],
    [null],
    ['text'],
  ])('refuses %j', (body) => {
    expect(parseSipQuery(JSON.stringify(body))).toBeUndefined();
  });

  it.each(['', '{', '{"current":1,"size":20,"params":{"appId":"4luaKsL2"}'])(
    'refuses the text %j',
    (text) => {
      expect(parseSipQuery(text)).toBeUndefined();
    },
  );
});
