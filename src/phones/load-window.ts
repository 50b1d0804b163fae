import type { Phone } from '../domain/phone.ts';
import { noticeDisorder } from '../lists/order-check.ts';
import type { PhoneRun } from '../lists/row-cache.ts';
import type { Range } from '../paging/plan.ts';
import { emptyRunAtEnd } from '../paging/run.ts';
import type { Span, Window } from '../paging/window.ts';
import { searchWindow, type WindowAsk, type WindowFound, type WindowRows } from '../paging/window-search.ts';
import type { ListReader } from './list-reader.ts';

/** The rows of a window: those of `run` at the positions of `span`, and the row before them where there is one. */
export interface LoadedWindow {
  readonly run: PhoneRun;
  readonly span: Span;
}

type Search = Generator<WindowAsk, WindowFound<Phone>, WindowRows<Phone>>;
type Step = IteratorResult<WindowAsk, WindowFound<Phone>>;

/**
 * Reads a window. Where that takes no call it is answered at once, without a promise.
 * @throws {CursorExpiredError} when an anchor and the row before it cannot be found.
 * @throws {UpstreamInconsistentError} when the list has no stable order, or moves faster than it can be read.
 */
export function loadWindow(reader: ListReader, window: Window): LoadedWindow | Promise<LoadedWindow> {
  const { memory, largestPageSize } = reader.list;
  const search: Search = searchWindow(window, memory.getTotal(), largestPageSize.get());
  let step: Step = search.next();
  while (step.done !== true) {
    const rows = findRows(reader, step.value);
    if (rows === undefined) return readOn(reader, search, step, window);
    step = search.next(rows);
  }
  return finish(reader, step.value);
}

async function readOn(reader: ListReader, search: Search, open: Step, window: Window): Promise<LoadedWindow> {
  let step = open;
  while (step.done !== true) step = search.next(await readRows(reader, step.value, window));
  return finish(reader, step.value);
}

/** What is asked, without a call; undefined where one is needed. */
function findRows(reader: ListReader, ask: WindowAsk): WindowRows<Phone> | undefined {
  if (ask.isAnew || ask.afterAnchor !== undefined || ask.beforeAnchor !== undefined) return undefined;
  if (ask.rows === undefined) {
    const total = reader.rows.getTotal();
    return total === undefined ? undefined : toRows(emptyRunAtEnd(total));
  }
  const run = reader.rows.find(ask.rows.lo, ask.rows.hi, ask.isFresh);
  return run && toRows(run);
}

async function readRows(
  reader: ListReader,
  ask: WindowAsk,
  { from, after, before }: Window,
): Promise<WindowRows<Phone>> {
  const { isFresh, isAnew, afterAnchor, beforeAnchor } = ask;
  if (isAnew) reader.rows.clear();
  // For a client that pages on in the same direction.
  const readAhead = ask.readAhead ?? (reader.list.readsAhead ? READ_AHEAD[from] : 'none');
  const goesOn = after !== undefined || before !== undefined;
  const read = ({ lo, hi }: Range) => reader.read(lo, hi, { isFresh, readAhead, goesOn });
  const [rows, aroundAfter, aroundBefore] = await Promise.all([
    ask.rows === undefined ? reader.count(ask.countSize).then(emptyRunAtEnd) : read(ask.rows),
    afterAnchor && read(afterAnchor),
    beforeAnchor && read(beforeAnchor),
  ]);
  return { rows, aroundAfter, aroundBefore };
}

const READ_AHEAD = { start: 'forward', end: 'backward' } as const;

function toRows(rows: PhoneRun): WindowRows<Phone> {
  return { rows, aroundAfter: undefined, aroundBefore: undefined };
}

function finish(reader: ListReader, found: WindowFound<Phone>): LoadedWindow | Promise<LoadedWindow> {
  const { memory, budget, cost } = reader.list;
  if (found.kind === 'disordered') throw noticeDisorder(memory);
  // The total tells of most moves. One that it does not tell of is an anomaly: another page says whether the order is stable.
  const { run, span, moves } = found;
  cost.driftRepairs += moves.length;
  const unexplained = moves.filter(({ total }) => total === run.total);
  const [cursor] = unexplained;
  if (cursor === undefined) return { run, span };
  for (const _ of unexplained) memory.notice('anchor-moved');
  const anchor = run.rows.find(({ account }) => cursor.match(account) === 'row');
  // Where the row is gone, or no call is left, it is not held against the answer.
  if (anchor === undefined || budget.left === 0) return { run, span };
  return reader.checkOrderAt(anchor.account).then(() => ({ run, span }));
}
