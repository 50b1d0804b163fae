import { createEndTiedOrder } from '../../test/support/end-tied-list.ts';
import { createRandom, type Scroll, scroll } from '../../test/support/scroll.ts';
import { createTiedOrder } from '../../test/support/tied-list.ts';
import { presentTally, tally } from './tally.ts';

type Row = Record<string, string | number>;

interface Shape {
  /** Rows of the list: from, to. */
  readonly total: readonly [number, number];
  /** Phones of one creation time. */
  readonly batch: number;
  readonly size: number;
  readonly direction: 'forward' | 'backward';
}

const KEPT_MS = 2000;
const PAUSE_MS = 5000;

/** Those that ended wrong without an error in version 0.1, and others of their kind. */
const SHAPES: readonly Shape[] = [
  { total: [180, 180], batch: 30, size: 100, direction: 'forward' },
  { total: [137, 137], batch: 137, size: 50, direction: 'forward' },
  { total: [137, 137], batch: 137, size: 50, direction: 'backward' },
  { total: [120, 120], batch: 120, size: 50, direction: 'forward' },
  { total: [120, 120], batch: 120, size: 100, direction: 'forward' },
  { total: [120, 120], batch: 120, size: 50, direction: 'backward' },
  { total: [150, 300], batch: 300, size: 50, direction: 'forward' },
  { total: [150, 300], batch: 300, size: 100, direction: 'forward' },
  { total: [180, 180], batch: 30, size: 100, direction: 'backward' },
  { total: [101, 101], batch: 101, size: 20, direction: 'forward' },
  { total: [101, 140], batch: 7, size: 99, direction: 'forward' },
  { total: [101, 140], batch: 50, size: 37, direction: 'backward' },
  { total: [200, 200], batch: 50, size: 48, direction: 'forward' },
  { total: [200, 260], batch: 11, size: 100, direction: 'forward' },
  { total: [250, 250], batch: 50, size: 25, direction: 'backward' },
  { total: [300, 300], batch: 30, size: 80, direction: 'forward' },
  { total: [310, 330], batch: 100, size: 100, direction: 'backward' },
  { total: [350, 400], batch: 50, size: 60, direction: 'forward' },
  { total: [400, 400], batch: 400, size: 100, direction: 'forward' },
  { total: [437, 437], batch: 30, size: 100, direction: 'forward' },
  { total: [437, 437], batch: 437, size: 50, direction: 'backward' },
  { total: [500, 700], batch: 50, size: 100, direction: 'forward' },
  { total: [150, 170], batch: 3, size: 1, direction: 'forward' },
  { total: [130, 160], batch: 20, size: 10, direction: 'forward' },
  { total: [110, 190], batch: 2, size: 33, direction: 'forward' },
  { total: [190, 210], batch: 70, size: 90, direction: 'backward' },
  { total: [102, 102], batch: 51, size: 51, direction: 'forward' },
  { total: [1000, 1000], batch: 7, size: 100, direction: 'forward' },
];

/** Scrolls through lists that nobody changes, whose equal rows stand differently on pages with another end. */
export async function simulateDisorder(count: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const orders = { MariaDB: createTiedOrder, harsh: createEndTiedOrder };
  for (const [name, createOrder] of Object.entries(orders))
    for (const changesReplica of [false, true])
      for (const shape of SHAPES) {
        const scrolls: Scroll[] = [];
        const order = createOrder(shape.batch);
        for (let seed = 1; seed <= count; seed++) {
          const random = createRandom(seed);
          const [least, most] = shape.total;
          scrolls.push(
            await scroll({
              total: least + Math.floor(random() * (most - least + 1)),
              size: shape.size,
              firstSize: 1 + Math.floor(random() * shape.size),
              direction: shape.direction,
              changeRate: 0,
              changes: [],
              keepMs: KEPT_MS,
              pauseMs: PAUSE_MS,
              changesReplica,
              order,
              random,
            }),
          );
        }
        rows.push({
          rows: shape.total[0] === shape.total[1] ? shape.total[0] : shape.total.join('-'),
          batch: shape.batch,
          window: shape.size,
          direction: shape.direction,
          order: name,
          replicas: changesReplica ? 'a new one each' : 'one',
          ...presentTally(tally(scrolls)),
        });
      }
  return rows;
}
