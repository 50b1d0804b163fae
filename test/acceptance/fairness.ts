import { createHash } from 'node:crypto';
import { atMost, type Bar, holds } from './bar.ts';
import { liveBar, watchLive } from './live.ts';
import { countCodes, quantile, runLoad } from './load.ts';
import { startGateway, type Vendor } from './processes.ts';

const TOKEN = 'a-token-as-long-as-one-has-to-be-0123456789';
const CALLERS = JSON.stringify([
  { name: 'steady', tokenSha256: createHash('sha256').update(TOKEN).digest('hex'), scopes: ['phones:read'] },
]);

/** A caller that asks once a second, beside anonymous callers who ask as fast as a thousand connections let them. */
export async function measureFairness(vendor: Vendor, seconds: number): Promise<readonly Bar[]> {
  vendor.behave('well', 50);
  const gateway = await startGateway(vendor, { CALLERS, ANONYMOUS_SCOPES: 'phones:read' });
  const url = `${gateway.origin}/graphql`;
  const createBody = (prefix: string) => (index: number) =>
    JSON.stringify({
      query: 'query Window($app: ID!) { app(appId: $app) { phones(first: 20) { nodes { account } } } }',
      variables: { app: `${prefix}${index}` },
    });
  const ask = (prefix: string) =>
    runLoad({
      url,
      perSecond: 1,
      seconds,
      headers: { authorization: `Bearer ${TOKEN}` },
      createBody: createBody(prefix),
    });
  const calm = await ask('calm');
  const endWatch = await watchLive(gateway.origin);
  const [beside, flood] = await Promise.all([
    ask('steady'),
    runLoad({ url, perSecond: 600, seconds, connections: 1_000, createBody: createBody('flood') }),
  ]);
  const slowestLiveMs = await endWatch();
  await gateway.terminate();
  console.error(
    `fairness: calm ${countCodes(calm)}; beside the flood ${countCodes(beside)}; the flood ${countCodes(flood)}`,
  );
  const median = (outcomes: typeof calm) =>
    quantile(
      outcomes.map(({ ms }) => ms),
      0.5,
    );
  return [
    liveBar('a caller beside a flood of anonymous callers', slowestLiveMs),
    holds(
      'a caller beside a flood of anonymous callers: every answer',
      'all OK',
      countCodes(beside),
      beside.every(({ code }) => code === 'OK'),
    ),
    atMost(
      'a caller beside a flood of anonymous callers: its median to the calm one',
      median(beside) / median(calm),
      3,
      '×',
    ),
  ];
}
