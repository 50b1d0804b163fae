import { type Churn, createChurn, createRows, runCensus } from '../../test/support/census-vendor.ts';
import { createRandom } from '../../test/support/scroll.ts';

type Row = Record<string, string | number>;

const COMING_AND_GOING: readonly Churn[] = ['insert', 'delete', 'swap', 'bulk-insert', 'bulk-delete'];
/** What may happen to a list, and whether its rows have an order. */
const LISTS: readonly (readonly [string, readonly Churn[], number | undefined])[] = [
  ['rows come and leave', COMING_AND_GOING, undefined],
  ['and jump to the top', [...COMING_AND_GOING, 'jump'], undefined],
  ['and go anywhere', [...COMING_AND_GOING, 'jump', 'sink', 'move', 'exchange'], undefined],
  [
    'the same, in batches of 30 without an order',
    [...COMING_AND_GOING, 'jump', 'sink', 'move', 'exchange'],
    30,
  ],
];
const RATES = [0, 0.02, 0.1, 0.5] as const;

/** Complete readings, each by a gateway that knows nothing of its list, of 0 to 1,500 rows; calls are answered in any order. */
export async function simulateCensuses(count: number): Promise<readonly Row[]> {
  const table: Row[] = [];
  for (const [list, kinds, batchSize] of LISTS)
    for (const rate of RATES) {
      let proved = 0;
      let wrong = 0;
      let calls = 0;
      for (let seed = 1; seed <= count; seed++) {
        const rows = createRows(Math.floor(createRandom(seed)() * 1501));
        const { stayed, beforeAnswer } = createChurn(rows, kinds, rate, seed);
        const run = runCensus(
          { rows, beforeAnswer, ...(batchSize === undefined ? {} : { batchSize }) },
          { seed, readsHeadLast: true },
        );
        calls += run.calls.length;
        if (run.state.kind !== 'proved') continue;
        proved++;
        const found = new Set(run.state.rows.map(({ account }) => account));
        if ([...stayed].some((account) => !found.has(account))) wrong++;
      }
      table.push({
        list,
        'changes / call': rate,
        lists: count,
        proved,
        'wrong lists': wrong,
        'not proved': count - proved,
        'calls / list': (calls / count).toFixed(1),
      });
    }
  return table;
}
