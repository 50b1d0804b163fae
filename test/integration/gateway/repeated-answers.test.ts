import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const PHONES = Array.from({ length: 5 }, (_, index) => ({
  account: `account-${index}`,
  phoneName: `name ${index}`,
  groupName: null,
  displayNum: null,
  password: `secret-${index}`,
}));

const SELECTION =
  'totalCount pageInfo { hasNextPage } edges { cursor node { id account phoneName app { id } } }';
const pageOf = (appId: string, args = 'first: 3') => ({
  query: `{ app(appId: "${appId}") { id phones(${args}) { ${SELECTION} } } }`,
});

/** Often enough that what is made of a page is kept. */
const TIMES = 6;

describe('an answer of the vendor that comes again byte for byte', () => {
  let gateway: ServedGateway;
  beforeEach(async () => {
    gateway = await serveGateway({
      variables: { PHONES_CACHE_TTL_MS: '0' },
      apps: ['AppOne', 'AppTwo'].map((appId) => ({ appId, name: appId, phones: PHONES })),
    });
  });
  afterEach(() => gateway.close());

  const calls = () => gateway.sandbox.calls.total;

  async function askOften(body: object): Promise<unknown> {
    const answers = new Set<string>();
    for (let time = 0; time < TIMES; time++) answers.add((await gateway.post(body)).json.data);
    const [first, ...others] = [...answers];
    for (const other of others) expect(other).toEqual(first);
    return first;
  }

  it('is the same answer to the client, and costs the call that it is known by', async () => {
    await askOften(pageOf('AppOne'));
    expect(calls()).toBe(TIMES);
  });

  it('is no longer the same as soon as a phone has another name', async () => {
    await askOften(pageOf('AppOne'));
    gateway.sandbox.control.change({
      appId: 'AppOne',
      edit: { accounts: ['account-1'] },
      set: { phoneName: 'another' },
    });
    const { json } = await gateway.post(pageOf('AppOne'));
    expect(json.data.app.phones.edges[1].node).toMatchObject({ account: 'account-1', phoneName: 'another' });
  });

  it('is read for passwords each time, and they are those of now', async () => {
    const passwords = {
      query: '{ app(appId: "AppOne") { phones(first: 2) { nodes { account password } } } }',
    };
    await askOften(pageOf('AppOne', 'first: 2'));
    expect(await askOften(passwords)).toMatchObject({
      app: { phones: { nodes: [{ password: 'secret-0' }, { password: 'secret-1' }] } },
    });
    gateway.sandbox.control.change({
      appId: 'AppOne',
      edit: { accounts: ['account-1'] },
      set: { password: 'renewed' },
    });
    const { json } = await gateway.post(passwords);
    expect(json.data.app.phones.nodes).toEqual([
      { account: 'account-0', password: 'secret-0' },
      { account: 'account-1', password: 'renewed' },
    ]);
  });

  it("gives each app its own phones' ids and cursors", async () => {
    const one = await askOften(pageOf('AppOne'));
    const two = await askOften(pageOf('AppTwo'));
    const ids = (data: unknown) => JSON.stringify(data).match(/"(id|cursor)":"[^"]+"/g) ?? [];
    expect(ids(one)).toHaveLength(10);
    for (const id of ids(one)) expect(ids(two)).not.toContain(id);
  });

  it('says where a page goes on by the window, not by the page that was kept', async () => {
    await askOften(pageOf('AppOne', 'first: 3'));
    const { json } = await gateway.post(pageOf('AppOne', 'first: 5'));
    expect(json.data.app.phones.pageInfo).toEqual({ hasNextPage: false });
    expect(json.data.app.phones.edges).toHaveLength(5);
    const { cursor } = json.data.app.phones.edges[1];
    const next = await gateway.post(pageOf('AppOne', `first: 2, after: "${cursor}"`));
    expect(
      next.json.data.app.phones.edges.map(({ node }: { node: { account: string } }) => node.account),
    ).toEqual(['account-2', 'account-3']);
  });
});
