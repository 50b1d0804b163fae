import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SCOPES } from '../../../src/domain/caller.ts';
import type { SipRecord } from '../../../src/sandbox/sip-record.ts';
import {
  createOtherUpstream,
  DIFFERENCES,
  type Difference,
  type OtherUpstream,
  type StoredPhone,
} from '../../support/other-upstream.ts';
import { type ServedGateway, serveGateway } from '../../support/served-gateway.ts';
import { createTabQuery } from '../../support/tab-walk.ts';

// A hundred requests a difference.
jest.setTimeout(60_000);

const CREDENTIALS = { apiKey: 'bDqJFiq9', apiSecret: '7bz1lzh9' };
const VARIABLES = {
  ITNIO_API_KEY: CREDENTIALS.apiKey,
  ITNIO_API_SECRET: CREDENTIALS.apiSecret,
  // The last one is known to neither vendor.
  ITNIO_APPS: '4luaKsL2=Sample,Empty000,Single01,Full0100,Over0101,Nowhere0',
  PHONES_CACHE_TTL_MS: '0',
};
const APP_IDS = ['4luaKsL2', 'Empty000', 'Single01', 'Full0100', 'Over0101'];

/** Only this one may change how much is asked: the vendor gives less at a time. */
const CLAMP: Difference = 'at most 50 rows on a page';

/** Everything at once, as far as it goes together: a number that is not there is not there in one way. */
const TOGETHER = DIFFERENCES.filter(
  (difference) => difference !== 'no displayNum is null' && difference !== 'no displayNum is ""',
);

describe('an upstream that keeps to the vendor’s page in another way than the sandbox', () => {
  let other: OtherUpstream;
  let stored: ReadonlyMap<string, readonly StoredPhone[]>;
  let expected: Answers;

  const serve = (baseUrl?: string) =>
    serveGateway({
      variables: { ...VARIABLES, ...(baseUrl === undefined ? {} : { ITNIO_BASE_URL: baseUrl }) },
      config: { anonymousScopes: new Set(SCOPES) },
    });

  beforeAll(async () => {
    other = await createOtherUpstream(CREDENTIALS);
    const reference = await serve();
    const { control, calls } = reference.sandbox;
    stored = new Map(APP_IDS.map((appId) => [appId, control.getPhones(appId).map(toStoredPhone)]));
    control.setQuirks({ unknownApp: 'reject' });
    expected = await collectAnswers(
      reference,
      () => calls.total,
      () => control.change({ appId: '4luaKsL2', remove: { index: 0, count: 430 } }),
    );
    await reference.close();
  });
  afterAll(() => other.close());

  /** What a gateway that was just started answers in front of the other upstream. */
  async function collectFromOther(differences: readonly Difference[]): Promise<Answers> {
    other.differ(...differences);
    for (const [appId, phones] of stored) other.lists.set(appId, phones);
    const gateway = await serve(other.baseUrl);
    const collected = await collectAnswers(
      gateway,
      () => other.callCount,
      () => other.lists.set('4luaKsL2', stored.get('4luaKsL2')?.slice(430) ?? []),
    );
    await gateway.close();
    return collected;
  }

  it('is asked for what is worth comparing', () => {
    expect(expected.answers.length).toBeGreaterThan(50);
    expect(expected.answers.flatMap(({ codes }) => codes)).toEqual([
      'UPSTREAM_REJECTED',
      'BAD_USER_INPUT',
      'CURSOR_EXPIRED',
    ]);
  });

  it.each<[string, readonly Difference[]]>([
    ['nothing but its code', []],
    ...DIFFERENCES.filter((each) => each !== CLAMP).map((each): [string, Difference[]] => [each, [each]]),
    ['all of them but the clamp', TOGETHER.filter((each) => each !== CLAMP)],
  ])('gives the same answers for the same calls: %s', async (_, differences) => {
    const { answers, calls } = await collectFromOther(differences);
    for (const [index, answer] of answers.entries()) expect(answer).toEqual(expected.answers[index]);
    expect([answers.length, calls]).toEqual([expected.answers.length, expected.calls]);
  });

  it.each<[string, readonly Difference[]]>([
    [CLAMP, [CLAMP]],
    ['all of them', TOGETHER],
  ])('gives the same answers, for more calls: %s', async (_, differences) => {
    const { answers, calls } = await collectFromOther(differences);
    for (const [index, answer] of answers.entries()) expect(answer).toEqual(expected.answers[index]);
    expect(answers).toHaveLength(expected.answers.length);
    expect(calls).toBeGreaterThan(expected.calls);
  });

  it('is never asked for what it does not know, nor sent a cookie', () => {
    // Only the app that is known to neither.
    expect(new Set(other.complaints)).toEqual(new Set(['a call was answered with -22']));
  });
});

