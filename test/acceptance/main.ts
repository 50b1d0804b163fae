import { parseArgs } from 'node:util';
import { type Bar, printTable } from './bar.ts';
import { measureEnvFiles } from './env-files.ts';
import { measureFairness } from './fairness.ts';
import { measureLive } from './live.ts';
import { measureOutage } from './outage.ts';
import { measureOverload } from './overload.ts';
import { startVendor, type Vendor } from './processes.ts';
import { runSuites } from './suites.ts';
import { measureUnreadLog } from './unread-log.ts';

const USAGE = `npm run acceptance [-- --quick] [--load-only] [--only PART] [--node FILE]
Holds the built gateway, with 384 MB of heap, against the bars of docs/operations.md, and prints a table.
  --quick      shorter runs, and only bars that hold at any pace of the machine, for continuous integration
  --load-only  leaves out the bars that tests hold
  --only PART  overload, outage, fairness, log, live, env or suites; may stand there several times
  --node FILE  another Node for the files .env, as well; may stand there several times`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    'load-only': { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    node: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});

/** The parts, in their order. */
const PARTS: Readonly<Record<string, (vendor: Vendor) => Promise<readonly Bar[]>>> = {
  async overload(vendor) {
    const bars: Bar[] = [];
    for (const callsPerSecond of values.quick ? [50] : [50, 200])
      bars.push(...(await measureOverload(vendor, callsPerSecond, values.quick ? 15 : 60)));
    return bars;
  },
  async outage(vendor) {
    const bars: Bar[] = [];
    for (const mode of ['refused', 'reset', 'dark'] as const)
      bars.push(...(await measureOutage(vendor, mode, values.quick ? 15 : 30)));
    return bars;
  },
  fairness: (vendor) => measureFairness(vendor, values.quick ? 10 : 30),
  log: (vendor) => measureUnreadLog(vendor, values.quick ? 15 : 60),
  live: async () => (values.quick ? [] : measureLive()),
  async env() {
    const bars: Bar[] = [];
    for (const node of [process.execPath, ...values.node]) bars.push(await measureEnvFiles(node));
    return bars;
  },
  // Continuous integration runs them anyway.
  suites: async () => (values.quick || values['load-only'] ? [] : runSuites()),
};

async function main(): Promise<void> {
  if (values.help) return console.log(USAGE);
  const { only = Object.keys(PARTS) } = values;
  const vendor = await startVendor();
  const bars: Bar[] = [];
  try {
    for (const [name, measure] of Object.entries(PARTS))
      if (only.includes(name)) bars.push(...(await measure(vendor)));
  } finally {
    vendor.end();
  }
  const judged = values.quick ? bars.filter(({ dependsOnPace }) => !dependsOnPace) : bars;
  const passed = judged.filter(({ passes }) => passes).length;
  console.log(printTable(bars));
  if (judged.length < bars.length)
    console.log('What depends on the pace of the machine is shown, and not judged.');
  console.log(`${passed} passed, ${judged.length - passed} failed`);
  process.exitCode = passed === judged.length && judged.length > 0 ? 0 : 1;
}

await main();
