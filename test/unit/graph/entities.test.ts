import { describe, expect, it } from '@jest/globals';
import { QueryTooExpensiveError } from '../../../src/errors/request-errors.ts';
import { encodeGlobalId } from '../../../src/graph/global-id.ts';
import { createGraphFixture } from './graph-fixture.ts';

const QUERY = `query($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on App { appId name }
    ... on SipPhone { appId account phoneName }
  }
}`;
const appId = encodeGlobalId('sales');
const phoneId = encodeGlobalId('sales', 'test_001');

describe('Query._entities', () => {
  it('finds each type by each of its keys, in the order asked', async () => {
    const { ask, calls } = createGraphFixture();
    const representations = [
      { __typename: 'SipPhone', appId: 'sales', account: 'test_002' },
      { __typename: 'App', id: appId },
      { __typename: 'SipPhone', id: phoneId },
      { __typename: 'App', appId: 'empty' },
    ];
    expect(await ask(QUERY, { representations })).toEqual({
      data: {
        _entities: [
          { __typename: 'SipPhone', appId: 'sales', account: 'test_002', phoneName: 'name of test_002' },
          { __typename: 'App', appId: 'sales', name: 'Sales' },
          { __typename: 'SipPhone', appId: 'sales', account: 'test_001', phoneName: 'name of test_001' },
          { __typename: 'App', appId: 'empty', name: null },
        ],
      },
      errors: [],
    });
    expect(calls.map(([name]) => name)).toEqual(['loadPhone', 'loadPhone']);
  });

  it('asks for 100 phones of one app in one tick', async () => {
    let asked = 0;
    const { ask } = createGraphFixture(undefined, (phones) => ({
      ...phones,
      async loadPhone(id, account) {
        asked += 1;
        await Promise.resolve();
        expect(asked).toBe(100);
        return phones.loadPhone(id, account);
      },
    }));
    const representations = Array.from({ length: 100 }, (_, index) => ({
      __typename: 'SipPhone',
      appId: 'sales',
      account: `test_${index}`,
    }));
    expect((await ask(QUERY, { representations })).errors).toEqual([]);
  });

  it.each([
    ['a type that is none of ours', { __typename: 'User', id: appId }],
    ['a type of ours that is no entity', { __typename: 'PageInfo', id: appId }],
    ['an id of another type', { __typename: 'App', id: phoneId }],
    ['a garbage id', { __typename: 'SipPhone', id: 'garbage' }],
    ['an app that is not served', { __typename: 'App', appId: 'foreign' }],
    ['a phone of an app that is not served', { __typename: 'SipPhone', appId: 'foreign', account: 'a' }],
    ['nothing in particular', {}],
  ])('answers null for %s, without a look-up', async (_what, representation) => {
    const { ask, calls } = createGraphFixture();
    expect(await ask(QUERY, { representations: [representation, { __typename: 'App', id: appId }] })).toEqual(
      {
        data: { _entities: [null, { __typename: 'App', appId: 'sales', name: 'Sales' }] },
        errors: [],
      },
    );
    expect(calls).toEqual([]);
  });

  it.each([
    ['without a key', { __typename: 'SipPhone', appId: 'sales' }, 'representations'],
    ['with a key of a wrong type', { __typename: 'App', appId: 7 }, 'representations'],
    ['with an impossible app id', { __typename: 'App', appId: '' }, 'appId'],
    ['with an impossible account', { __typename: 'SipPhone', appId: 'sales', account: '' }, 'account'],
    ['that is a text', 'SipPhone', 'representations'],
  ])('refuses a representation %s in its place', async (_what, representation, argument) => {
    const { ask, calls } = createGraphFixture();
    expect(await ask(QUERY, { representations: [representation, { __typename: 'App', id: appId }] })).toEqual(
      {
        data: { _entities: [null, { __typename: 'App', appId: 'sales', name: 'Sales' }] },
        errors: [`_entities.0 BAD_USER_INPUT ${argument}`],
      },
    );
    expect(calls).toEqual([]);
  });

  describe('for a selection that follows from the key', () => {
    const ASK_KEYS = `query($representations: [_Any!]!, $no: Boolean = false) {
      _entities(representations: $representations) {
        __typename
        ...Keys
        ... on App { name phones { totalCount } }
        ... on SipPhone { ref: account app { name } phoneName @include(if: $no) password @skip(if: true) }
      }
    }
    fragment Keys on Node { id }`;

    it('answers a phone without the vendor, whether or not the vendor has it', async () => {
      const { ask, calls } = createGraphFixture([]);
      const representations = [
        { __typename: 'SipPhone', appId: 'sales', account: 'nobody' },
        { __typename: 'SipPhone', id: phoneId },
      ];
      expect(await ask(ASK_KEYS, { representations })).toEqual({
        data: {
          _entities: [
            {
              __typename: 'SipPhone',
              id: encodeGlobalId('sales', 'nobody'),
              ref: 'nobody',
              app: { name: 'Sales' },
            },
            { __typename: 'SipPhone', id: phoneId, ref: 'test_001', app: { name: 'Sales' } },
          ],
        },
        errors: [],
      });
      expect(calls).toEqual([]);
    });

    it('asks the vendor as soon as one field does not', async () => {
      const { ask, calls } = createGraphFixture();
      const representations = [{ __typename: 'SipPhone', appId: 'sales', account: 'nobody' }];
      expect(await ask(ASK_KEYS, { representations, no: true })).toEqual({
        data: { _entities: [null] },
        errors: [],
      });
      expect(calls).toEqual([['loadPhone', 'sales', 'nobody']]);
    });

    it.each([
      ['an app that is not served', { appId: 'foreign', account: 'a' }, []],
      ['an id of another type', { id: appId }, []],
      ['a garbage id', { id: 'garbage' }, []],
      ['an impossible app id', { appId: '', account: 'a' }, ['_entities.0 BAD_USER_INPUT appId']],
      ['an impossible account', { appId: 'sales', account: '' }, ['_entities.0 BAD_USER_INPUT account']],
    ])('answers null for %s', async (_what, key, errors) => {
      const { ask, calls } = createGraphFixture();
      const representations = [{ __typename: 'SipPhone', ...key }];
      expect(await ask(ASK_KEYS, { representations })).toEqual({ data: { _entities: [null] }, errors });
      expect(calls).toEqual([]);
    });
  });

  it('takes as many as there is room for, and fails each of the others in its place', async () => {
    const { ask, calls } = createGraphFixture(undefined, undefined, 2);
    const representations = Array(4).fill({ __typename: 'SipPhone', id: phoneId });
    const phone = {
      __typename: 'SipPhone',
      appId: 'sales',
      account: 'test_001',
      phoneName: 'name of test_001',
    };
    expect(await ask(QUERY, { representations })).toEqual({
      data: { _entities: [phone, phone, null, null] },
      errors: ['_entities.2 QUERY_TOO_MANY_ENTITIES', '_entities.3 QUERY_TOO_MANY_ENTITIES'],
    });
    expect(calls).toHaveLength(2);
  });

  it('fails those in their place for which no calls are left', async () => {
    const { ask } = createGraphFixture(undefined, (phones) => ({
      ...phones,
      async loadPhone(id, account) {
        if (account === 'test_002') throw new QueryTooExpensiveError(120);
        return phones.loadPhone(id, account);
      },
    }));
    const representations = ['test_001', 'test_002'].map((account) => ({
      __typename: 'SipPhone',
      appId: 'sales',
      account,
    }));
    expect((await ask(QUERY, { representations })).errors).toEqual(['_entities.1 QUERY_TOO_MANY_ENTITIES']);
  });

  it('leaves rows as they are, frozen ones too', async () => {
    const row = Object.freeze({
      appId: 'sales',
      account: 'frozen',
      phoneName: null,
      groupName: null,
      displayNum: null,
    });
    const { ask } = createGraphFixture(undefined, (phones) => ({ ...phones, loadPhone: async () => row }));
    const representations = [{ __typename: 'SipPhone', appId: 'sales', account: 'frozen' }];
    expect((await ask(QUERY, { representations })).data).toEqual({
      _entities: [{ __typename: 'SipPhone', appId: 'sales', account: 'frozen', phoneName: null }],
    });
  });
});