function toStoredPhone({ account, phoneName, groupName, displayNum, password }: SipRecord): StoredPhone {
  return {
    account,
    phoneName: phoneName ?? null,
    groupName: groupName ?? null,
    displayNum: displayNum || null,
    password: password ?? null,
  };
}

interface Answers {
  readonly answers: readonly { readonly data: unknown; readonly codes: readonly string[] }[];
  /** Vendor calls that they took. */
  readonly calls: number;
}

/** Asks a gateway everything: windows of several sizes in both directions to the end, and all ways to a phone. */
async function collectAnswers(
  { post }: ServedGateway,
  countCalls: () => number,
  shrink: () => unknown,
): Promise<Answers> {
  const answers: { data: unknown; codes: string[] }[] = [];
  const before = countCalls();

  async function ask(query: string, variables: object = {}) {
    const { json } = await post({ query, variables });
    const errors: { path: unknown; extensions: { code: string } }[] = json.errors ?? [];
    answers.push({ data: json.data, codes: errors.map(({ extensions }) => extensions.code) });
    return json.data;
  }

  async function walk(name: 'Forward' | 'Backwards', appId: string, size: number): Promise<string | null> {
    const query = createTabQuery(name, appId, size);
    let cursor: string | null = null;
    for (;;) {
      const data = await ask(query, name === 'Forward' ? { after: cursor } : { before: cursor });
      const { hasNextPage, hasPreviousPage, endCursor, startCursor } = data.app.phones.pageInfo;
      if (!(hasNextPage ?? hasPreviousPage)) return cursor;
      cursor = endCursor ?? startCursor;
    }
  }

  let cursor: string | null = null;
  for (const appId of APP_IDS) {
    for (const size of appId === '4luaKsL2' ? [45, 100] : [100]) {
      const last = await walk('Forward', appId, size);
      cursor ??= last;
      await walk('Backwards', appId, size);
    }
    await ask(`{ app(appId: "${appId}") { phones { totalCount } } }`);
    await ask(
      `{ app(appId: "${appId}") { phones(first: 7) { nodes { account password } pageCursors { last { cursor } } } } }`,
    );
  }
  const numbered = await ask(
    '{ app(appId: "4luaKsL2") { phones(first: 10) { pageCursors { last { pageNumber cursor } } } } }',
  );
  const accounts = ['test_400', 'nobody', 'test_002', 'test_437'];
  await ask(
    'query ($accounts: [String!]!) { app(appId: "4luaKsL2") { phonesByAccount(accounts: $accounts) { id account phoneName groupName displayNum password } } }',
    { accounts },
  );
  await ask(
    'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on SipPhone { account app { name } } } }',
    { representations: accounts.map((account) => ({ __typename: 'SipPhone', appId: '4luaKsL2', account })) },
  );
  await ask('{ node(id: "U2lwUGhvbmU6ODo0bHVhS3NMMnRlc3RfMDAx") { id ... on SipPhone { account } } }');
  await ask(
    '{ app(appId: "4luaKsL2") { a: phones(first: 5) { nodes { account } } b: phones(last: 5) { nodes { account } } } }',
  );
  await ask('{ apps { appId name } app(appId: "Nowhere0") { name phones { totalCount } } }');
  await ask('{ app(appId: "4luaKsL2") { phones(first: 101) { totalCount } } }');

  // Most of the list goes: what was page 44 now lies behind the end, and the row of the cursor is nowhere.
  shrink();
  const after = numbered.app.phones.pageCursors.last.cursor;
  await ask(createTabQuery('Forward', '4luaKsL2'), { after });
  await ask(createTabQuery('Forward', '4luaKsL2'), { after: cursor });
  await walk('Forward', '4luaKsL2', 20);
  return { answers, calls: countCalls() - before };
}
