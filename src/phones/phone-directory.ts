import DataLoader from 'dataloader';
import { createListedAccounts } from '../census/listed-accounts.ts';
import { type CensusOutcome, createWholeLists } from '../census/whole-lists.ts';
import { type BackgroundClock, systemClock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import type { Phone } from '../domain/phone.ts';
import type { RequestBounds } from '../domain/requester.ts';
import type { Secret } from '../domain/secret.ts';
import { ListTooLongError } from '../errors/request-errors.ts';
import { UpstreamInconsistentError } from '../errors/upstream-errors.ts';
import type { ItnioClient, SipPage } from '../itnio/sip-page.ts';
import { createAppMemories } from '../lists/app-memory.ts';
import { createLargestPageSize } from '../lists/largest-page-size.ts';
import { createPageSource } from '../lists/page-source.ts';
import { createRowCache } from '../lists/row-cache.ts';
import { createSingleFlight } from '../lists/single-flight.ts';
import type { CursorCodec } from '../paging/cursor.ts';
import type { ValueCursorCodec } from '../paging/value-cursor.ts';
import { parseWindow } from '../paging/window.ts';
import { CallBudget } from './call-budget.ts';
import { createListReader, type ListReader } from './list-reader.ts';
import { loadAccounts, loadPasswords } from './load-accounts.ts';
import { type LoadedWindow, loadWindow } from './load-window.ts';
import { createOrderedPhones, DEFAULT_ORDER, type OrderedRequest } from './ordered-phones.ts';
import { createBareWindow, createPhoneWindow, createRunEdges } from './phone-window.ts';
import type { PhoneDirectory, PhoneListArguments, PhoneWindow, RequestPhones, WindowNeed } from './phones.ts';
import { RequestCost } from './request-cost.ts';

/** Calls of the longest list that is read whole because its own order does not hold. */
const MAX_HEALING_CALLS = 8;

export interface PhoneDirectoryOptions {
  readonly client: Pick<ItnioClient, 'sipQuery'>;
  /** What reads and writes the cursors of a request that opens now. */
  readonly cursorCodec: () => CursorCodec;
  /** The same for cursors of lists that are filtered or have an order of their own. */
  readonly valueCursorCodec: () => ValueCursorCodec;
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

export function createPhoneDirectory(options: PhoneDirectoryOptions): PhoneDirectory {
  const { client, cursorCodec, keepMs, log } = options;
  const { clock = systemClock, keepListMs = 0, listMaxCalls = () => 120, valueCursorCodec } = options;
  const { callBudget = CALLS_PER_REQUEST, parallelCalls = 8, callTimeoutMs = () => 8000 } = options;
  const cache = createRowCache({ keepMs, clock });
  const memories = createAppMemories(log, clock);
  const edges = createRunEdges(keepMs > 0);
  const listedAccounts = createListedAccounts(clock);
  const largestPageSize = createLargestPageSize(clock);
  const singleFlight = createSingleFlight<SipPage>(clock);
  const pages = createPageSource({
    client,
    singleFlight,
    largestPageSize,
    memories,
    log,
    clock,
    callTimeoutMs,
  });

  const ordered = createOrderedPhones({
    lists: createWholeLists({
      pages,
      clock,
      keepMs: keepListMs,
      getMaxCalls: listMaxCalls,
      getLargestPageSize: largestPageSize.get,
      memories,
      listed: listedAccounts,
      onEnd: options.onCensus,
    }),
    codecs: { cursorCodec, valueCursorCodec },
    clock,
  });

  function openList(
    appId: string,
    request: {
      bounds: RequestBounds;
      openedAt: number;
      cost: RequestCost;
      budget: CallBudget;
      codec: CursorCodec;
    },
  ) {
    const reader = createListReader({
      // Not spread: an object with so many properties would become a slow one, for each request.
      bounds: request.bounds,
      openedAt: request.openedAt,
      cost: request.cost,
      budget: request.budget,
      clock,
      appId,
      pages,
      cache,
      memory: memories.forApp(appId),
      listed: keepListMs > 0 ? listedAccounts.forApp(appId) : undefined,
      largestPageSize,
      readsAhead: keepMs > 0,
    });
    // Most requests ask for windows alone.
    let phones: DataLoader<string, Phone | null> | undefined;
    let passwords: DataLoader<string, Secret | null> | undefined;
    return {
      reader,
      cursors: request.codec.forApp(appId),
      loadPhone(account: string) {
        phones ??= createPhoneLoader(reader);
        return phones.load(account);
      },
      loadPassword(account: string) {
        passwords ??= new DataLoader((accounts) => loadPasswords(reader, accounts));
        return passwords.load(account);
      },
    };
  }

  return {
    findTotal: (appId) => memories.forApp(appId).getTotal(),
    open(bounds): RequestPhones {
      const cost = new RequestCost();
      const request = {
        bounds,
        openedAt: clock.monotonicNow(),
        cost,
        budget: new CallBudget({ calls: callBudget, parallel: parallelCalls }),
        codec: cursorCodec(),
      };
      const lists = new Map<string, ReturnType<typeof openList>>();
      const listOf = (appId: string) => {
        const opened = lists.get(appId) ?? openList(appId, request);
        lists.set(appId, opened);
        return opened;
      };

      async function loadOrdered(appId: string, asked: OrderedRequest): Promise<PhoneWindow> {
        const window = await ordered.loadWindow(appId, asked, { bounds, watcher: cost });
        cost.rowsUsed += window.nodes.length;
        return window;
      }

      /** A list without an order is read in account order, from its first page on, where it is short. */
      function findHealed(appId: string, args: PhoneListArguments): OrderedRequest | undefined {
        const memory = memories.forApp(appId);
        if (args.after || args.before || !memory.isDisordered()) return undefined;
        const total = memory.getTotal() ?? Number.POSITIVE_INFINITY;
        const maxCalls = Math.min(MAX_HEALING_CALLS, listMaxCalls());
        return largestPageSize.getWholePlan().count(total, maxCalls) > maxCalls
          ? undefined
          : ordered.parse(appId, { ...args, orderBy: DEFAULT_ORDER });
      }

      function loadInVendorOrder(
        appId: string,
        args: PhoneListArguments,
        need: WindowNeed,
      ): PhoneWindow | Promise<PhoneWindow> {
        const { reader, cursors } = listOf(appId);
        const window = parseWindow(args, cursors);
        if (need === 'nothing') return createBareWindow(0);
        if (need === 'count') return countPhones(reader);
        const present = (loaded: LoadedWindow): PhoneWindow => {
          const { lo, hi } = loaded.span;
          cost.rowsUsed += hi - lo;
          cost.rowsKept += reader.rows.countKept(lo, hi);
          return createPhoneWindow(loaded, window.size, edges.of(loaded.run, cursors));
        };
        const loaded = loadWindow(reader, window);
        return loaded instanceof Promise ? loaded.then(present) : present(loaded);
      }

      return {
        cost,
        loadWindow(appId, args, need) {
          try {
            const ofWholeList = ordered.parse(appId, args);
            if (ofWholeList !== undefined)
              return need === 'nothing' ? createBareWindow(0) : loadOrdered(appId, ofWholeList);
            const inAccountOrder = need === 'rows' ? findHealed(appId, args) : undefined;
            if (inAccountOrder !== undefined)
              return loadOrdered(appId, inAccountOrder).catch((error: unknown) => {
                const isUnread =
                  error instanceof UpstreamInconsistentError || error instanceof ListTooLongError;
                if (isUnread) return loadInVendorOrder(appId, args, need);
                throw error;
              });
            return loadInVendorOrder(appId, args, need);
          } catch (error) {
            // A failure is always a rejection: callers need no try beside their catch.
            return Promise.reject(error);
          }
        },
        loadGroups: (appId, first) => ordered.loadGroups(appId, first, { bounds, watcher: cost }),
        loadPhone: (appId, account) => listOf(appId).loadPhone(account),
        loadPassword: ({ appId, account }) => listOf(appId).loadPassword(account),
      };
    },
  };
}

/** The count alone. */
function countPhones(reader: ListReader): PhoneWindow | Promise<PhoneWindow> {
  const total = reader.rows.getTotal();
  return total === undefined ? reader.count(1).then(createBareWindow) : createBareWindow(total);
}

function createPhoneLoader(reader: ListReader): DataLoader<string, Phone | null> {
  return new DataLoader(async (accounts) => {
    const found = await loadAccounts(reader, accounts);
    for (const phone of found.values()) if (!(phone instanceof Error)) reader.cost.rowsUsed++;
    return accounts.map((account) => found.get(account) ?? null);
  });
}
