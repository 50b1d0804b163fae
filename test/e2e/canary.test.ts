import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { hashToken } from '../../src/callers/token.ts';
import type { Fault } from '../../src/sandbox/failure.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { killProgram, type Program, startProgram } from '../support/program.ts';

// A process starts in a second, on a machine that does nothing else.
jest.setTimeout(60_000);

/** More than a fault makes bad ones: of calls that fail half the time the vendor is left alone. */
const GOOD_ANSWERS = 8;

/** Every secret of this test holds the word, so that one search finds any of them. */
const CANARY = 'canary';
const FAULTS: readonly Fault[] = [
  ...([
    'html',
    'empty',
    'brokenJson',
    'null',
    'list',
    'dataMissing',
    'dataNotObject',
    'totalMissing',
  ] as const),
  ...([
    'totalNotNumber',
    'recordsNull',
    'recordsNotList',
    'recordNotObject',
    'recordWithoutAccount',
  ] as const),
  ...([
    'accountEmpty',
    'accountNotText',
    'passwordMissing',
    'accountTwice',
    'otherPage',
    'invalidUtf8',
  ] as const),
  ...(['tooManyRecords', 'resetBeforeHeaders', 'closeBeforeHeaders', 'resetMidBody', 'truncated'] as const),
  ...(['truncatedChunks', 'truncatedWithoutLength', 'hang', 'hangMidBody', 'trickle'] as const),
].map((fault) => ({ fault }));
const STATUSES: readonly Fault[] = [
  ...[-15, -16, -18, -22, -99].map((status) => ({ fault: 'status', status }) as const),
  ...[404, 429, 500, 503].map((httpStatus) => ({ fault: 'http', httpStatus }) as const),
  { fault: 'redirect', location: 'http://127.0.0.1:1/elsewhere' },
];

/** After these the vendor is left alone for half a minute, so they come last. */
const REFUSALS: readonly Fault[] = [
  ...[-1, -2].map((status) => ({ fault: 'status', status }) as const),
  ...[401, 403].map((httpStatus) => ({ fault: 'http', httpStatus }) as const),
];

const PHONES = '{ app(appId: "app") { phones(first: 5) { totalCount nodes { account PASSWORD } } } }';
const WITH_PASSWORDS = PHONES.replace('PASSWORD', 'password');
const WITHOUT = PHONES.replace('PASSWORD', '');

describe.each([
  ['with no rows kept', '0'],
  // Passwords are then read again, behind rows that are in hand.
  ['behind kept rows', '60000'],
])('a secret, %s', (_, phonesCacheTtlMs) => {
  let program: Program;
  const sandbox = createSandbox({
    credentials: { apiKey: `${CANARY}-key`, apiSecret: `${CANARY}-secret` },
    apps: [
      {
        appId: 'app',
        name: 'App',
        phones: Array.from({ length: 5 }, (_, index) => ({
          account: `phone-${index}`,
          password: `${CANARY}-${index}`,
        })),
      },
    ],
  });
  /** All that clients without the scope were sent, headers included. */
  const seen: string[] = [];

  async function send(
    body: string,
    token: string | undefined,
    headers: Record<string, string> = {},
  ): Promise<string> {
    const response = await fetch(`${await program.origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-itnio-ledger': '1',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body,
    });
    return [response.status, JSON.stringify([...response.headers]), await response.text()].join(' ');
  }

  /** Sees passwords for a while, so that the next fault meets no open breaker. @throws where none is seen in 25 s. */
  async function answerAgain(): Promise<void> {
    const body = JSON.stringify({ query: WITH_PASSWORDS });
    const startedAt = performance.now();
    for (let answers = 0; answers < GOOD_ANSWERS; ) {
      if ((await send(body, `${CANARY}-ops`)).includes(`"password":"${CANARY}-4"`)) answers++;
      else await delay(100);
      if (performance.now() - startedAt > 25_000) throw new Error('The vendor is not asked again.');
    }
  }

  beforeAll(async () => {
    await sandbox.listen();
    program = startProgram('node', {
      ITNIO_BASE_URL: sandbox.baseUrl,
      ITNIO_API_KEY: `${CANARY}-key`,
      ITNIO_API_SECRET: `${CANARY}-secret`,
      ITNIO_APPS: 'app',
      CURSOR_KEYS: `${CANARY}-cursor-key-of-thirty-two-letters`,
      CALLERS: JSON.stringify([
        { name: 'web', tokenSha256: hashToken(`${CANARY}-web`).toString('hex'), scopes: ['phones:read'] },
        {
          name: 'ops',
          tokenSha256: hashToken(`${CANARY}-ops`).toString('hex'),
          scopes: ['phones:read', 'passwords:read'],
        },
      ]),
      LOG_LEVEL: 'debug',
      PHONES_CACHE_TTL_MS: phonesCacheTtlMs,
      REQUEST_TIMEOUT_MS: '500',
    });
    await program.origin;
  });
  afterAll(async () => {
    killProgram(program);
    await sandbox.close();
  });

  it('is seen by the caller that may', answerAgain);

  async function meet(fault: Fault): Promise<void> {
    sandbox.control.clearFailures();
    sandbox.control.fail({ ...fault, times: 'always' });
    for (const query of [WITHOUT, WITH_PASSWORDS])
      seen.push(await send(JSON.stringify({ query }), `${CANARY}-web`));
    // What is answered to whom has the scope is theirs to see; what is logged of it is not.
    await send(JSON.stringify({ query: WITH_PASSWORDS }), `${CANARY}-ops`);
    sandbox.control.clearFailures();
  }

  it.each([...FAULTS, ...STATUSES])('does not come out of the vendor’s %j', async (fault) => {
    await meet(fault);
    await answerAgain();
  });

  it.each(REFUSALS)('does not come out of its refusal %j', meet);

  it.each([
    ['broken JSON', `{"password": ${CANARY}`, {}],
    ['a broken query', JSON.stringify({ query: '{ app(' }), {}],
    ['a wrong token', JSON.stringify({ query: WITHOUT }), { authorization: `Bearer ${CANARY}-wrong` }],
    ['a wrong scheme', JSON.stringify({ query: WITHOUT }), { authorization: `Basic ${CANARY}-web` }],
    ['another media type', `${CANARY}`, { 'content-type': 'text/plain' }],
    [
      'a cursor that is none',
      JSON.stringify({ query: '{ app(appId: "app") { phones(first: 1, after: "x") { totalCount } } }' }),
      {},
    ],
  ])('does not come out of %s', async (_, body, headers) => {
    seen.push(await send(body, `${CANARY}-web`, headers));
  });

  it('stands in no log, no error and no header', () => {
    expect(seen.length).toBeGreaterThan(80);
    expect(seen.filter((text) => text.includes(CANARY))).toEqual([]);
    const lines = (program.stdout() + program.stderr()).split('\n');
    expect(lines.length).toBeGreaterThan(150);
    expect(lines.filter((line) => line.includes(CANARY))).toEqual([]);
  });
});
