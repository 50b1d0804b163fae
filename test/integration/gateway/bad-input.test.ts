import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';

const APP = '4luaKsL2';
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('an argument that cannot be right', () => {
  let gateway: ServedGateway;
  let cursor: string;
  let foreignCursor: string;

  beforeAll(async () => {
    gateway = await serveGateway();
    [cursor, foreignCursor] = [await readEndCursor(gateway, APP), await readEndCursor(gateway, 'Full0100')];
  });
  afterEach(async () => {
    // The next request is answered.
    const { json } = await gateway.post({ query: `{ app(appId: "${APP}") { name } }` });
    expect(json.data).toEqual({ app: { name: 'Sample' } });
  });
  afterAll(() => gateway.close());

  async function expectRefusal(field: string, path: readonly string[], extensions: object): Promise<void> {
    const before = gateway.sandbox.calls.total;
    const { status, json } = await gateway.post({ query: `{ apps { appId } ${field} }` });
    expect(status).toBe(200);
    expect(json.errors).toMatchObject([{ path, extensions: { ...extensions, retryable: false } }]);
    expect(json.errors).toHaveLength(1);
    expect(json.data.apps).toHaveLength(6);
    expect(gateway.sandbox.calls.total).toBe(before);
    expect(json.extensions.itnio.calls).toBe(0);
  }

  const phones = (args: string) => `app(appId: "${APP}") { phones(${args}) { nodes { account } } }`;

  it.each([
    ['first: -1', 'first'],
    ['first: 101', 'first'],
    ['last: -1', 'last'],
    ['last: 101', 'last'],
    ['first: 1, last: 1', 'last'],
  ])('is refused: %s', async (args, argument) => {
    await expectRefusal(phones(args), ['app', 'phones'], { code: 'BAD_USER_INPUT', argument });
  });

  it.each(['first', 'last'])('is refused although only the count is asked: %s', async (argument) => {
    const field = `app(appId: "${APP}") { phones(${argument}: 101) { totalCount } }`;
    await expectRefusal(field, ['app', 'phones'], { code: 'BAD_USER_INPUT', argument });
  });

  it.each(['garbage', 'null', 'x'.repeat(52), 'x'.repeat(10_000)])(
    'is refused: a cursor %p',
    async (text) => {
      for (const argument of ['after', 'before'])
        await expectRefusal(phones(`${argument}: "${text}"`), ['app', 'phones'], {
          code: 'INVALID_CURSOR',
          argument,
        });
    },
  );

  it('is refused: a cursor of which any one letter is another', async () => {
    for (let at = 0; at < cursor.length; at++) {
      const other = BASE64URL[(BASE64URL.indexOf(cursor.charAt(at)) + 1) % 64];
      const changed = cursor.slice(0, at) + other + cursor.slice(at + 1);
      await expectRefusal(phones(`after: "${changed}"`), ['app', 'phones'], {
        code: 'INVALID_CURSOR',
        argument: 'after',
      });
    }
  });

  it('is refused: another app’s cursor', async () => {
    await expectRefusal(phones(`after: "${foreignCursor}"`), ['app', 'phones'], {
      code: 'FOREIGN_CURSOR',
      argument: 'after',
    });
  });

  it.each([
    ['an app id of 10,000 characters', `app(appId: "${'x'.repeat(10_000)}") { name }`, 'app', 'appId'],
    ['an empty app id', 'app(appId: "") { name }', 'app', 'appId'],
    ['a line break in an app id', 'app(appId: "a\\nb") { name }', 'app', 'appId'],
    [
      'an account of 8,193 characters',
      `sipPhone(appId: "${APP}", account: "${'x'.repeat(8_193)}") { id }`,
      'sipPhone',
      'account',
    ],
    ['an empty account', `sipPhone(appId: "${APP}", account: "") { id }`, 'sipPhone', 'account'],
  ])('is refused: %s', async (_, field, root, argument) => {
    await expectRefusal(field, [root], { code: 'BAD_USER_INPUT', argument });
  });

  it('is refused as a whole list: 101 accounts', async () => {
    const accounts = '"x" '.repeat(101);
    await expectRefusal(
      `app(appId: "${APP}") { phonesByAccount(accounts: [${accounts}]) { id } }`,
      ['app', 'phonesByAccount'],
      { code: 'BAD_USER_INPUT', argument: 'accounts' },
    );
  });

  it('is refused with all the answer, since the list may not be null: 101 ids', async () => {
    const before = gateway.sandbox.calls.total;
    const query = 'query ($list: [ID!]!) { nodes(ids: $list) { id } }';
    const { json } = await gateway.post({ query, variables: { list: Array(101).fill('x') } });
    expect(json.data).toBeNull();
    expect(json.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(gateway.sandbox.calls.total).toBe(before);
  });
});

async function readEndCursor({ post }: ServedGateway, appId: string): Promise<string> {
  const query = `{ app(appId: "${appId}") { phones(first: 5) { pageInfo { endCursor } } } }`;
  const { json } = await post({ query });
  return json.data.app.phones.pageInfo.endCursor;
}
