import { createHash } from 'node:crypto';
import { atLeast, type Bar, holds } from './bar.ts';
import { liveBar, watchLive } from './live.ts';
import { countCodes, runLoad } from './load.ts';
import { startGateway, type Vendor } from './processes.ts';

const TOKEN = 'a-token-as-long-as-one-has-to-be-9876543210';
const CALLERS = JSON.stringify([
  {
    name: 'auditor',
    tokenSha256: createHash('sha256').update(TOKEN).digest('hex'),
    scopes: ['phones:read', 'passwords:read'],
  },
]);
const REQUESTS_PER_SECOND = 200;
/** Until then the pipe takes what is written. */
const FILLED_SECONDS = 8;

const createQuery = (field: string) => (index: number) =>
  JSON.stringify({
    query: `query Window($app: ID!) { app(appId: $app) { phones(first: 5) { nodes { ${field} } } } }`,
    variables: { app: `app${index % 20}` },
  });

/** Nobody reads standard output, to which log lines and audit records go. */
export async function measureUnreadLog(vendor: Vendor, seconds: number): Promise<readonly Bar[]> {
  vendor.behave('well', 1_000);
  const gateway = await startGateway(
    vendor,
    {
      CALLERS,
      ANONYMOUS_SCOPES: 'phones:read',
      CALLER_CALLS_PER_MINUTE: '1000000',
      REQUEST_TIMEOUT_MS: '2000',
    },
    { isLogRead: false },
  );
  const url = `${gateway.origin}/graphql`;
  const headers = { authorization: `Bearer ${TOKEN}` };
  const endWatch = await watchLive(gateway.origin);
  const [phones, passwords] = await Promise.all([
    runLoad({ url, perSecond: REQUESTS_PER_SECOND, seconds, headers, createBody: createQuery('account') }),
    runLoad({ url, perSecond: 2, seconds, headers, createBody: createQuery('account password') }),
  ]);
  const slowestLiveMs = await endWatch();
  const { code, ms } = await gateway.terminate();
  const answered = phones.filter((outcome) => outcome.code === 'OK');
  const refused = passwords.filter(({ startedAt }) => startedAt > FILLED_SECONDS * 1_000);
  const name = (what: string) => `standard output unread for ${seconds} s: ${what}`;
  return [
    atLeast(name('requests answered'), (answered.length / phones.length) * 100, 95, '%'),
    holds(
      name('passwords, once the pipe is full'),
      'none leaves unrecorded',
      countCodes(refused),
      refused.some((outcome) => outcome.code === 'INTERNAL_SERVER_ERROR') &&
        refused.every((outcome) => outcome.code !== 'OK'),
    ),
    liveBar(`standard output unread for ${seconds} s`, slowestLiveMs),
    holds(
      name('SIGTERM ends it'),
      'exit 0 in 10 s',
      `exit ${code} in ${Math.round(ms)} ms`,
      code === 0 && ms < 10_000,
    ),
  ];
}
