import fc from 'fast-check';
import { type ExecutionArgs, parse } from 'graphql';
import type { GatewayContext } from '../../../src/context.ts';
import { UpstreamUnavailableError } from '../../../src/errors/upstream-errors.ts';
import { encodeGlobalId } from '../../../src/graph/global-id.ts';
import { createSchema } from '../../../src/graph/schema.ts';
import type { Phones } from '../../../src/phones/phones.ts';
import { createMemoryPhones, createPhone, type PhonesCall } from '../../support/memory-phones.ts';
import { createDice, type Dice } from './dice.ts';

/** The same request to the graph of the gateway, again and again, over fake phones: and what those were asked. */
export type CreateRequest = () => [args: ExecutionArgs, calls: readonly PhonesCall[]];

const schema = createSchema();
const ROWS = Array.from({ length: 12 }, (_, index) => createPhone('sales', `test_${index}`));
const APPS = [
  { appId: 'sales', name: 'Sal"es' },
  { appId: 'empty', name: null },
];

/** Half of them with phones that fail now and then. */
export const randomGatewayRequests: fc.Arbitrary<CreateRequest> = fc.nat().map((seed) => {
  const dice = createDice(seed);
  const document = parse(createText(dice));
  const variableValues = createVariables(dice);
  const failures = dice(2) * 25;
  const scopes = new Set(
    dice(3) === 0 ? (['phones:read'] as const) : (['phones:read', 'passwords:read'] as const),
  );
  return () => {
    const [phones, calls] = createMemoryPhones(ROWS);
    const contextValue: GatewayContext = {
      caller: { name: 'tester', scopes },
      apps: { list: () => APPS, find: (appId) => APPS.find((app) => app.appId === appId) },
      phones: failing(phones, createDice(seed), failures),
      audit: { note: () => undefined, takeOne: () => () => undefined },
      objects: { spend: () => undefined, countEntities: () => Number.POSITIVE_INFINITY },
    };
    return [{ schema, document, contextValue, variableValues }, calls];
  };
});

const PHONE_FIELDS = [
  'id',
  'appId',
  'account',
  'phoneName',
  'groupName',
  'displayNum',
  'password',
  '__typename',
];
const CONDITIONS = [
  '',
  '',
  '',
  '@skip(if: $no)',
  '@include(if: $yes)',
  '@skip(if: $yes)',
  '@include(if: $no)',
];
const WINDOWS = [
  '',
  '(first: $n)',
  '(first: 3, after: "1")',
  '(last: $n)',
  '(first: $n, after: $constructor)',
  '(first: -1)',
];

function createText(dice: Dice): string {
  const pick = (items: readonly string[]) => items[dice(items.length)] ?? '';
  const some = (make: () => string) => Array.from({ length: 1 + dice(4) }, make).join(' ');
  const phone = (depth: number): string =>
    some(() =>
      depth > 0 && dice(6) === 0
        ? `app ${pick(CONDITIONS)} { ${app(depth - 1)} }`
        : pick([
            `${pick(PHONE_FIELDS)} ${pick(CONDITIONS)}`,
            `...Phone ${pick(CONDITIONS)}`,
            'constructor: account',
          ]),
    );
  const connection = (depth: number): string =>
    some(() =>
      pick([
        `totalCount ${pick(CONDITIONS)}`,
        `edges ${pick(CONDITIONS)} { cursor node { ${phone(depth)} } }`,
        `nodes { ${phone(depth)} }`,
        'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }',
        'pageCursors { around { pageNumber cursor isCurrent } last { cursor } }',
        `...Count ${pick(CONDITIONS)}`,
      ]),
    );
  const app = (depth: number): string => {
    // Windows with other arguments need other names.
    const window = dice(WINDOWS.length);
    return some(() =>
      pick([
        `id ${pick(CONDITIONS)}`,
        'name',
        '__proto__: appId',
        `w${window}: phones${WINDOWS[window]} ${pick(CONDITIONS)} { ${connection(depth)} }`,
        `phone(account: "test_3") { ${phone(depth)} }`,
        `phonesByAccount(accounts: $accounts) { ${phone(depth)} }`,
      ]),
    );
  };
  const roots = some(() =>
    pick([
      `apps { ${app(1)} }`,
      `app(appId: $appId) { ${app(1)} }`,
      `sipPhone(appId: "sales", account: $account) { ${phone(1)} }`,
      `node(id: $id) { __typename id ... on SipPhone { ${phone(1)} } ... on App { ${app(1)} } }`,
      `nodes(ids: $ids) { ...Phone ... on Node { id } ... on App { ${app(0)} } }`,
      `_entities(representations: [{__typename: "SipPhone", appId: "sales", account: $account}, {__typename: "App", appId: $appId}, {__typename: "Other"}]) { ... on SipPhone { ${phone(1)} } ... on App { name } }`,
      '__schema { queryType { name fields { name } } }',
      '__type(name: "SipPhone") { fields { name type { kind name ofType { name } } } }',
    ]),
  );
  return `query Random($no: Boolean!, $yes: Boolean! = true, $n: Int = 2, $constructor: String, $appId: ID!, $account: String!, $accounts: [String!]!, $id: ID!, $ids: [ID!]!) {
    all: __typename @skip(if: $no) @include(if: $yes) ...Used ${roots}
  }
  fragment Used on Query {
    used: app(appId: $appId) { phones(first: $n, after: $constructor) { ...Count } phonesByAccount(accounts: $accounts) { ...Phone } }
    one: sipPhone(appId: $appId, account: $account) { id } known: node(id: $id) { id } all2: nodes(ids: $ids) { id }
  }
  fragment Phone on SipPhone { account id displayNum ...Names @skip(if: $no) }
  fragment Names on SipPhone { phoneName groupName }
  fragment Count on PhoneConnection { totalCount }`;
}

function createVariables(dice: Dice): Record<string, unknown> {
  const ids = [
    encodeGlobalId('sales', 'test_1'),
    encodeGlobalId('empty'),
    'nobody',
    encodeGlobalId('sales', 'gone'),
  ];
  return {
    no: dice(2) === 0,
    ...(dice(3) === 0 ? { yes: dice(2) === 0 } : {}),
    ...(dice(2) === 0 ? { n: dice(4) } : {}),
    ...(dice(3) === 0 ? { constructor: ['3', '', null][dice(3)] } : {}),
    appId: ['sales', 'empty', 'unknown', ''][dice(4)],
    account: [`test_${dice(12)}`, 'gone', ''][dice(3)],
    accounts: [['test_1', 'gone', 'test_2'], [], ['']][dice(3)],
    id: ids[dice(ids.length)],
    ids: [ids, [], ids.slice(2)][dice(3)],
  };
}

/** @param failures of a hundred calls. */
function failing(phones: Phones, dice: Dice, failures: number): Phones {
  const maybe = <Result>(result: Promise<Result>): Promise<Result> =>
    dice(100) < failures
      ? result.then(() => Promise.reject(new UpstreamUnavailableError({ fault: 'refused' })))
      : result;
  return {
    ...phones,
    loadWindow: (appId, args, need) => maybe(Promise.resolve(phones.loadWindow(appId, args, need))),
    loadPhone: (appId, account) => maybe(phones.loadPhone(appId, account)),
    loadPassword: (phone) => maybe(phones.loadPassword(phone)),
  };
}
