import { atLeast, atMost, type Bar, holds } from './bar.ts';
import { liveBar, watchLive } from './live.ts';
import { countCodes, quantile, runLoad } from './load.ts';
import { startGateway, type Vendor } from './processes.ts';

/** Each asks for another window, so that each takes a call of its own. */
const createBody = (index: number) =>
  JSON.stringify({
    query:
      'query Window($app: ID!) { app(appId: $app) { phones(first: 20) { totalCount nodes { account } } } }',
    variables: { app: `app${index}` },
  });

/** Ten times more than the vendor is worth. */
export async function measureOverload(
  vendor: Vendor,
  callsPerSecond: number,
  seconds: number,
): Promise<readonly Bar[]> {
  vendor.behave('well', callsPerSecond);
  const gateway = await startGateway(vendor);
  const endWatch = await watchLive(gateway.origin);
  const outcomes = await runLoad({
    url: `${gateway.origin}/graphql`,
    perSecond: 10 * callsPerSecond,
    seconds,
    createBody,
  });
  const slowestLiveMs = await endWatch();
  const peakMemoryMb = gateway.peakMemoryMb();
  const { code, ms } = await gateway.terminate();
  const answered = outcomes.filter(
    ({ code, startedAt, ms }) => code === 'OK' && startedAt + ms <= seconds * 1000,
  );
  const refused = outcomes.filter((outcome) => outcome.code === 'OVERLOADED');
  console.error(`overload, ${callsPerSecond} calls a second: ${countCodes(outcomes)}`);
  const name = (what: string) => `10 times ${callsPerSecond} calls a second: ${what}`;
  return [
    atLeast(
      name("the vendor's worth that reaches clients"),
      (answered.length / (callsPerSecond * seconds)) * 100,
      90,
      '%',
    ),
    atMost(
      name('p99 of the answered'),
      quantile(
        answered.map((outcome) => outcome.ms),
        0.99,
      ),
      2_000,
      'ms',
    ),
    atMost(
      name('p99 of the refused'),
      quantile(
        refused.map((outcome) => outcome.ms),
        0.99,
      ),
      2_000,
      'ms',
    ),
    atMost(name('memory'), peakMemoryMb, 350, 'MB'),
    liveBar(`10 times ${callsPerSecond} calls a second`, slowestLiveMs),
    holds(
      name('each request ends with an answer or a code'),
      'none cut',
      countCodes(outcomes),
      outcomes.every((outcome) => outcome.code !== 'CUT'),
    ),
    holds(
      name('SIGTERM ends it'),
      'exit 0 in 10 s',
      `exit ${code} in ${Math.round(ms)} ms`,
      code === 0 && ms < 10_000,
    ),
  ];
}
