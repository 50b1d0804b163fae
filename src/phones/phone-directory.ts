import { createListedAccounts } from '../census/listed-accounts.ts';
import { type CensusOutcome, createWholeLists } from '../census/whole-lists.ts';
import { type BackgroundClock, systemClock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import type { ItnioClient } from '../itnio/sip-page.ts';
import { createAppMemories } from '../lists/app-memory.ts';
import { createLargestPageSize } from '../lists/largest-page-size.ts';
import { createPageSource } from '../lists/page-source.ts';
import { createRowCache } from '../lists/row-cache.ts';
import type { CursorCodecs } from '../paging/ordered-window.ts';
import { CallBudget } from './call-budget.ts';
import { createOrderedPhones } from './ordered-phones.ts';
import { createPhoneEdges } from './phone-window.ts';
import type { PhoneDirectory } from './phones.ts';
import { PhonesOfRequest, type SharedPhones } from './request-phones.ts';

export interface PhoneDirectoryOptions extends CursorCodecs {
  readonly client: Pick<ItnioClient, 'sipQuery'>;
  /** How long rows may be kept, in milliseconds. 0 keeps none. */
  readonly keepMs: number;
  readonly log: Log;
  /** The clock of the requests' deadlines. Defaults to the machine's. */
  readonly clock?: BackgroundClock;
  /** How long a whole list may be kept, in milliseconds. Defaults to 0: none is. */
  readonly keepListMs?: number;
  /** Vendor calls that reading one whole list may be planned to take. Defaults to 120. */
  readonly listMaxCalls?: () => number;
  /** Told how each complete reading of a list has ended. */
  readonly onCensus?: ((outcome: CensusOutcome) => void) | undefined;
  /** Vendor calls that one request may make. Defaults to {@link CALLS_PER_REQUEST}. */
  readonly callBudget?: number;
  /** Vendor calls that one request may have under way at a time. Defaults to 8. */
  readonly parallelCalls?: number;
  /** Longest time that a call may take, in milliseconds, even if requests with more time wait for it. Defaults to 8000. */
  readonly callTimeoutMs?: () => number;
}

/** Vendor calls that one request may make: a complete reading of 10,000 phones takes 114. */
export const CALLS_PER_REQUEST = 120;

/** Puts together what the requests share. */
export function createPhoneDirectory(options: PhoneDirectoryOptions): PhoneDirectory {
  const { client, keepMs, log, onCensus } = options;
  const { clock = systemClock, keepListMs = 0, listMaxCalls = () => 120 } = options;
  const { callBudget = CALLS_PER_REQUEST, parallelCalls = 8, callTimeoutMs = () => 8000 } = options;
  const memories = createAppMemories(log, clock);
  const largestPageSize = createLargestPageSize(clock);
  const listed = createListedAccounts(clock);
  const pages = createPageSource({ client, largestPageSize, memories, log, clock, callTimeoutMs });
  const lists = createWholeLists({
    pages,
    clock,
    keepMs: keepListMs,
    getMaxCalls: listMaxCalls,
    getLargestPageSize: largestPageSize.get,
    memories,
    listed,
    onEnd: onCensus,
  });
  const shared: SharedPhones = {
    pages,
    cache: createRowCache({ keepMs, clock }),
    memories,
    listedAccounts: keepListMs > 0 ? listed : undefined,
    largestPageSize,
    edges: createPhoneEdges(keepMs > 0),
    ordered: createOrderedPhones(lists, clock),
    codecs: options,
    clock,
    readsAhead: keepMs > 0,
    listMaxCalls,
  };

  return {
    open: (bounds) =>
      new PhonesOfRequest(shared, bounds, new CallBudget({ calls: callBudget, parallel: parallelCalls })),
    findTotal: (appId) => memories.forApp(appId).getTotal(),
  };
}
