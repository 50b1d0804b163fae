import DataLoader from 'dataloader';
import type { AppAccounts } from '../census/listed-accounts.ts';
import { UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import type { FetchedPage } from '../lists/page-source.ts';
import type { PhoneRun, RowCache } from '../lists/row-cache.ts';
import type { PageNumber, ReadAhead } from '../paging/plan.ts';
import {
  type Ask,
  createReadRound,
  findAnswer,
  type OpenAsk,
  type ReadRound,
  type ReadRoundOptions,
} from './read-round.ts';
import { createRequestRows, type RequestRows } from './request-rows.ts';

/** Rounds of calls that one read may take: the plan, two repairs of a seam, everything again, and two to spare. */
const MAX_ROUNDS = 6;
/** Rows before a failed seam that are read again: so many at the first repair, so many at the second. */
const REPAIR_OVERLAPS = [30, 60] as const;

export interface ReadOptions {
  /** Bypasses kept rows: only what this request has read itself counts. */
  readonly isFresh: boolean;
  /** Where a page goes on beyond what was asked. */
  readonly readAhead: ReadAhead;
  /** Whether the rows continue those of an earlier request, so that the order must hold. */
  readonly goesOn: boolean;
}

/** One request's view of one app's list. All that is read in one tick is planned together. */
export interface ListReader {
  /**
   * A run that holds all rows of `[lo, hi)` that the list has, and often more; its pages are glued and checked. Where the
   * list ends before `lo`, an empty run at its end.
   * @throws {QueryTooExpensiveError} when the request may not make so many calls.
   */
  read(lo: number, hi: number, options: ReadOptions): Promise<PhoneRun>;
  /** Rows in the list. If that takes a call of its own, the call reads `expected` rows. */
  count(expected: number): Promise<number>;
  /**
   * One page as the vendor answers it, whether it fits other pages or not.
   * @param isAgain whether a new call is made, even if an equal one is under way.
   */
  readPage(page: PageNumber, isFresh: boolean, isAgain: boolean): Promise<FetchedPage>;
  /**
   * Checks that the order of the list holds, by reading a row again on a page that ends elsewhere than the one that showed it
   * last. Does nothing if this request has checked the order already.
   * @throws {UpstreamInconsistentError} when the two pages contradict each other: the list has no stable order.
   */
  checkOrderAt(account: string): Promise<void>;
  /** What this request may use without a call. */
  readonly rows: RequestRows;
  readonly list: RequestList;
}

/** One app's list as one request has it: what it may spend, what is known of the list, and where its pages come from. */
export interface RequestList extends ReadRoundOptions {
  readonly cache: RowCache;
  /** Which accounts the list has; undefined where nothing may be remembered. */
  readonly listed: AppAccounts | undefined;
  /** Whether pages may be larger than needed; false where rows are not kept. */
  readonly readsAhead: boolean;
}

export function createListReader(list: RequestList): ListReader {
  const { appId, cache, memory, largestPageSize, cost } = list;
  const rows = createRequestRows(appId, cache, (isTotalSame) => {
    cost.driftRepairs++;
    if (isTotalSame) memory.notice('seam-moved');
  });
  // Most requests are answered from kept rows, and never ask.
  let readRound: ReadRound | undefined;
  let loader: AskLoader | undefined;

  function load(ask: Ask): Promise<PhoneRun | FetchedPage> {
    readRound ??= createReadRound(list, rows);
    loader ??= createAskLoader(rows, readRound);
    return loader.load(ask);
  }

  async function loadRun(ask: Ask): Promise<PhoneRun> {
    const answer = await load(ask);
    if ('page' in answer) throw new TypeError('A range was answered with a page.');
    return answer;
  }

  return {
    read: (lo, hi, { isFresh, readAhead, goesOn }) =>
      loadRun({ kind: 'range', lo, hi, isFresh, readAhead, goesOn }),
    count: async (expected) => (await loadRun({ kind: 'count', expected })).total,
    async readPage(page, isFresh, isAgain) {
      const answer = await load({ kind: 'page', page, isFresh, isAgain, goesOn: false });
      if (!('page' in answer)) throw new TypeError('A page was answered with a range.');
      return answer;
    },
    async checkOrderAt(account) {
      const page = memory.findOtherPage(account, largestPageSize.get());
      if (page !== undefined && readRound?.hasCheckedOrder() !== true)
        await load({ kind: 'page', page, isFresh: true, isAgain: false, goesOn: true });
    },
    rows,
    list,
  };
}

type AskLoader = DataLoader<Ask, PhoneRun | FetchedPage>;

/** Collects what is asked in one tick, and reads in rounds until all of it is answered. */
function createAskLoader(rows: RequestRows, readRound: ReadRound): AskLoader {
  async function answerAll(asks: readonly Ask[]): Promise<(PhoneRun | FetchedPage | Error)[]> {
    const all = asks.map((ask): OpenAsk => ({ ask, answer: undefined, failedSeams: 0, repair: undefined }));
    for (let round = 0; ; round++) {
      for (const each of all) each.answer ??= findAnswer(rows, each.ask) ?? glue(rows, each);
      const open = all.filter((each) => each.answer === undefined);
      if (open.length === 0 || round === MAX_ROUNDS) break;
      await readRound.read(open);
    }
    return all.map(({ answer }) => answer ?? givenUp());
  }

  return new DataLoader<Ask, PhoneRun | FetchedPage>(answerAll, {
    cache: false,
    // One hop later than DataLoader's own: loaders of accounts dispatch in between and add what they need to the plan.
    batchScheduleFn: (dispatch) => afterPromises(() => afterPromises(dispatch)),
  });
}

/** Puts a range together from pages that were read at different moments. Where a seam fails, notes what to read again. */
function glue(rows: RequestRows, open: OpenAsk): PhoneRun | undefined {
  open.repair = undefined;
  if (open.ask.kind !== 'range') return undefined;
  const glued = rows.glue(open.ask.lo, open.ask.hi);
  if (!('kind' in glued)) return glued;
  if (glued.kind === 'unread') return undefined;
  const overlap = glued.kind === 'gap' ? REPAIR_OVERLAPS[open.failedSeams++] : undefined;
  // Rows have left before the seam: more overlap finds it, and where that fails, everything is read anew.
  if (overlap === undefined || glued.kind !== 'gap') rows.clear();
  else open.repair = { lo: glued.seamAt - overlap, hi: glued.seamAt + 1 };
  return undefined;
}

function afterPromises(callback: () => void): void {
  void Promise.resolve().then(() => process.nextTick(callback));
}

function givenUp(): UpstreamInconsistentError {
  return new UpstreamInconsistentError('pages did not fit together', { retryable: true });
}
