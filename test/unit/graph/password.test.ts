import { describe, expect, it } from '@jest/globals';
import { Secret } from '../../../src/domain/secret.ts';
import { UpstreamUnavailableError } from '../../../src/errors/upstream-errors.ts';
import { createSchema } from '../../../src/graph/schema.ts';
import { createGraphFixture } from './graph-fixture.ts';
import { listWaysToAPhone } from './ways-to-a-phone.ts';

interface SeenPhone {
  readonly path: string;
  readonly account: unknown;
  readonly password: unknown;
}

/** Finds the phones in an answer, in the order in which they stand there. */
function listPhones(value: unknown, path: readonly string[] = []): readonly SeenPhone[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('account' in value && 'password' in value)
    return [{ path: path.join('.'), account: value.account, password: value.password }];
  return Object.entries(value).flatMap(([key, child]) => listPhones(child, [...path, key]));
}

const WAYS = listWaysToAPhone(createSchema(), 'account password');

describe('the ways to a phone', () => {
  it('are these', () => {
    expect(WAYS.map(({ name }) => name).sort()).toEqual([
      'Query._entities (as App) App.phone',
      'Query._entities (as App) App.phones PhoneConnection.edges PhoneEdge.node',
      'Query._entities (as App) App.phones PhoneConnection.nodes',
      'Query._entities (as App) App.phonesByAccount',
      'Query._entities (as SipPhone)',
      'Query.app App.phone',
      'Query.app App.phones PhoneConnection.edges PhoneEdge.node',
      'Query.app App.phones PhoneConnection.nodes',
      'Query.app App.phonesByAccount',
      'Query.apps App.phone',
      'Query.apps App.phones PhoneConnection.edges PhoneEdge.node',
      'Query.apps App.phones PhoneConnection.nodes',
      'Query.apps App.phonesByAccount',
      'Query.node (as App) App.phone',
      'Query.node (as App) App.phones PhoneConnection.edges PhoneEdge.node',
      'Query.node (as App) App.phones PhoneConnection.nodes',
      'Query.node (as App) App.phonesByAccount',
      'Query.node (as SipPhone)',
      'Query.nodes (as App) App.phone',
      'Query.nodes (as App) App.phones PhoneConnection.edges PhoneEdge.node',
      'Query.nodes (as App) App.phones PhoneConnection.nodes',
      'Query.nodes (as App) App.phonesByAccount',
      'Query.nodes (as SipPhone)',
      'Query.sipPhone',
    ]);
  });

  describe.each(WAYS)('$name', ({ query }) => {
    it('gives the password to a caller with both scopes, and puts each on record', async () => {
      const { ask, audited, taken } = createGraphFixture(['phones:read', 'passwords:read']);
      const { data, errors } = await ask(query);
      const phones = listPhones(data);

      expect(errors).toEqual([]);
      expect(phones.length).toBeGreaterThan(0);
      expect(phones.map(({ password }) => password)).toEqual(
        phones.map(({ account }) => `password of ${account}`),
      );
      const read = audited.filter(([, outcome]) => outcome === 'read').map(([account]) => account);
      expect(read.toSorted()).toEqual(phones.map(({ account }) => account).toSorted());
      expect(taken.count).toBe(phones.length);
    });

    it('refuses the password alone to a caller who may only read phones', async () => {
      const { ask, audited, calls } = createGraphFixture(['phones:read']);
      const { data, errors } = await ask(query);
      const phones = listPhones(data);

      expect(phones.length).toBeGreaterThan(0);
      expect(phones.map(({ password }) => password)).toEqual(phones.map(() => null));
      expect(phones.map(({ account }) => account)).toEqual(phones.map(() => expect.stringMatching(/^test_/)));
      expect(errors.toSorted()).toEqual(phones.map(({ path }) => `${path}.password FORBIDDEN`).toSorted());
      expect(audited.toSorted()).toEqual(phones.map(({ account }) => [account, 'refused']).toSorted());
      expect(calls.filter(([name]) => name === 'loadPassword')).toEqual([]);
    });

    it.each([[[]], [['passwords:read' as const]]])('refuses phones to a caller with %j', async (scopes) => {
      const { ask, audited, calls } = createGraphFixture(scopes);
      const { data, errors } = await ask(query);

      expect(listPhones(data)).toEqual([]);
      expect(errors.length).toBeGreaterThan(0);
      expect(errors).toEqual(errors.map(() => expect.stringMatching(/ FORBIDDEN$/)));
      expect([calls, audited]).toEqual([[], []]);
    });
  });
});

describe('SipPhone.password', () => {
  const QUERY = '{ sipPhone(appId: "sales", account: "test_001") { account password } }';

  it('is null without an error where the vendor has none', async () => {
    const { ask } = createGraphFixture(undefined, (phones) => ({
      ...phones,
      loadPassword: async () => null,
    }));
    expect(await ask(QUERY)).toEqual({
      data: { sipPhone: { account: 'test_001', password: null } },
      errors: [],
    });
  });

  it('counts nothing against its caller where it cannot be read', async () => {
    const { ask, audited, taken } = createGraphFixture(undefined, (phones) => ({
      ...phones,
      loadPassword: () => Promise.reject(new UpstreamUnavailableError()),
    }));
    expect((await ask(QUERY)).errors).toEqual(['sipPhone.password UPSTREAM_UNAVAILABLE']);
    expect(audited.at(-1)).toEqual(['test_001', 'failed']);
    expect(taken.count).toBe(0);
  });

  it('is on record before it is read', async () => {
    const order: string[] = [];
    const fixture = createGraphFixture(undefined, (phones) => ({
      ...phones,
      loadPassword: async () => {
        order.push(...fixture.audited.map(([, outcome]) => outcome), 'loaded');
        return new Secret('s');
      },
    }));
    await fixture.ask(QUERY);
    expect(order).toEqual(['refused', 'failed', 'loaded']);
    expect(fixture.audited.at(-1)).toEqual(['test_001', 'read']);
  });
});
