import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Bar } from './bar.ts';
import { countCodes, quantile, runLoad } from './load.ts';
import { startGateway, type Vendor } from './processes.ts';
import type { VendorMode } from './vendor.ts';

const REQUESTS_PER_SECOND = 50;
/** Calm before, so that the gateway knows an app that answers. */
const CALM_SECONDS = 3;
/** How long the breaker may take to see the outage; what comes after counts as open. */
const NOTICE_SECONDS = 8;
const AFTER_SECONDS = 9;

const createBody = (index: number) =>
  JSON.stringify({
    query: 'query Window($app: ID!) { app(appId: $app) { phones(first: 20) { nodes { account } } } }',
    variables: { app: `app${index % 20}` },
  });

/** The vendor is away for a while, and comes back. */
export async function measureOutage(
  vendor: Vendor,
  mode: Exclude<VendorMode, 'well'>,
  outageSeconds: number,
): Promise<readonly Bar[]> {
  vendor.behave('well', 1_000);
  const gateway = await startGateway(vendor);
  const load = runLoad({
    url: `${gateway.origin}/graphql`,
    perSecond: REQUESTS_PER_SECOND,
    seconds: CALM_SECONDS + outageSeconds + AFTER_SECONDS,
    createBody,
  });
  await sleep(CALM_SECONDS * 1000);
  vendor.behave(mode, 1_000);
  await sleep(NOTICE_SECONDS * 1000);
  await vendor.count();
  const openSeconds = outageSeconds - NOTICE_SECONDS;
  await sleep(openSeconds * 1000);
  // A refused call leaves no trace at the vendor: there, the bar is held by what clients see.
  const { connected } = await vendor.count();
  vendor.behave('well', 1_000);
  const outcomes = await load;
  await gateway.terminate();

  const openFrom = (CALM_SECONDS + NOTICE_SECONDS) * 1000;
  const backAt = (CALM_SECONDS + outageSeconds) * 1000;
  const whileOpen = outcomes.filter(({ startedAt }) => startedAt >= openFrom && startedAt < backAt - 100);
  const firstAnswer = outcomes
    .filter(({ startedAt, code }) => startedAt > backAt && code === 'OK')
    .map(({ startedAt, ms }) => startedAt + ms)
    .toSorted((a, b) => a - b)[0];
  console.error(`outage, ${mode}: ${countCodes(outcomes)}; while open: ${countCodes(whileOpen)}`);
  const name = (what: string) => `outage of ${outageSeconds} s, ${mode}: ${what}`;
  return [
    atMost(name('connections to the vendor a second, once open'), connected / openSeconds, 1, ''),
    atMost(
      name('p99 of clients, once open'),
      quantile(
        whileOpen.map(({ ms }) => ms),
        0.99,
      ),
      50,
      'ms',
    ),
    atMost(name('back after'), ((firstAnswer ?? Number.POSITIVE_INFINITY) - backAt) / 1000, 6, 's'),
  ];
}
