import { parseArgs } from 'node:util';
import { type Bar, printTable } from './bar.ts';
import { measureFairness } from './fairness.ts';
import { measureOutage } from './outage.ts';
import { measureOverload } from './overload.ts';
import { startVendor } from './processes.ts';
import { runSuites } from './suites.ts';

const USAGE = `npm run acceptance [-- --quick] [--load-only]
Holds the built gateway, with 384 MB of heap, against the bars of docs/operations.md, and prints a table.
  --quick      shorter runs, for continuous integration
  --load-only  leaves out the bars that tests hold`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    'load-only': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  if (values.help) return console.log(USAGE);
  const isQuick = values.quick;
  const vendor = await startVendor();
  const bars: Bar[] = [];
  try {
    for (const callsPerSecond of isQuick ? [200] : [50, 200])
      bars.push(...(await measureOverload(vendor, callsPerSecond, isQuick ? 15 : 60)));
    for (const mode of isQuick ? (['refused'] as const) : (['refused', 'reset', 'dark'] as const))
      bars.push(...(await measureOutage(vendor, mode, isQuick ? 15 : 30)));
    bars.push(...(await measureFairness(vendor, isQuick ? 10 : 30)));
  } finally {
    vendor.end();
  }
  if (!values['load-only']) bars.push(...(await runSuites()));
  const passed = bars.filter(({ passes }) => passes).length;
  console.log(printTable(bars));
  console.log(`${passed} passed, ${bars.length - passed} failed`);
  process.exitCode = passed === bars.length ? 0 : 1;
}

await main();
