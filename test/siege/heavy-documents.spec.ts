import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { killProgram, type Program, startProgram } from '../support/program.ts';

const APP_ID = '4luaKsL2';
/** All of them found: each brings its app, and that its phones. */
const ACCOUNTS = JSON.stringify(Array(100).fill('test_001'));
const LONG_ALIASES = Array.from({ length: 15 }, (_, index) => `a${index}${'x'.repeat(200)}: displayNum`).join(
  ' ',
);

/** Phones of the app of phones of the app …, so many levels deep. */
function nest(phones: (inside: string) => string, levels: number, inside = 'appId'): string {
  if (levels === 0) return inside;
  return phones(`app { ${nest(phones, levels - 1, inside)} }`);
}

const byAccount = (accounts: string) => (inside: string) =>
  `phonesByAccount(accounts: ${accounts}) { ${inside} }`;
const byPage = (size: string) => (inside: string) => `phones(first: ${size}) { nodes { ${inside} } }`;
const ofApp = (fields: string) => `app(appId: "${APP_ID}") { ${fields} }`;

/** Each of these would end a process with 400 MB of memory, if it were executed to its end. */
const DOCUMENTS: readonly [string, { readonly query: string; readonly variables?: object }][] = [
  [
    'a list in a variable whose name every object has',
    {
      query: `query ($toString: [String!]! = ${ACCOUNTS}) { ${ofApp(nest(byAccount('$toString'), 4))} }`,
      variables: {},
    },
  ],
  [
    'a size in a variable whose name every object has',
    {
      query: `query ($constructor: Int = 100) { ${ofApp(nest(byPage('$constructor'), 2, byPage('$constructor')('id')))} }`,
    },
  ],
  [
    'variables inside a list',
    {
      query: `query ($valueOf: String!) { ${ofApp(nest(byAccount(`[${'$valueOf '.repeat(90)}]`), 4))} }`,
      variables: { valueOf: 'test_001' },
    },
  ],
  [
    'fragments whose names every object has',
    {
      query: `{ ${ofApp('...toString')} }
        fragment toString on App { ${byPage('100')('app { ...valueOf }')} }
        fragment valueOf on App { ${nest(byPage('100'), 1, byPage('100')('id'))} }`,
    },
  ],
  [
    'few objects, each with much to say',
    { query: `{ ${ofApp(byPage('99')(`app { ${byPage('95')(LONG_ALIASES)} }`))} }` },
  ],
];

/** Each of its representations brings more than one answer may hold. */
const ENTITIES = {
  query: `query ($r: [_Any!]!) { _entities(representations: $r) { ... on App { ${nest(byPage('100'), 2)} } } }`,
  variables: { r: Array(100).fill({ __typename: 'App', appId: APP_ID }) },
};

/** As many objects as one answer may hold, nearly. */
const LARGEST = { query: `{ ${ofApp(byPage('99')(`app { ${byPage('95')('id account displayNum')} }`))} }` };

describe('a process with 400 MB of memory', () => {
  let program: Program;
  let origin: string;
  beforeAll(async () => {
    program = startProgram('node', { NODE_OPTIONS: '--max-old-space-size=400' });
    origin = await program.origin;
  }, 60_000);
  afterAll(() => killProgram(program));

  async function ask(body: object): Promise<{ status: number; codes: string[] }> {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { errors = [] } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
    return { status: response.status, codes: errors.map(({ extensions }) => extensions.code) };
  }

  it.each(DOCUMENTS)(
    'refuses %s',
    async (_, body) => {
      expect(await ask(body)).toEqual({ status: 400, codes: ['QUERY_TOO_COMPLEX'] });
    },
    60_000,
  );

  it('refuses representations of which each brings too much, one by one', async () => {
    const { status, codes } = await ask(ENTITIES);
    expect([status, codes.length, new Set(codes)]).toEqual([200, 100, new Set(['QUERY_TOO_MANY_ENTITIES'])]);
  });

  it('outlives 8,000 documents of which each is another and none is valid', async () => {
    for (let round = 0; round < 80; round++)
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => ask({ query: `query Q${round}x${index} { nothing }` })),
      );
    expect(await ask({ query: '{ __typename }' })).toEqual({ status: 200, codes: [] });
  }, 120_000);

  it('outlives 60 of the largest answers at once', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => ask(LARGEST)));
    for (const { status } of answers) expect([200, 503, 504]).toContain(status);
    expect(await ask({ query: '{ __typename }' })).toEqual({ status: 200, codes: [] });
  }, 60_000);
});
